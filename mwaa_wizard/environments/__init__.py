"""Settings of environments: what CreateEnvironment takes, what a clone needs, what can be looked up."""
