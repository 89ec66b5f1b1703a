"""Minimal: what is recorded of real runs shows of each part of a policy that something fails without it."""
