"""Task logs in CloudWatch Logs: which streams a run has, and how they get to the target unchanged."""

from mwaa_wizard.logs.wanted import LogResult, LogWanted

__all__ = ["LogResult", "LogWanted"]
