"""The points by what they are about, in the order of the page."""
