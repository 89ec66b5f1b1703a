"""`make bench-ui`: what a person feels of the screens, measured in real pseudo terminals."""
