"""61 points by which the wizard's screens are judged, and what proves each."""
