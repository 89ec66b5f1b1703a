"""Text captures of every page, kept as snapshots, and pictures of them for the eye."""
