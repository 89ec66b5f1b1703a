"""AWS's rules where moto is laxer: before a request reaches moto, and on its answer."""
