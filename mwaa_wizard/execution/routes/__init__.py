"""One file a route: the steps that carry it out. Their names and rules: environments/routes."""
