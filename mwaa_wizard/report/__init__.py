"""The verification report: what was compared, what differs and why, what is left to do."""
