"""The wizard as plain lines: every page as numbered questions, the run as one line an event. No redrawing, no cursor
moves, so that screen readers, dumb terminals and pipes can follow it.
"""
