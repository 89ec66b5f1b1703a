"""Planted secrets and hostile names are looked for in all that the wizard shows, writes and sends to a terminal."""
