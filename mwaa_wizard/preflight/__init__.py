"""Looks at both sides before anything is changed: one file a family of checks, each telling evidence and remedy."""
