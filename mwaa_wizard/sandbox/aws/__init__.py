"""The sandbox's AWS: moto on loopback, with authentication, IAM's evaluation logic and AWS's stricter rules."""
