"""The wizard in a browser of this machine: textual-serve behind a gate of our own. Needs the extra `web`."""
