"""Logging of Airflow 1.10, whose own settings know no CloudWatch: task logs go to the group that MWAA writes to.

Streams are named as MWAA's 1.10 names them: `dag/task/2026-11-22T00_00_00+00_00/1.log`. The web server shows the file
on this machine. Runs on Python 3.7, inside Airflow.
"""

import copy
import os
import time
from typing import Any

from airflow.config_templates.airflow_local_settings import DEFAULT_LOGGING_CONFIG
from airflow.utils.log.file_task_handler import FileTaskHandler

# One PutLogEvents call: 1,048,576 bytes and 10,000 events, 26 bytes counted on top of each (CloudWatch Logs quotas).
_MAX_BYTES, _MAX_EVENTS, _OVERHEAD = 1000000, 9000, 26


class CloudWatchTaskHandler(FileTaskHandler):  # type: ignore[misc]  # Airflow is followed as Any
    """Writes the file as ever, and uploads it when the task's process ends."""

    def __init__(self, base_log_folder: str, filename_template: str, log_group: str) -> None:
        super().__init__(base_log_folder, filename_template)
        self.log_group = log_group
        self.upload = False
        self.done = False

    def set_context(self, ti: Any) -> None:
        super().set_context(ti)
        self.stream = self._render_filename(ti, ti.try_number).replace(":", "_")
        self.upload = not ti.raw

    def close(self) -> None:
        if self.done:
            return
        self.done = True
        super().close()
        if self.upload and os.path.exists(self.handler.baseFilename):
            try:
                self._put()
            except Exception as error:  # as on MWAA: a role without logs rights loses the log, not the task
                print(f"Task log was not written to CloudWatch: {error}")

    def _put(self) -> None:
        import boto3

        client = boto3.client("logs")
        try:
            client.create_log_stream(logGroupName=self.log_group, logStreamName=self.stream)
        except client.exceptions.ResourceAlreadyExistsException:
            pass
        with open(self.handler.baseFilename, encoding="utf-8", errors="replace") as file:
            lines = [line.rstrip("\n") for line in file if line.strip()]
        now = int(time.time() * 1000)
        token: Any = None
        batch: Any = []
        room = _MAX_BYTES
        for line in [*lines, None]:
            size = 0 if line is None else len(line.encode("utf-8")) + _OVERHEAD
            if batch and (line is None or size > room or len(batch) == _MAX_EVENTS):
                more = {"sequenceToken": token} if token else {}
                answer = client.put_log_events(
                    logGroupName=self.log_group, logStreamName=self.stream, logEvents=batch, **more)
                token, batch, room = answer.get("nextSequenceToken"), [], _MAX_BYTES
            if line is not None:
                batch.append({"timestamp": now, "message": line})
                room -= size


CONFIG = copy.deepcopy(DEFAULT_LOGGING_CONFIG)
CONFIG["handlers"]["task"] = {
    "class": "sandbox_logging.CloudWatchTaskHandler",
    "formatter": "airflow",
    "base_log_folder": CONFIG["handlers"]["task"]["base_log_folder"],
    "filename_template": CONFIG["handlers"]["task"]["filename_template"],
    "log_group": os.environ["MWAA_WIZARD_TASK_LOG_GROUP"],
}
