"""The catalogues: in step with the sources, complete, and nothing visible goes round them."""
