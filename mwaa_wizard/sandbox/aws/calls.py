"""Which calls were made: counted by caller, region, service and the account whose resource was addressed.

What tests of two accounts look at, and `mwaa-wizard sandbox calls` shows. Counts only; no parameter is kept.
"""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import unquote

from mwaa_wizard.sandbox.aws.authorise.requests.s3 import find_bucket
from mwaa_wizard.sandbox.aws.principal import Principal
from mwaa_wizard.sandbox.aws.request import AwsRequest


@dataclass(frozen=True)
class Kind:
    """What calls are counted by. `caller` is `user/NAME`, `role/NAME` or `root`, of `account`; `region` is the one the
    request was signed for; `owner` is the account whose resource it was about.
    """

    caller: str
    account: str
    region: str
    service: str
    operation: str
    owner: str


class CallCounter:
    """Counts calls as they are authenticated, whether or not they are then allowed; safe to share."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[Kind] = Counter()

    def note(self, request: AwsRequest, principal: Principal, owner: str) -> None:
        """Count one call; a copy from another account's bucket counts for that account, too."""
        kinds = [self._kind(request, principal, owner)]
        if request.service == "s3" and (source := request.header("x-amz-copy-source")):
            bucket = find_bucket(unquote(source).lstrip("/").partition("/")[0])
            if bucket is not None and str(bucket.account_id) != owner:
                kinds.append(self._kind(request, principal, str(bucket.account_id)))
        with self._lock:
            self._counts.update(kinds)

    def _kind(self, request: AwsRequest, principal: Principal, owner: str) -> Kind:
        caller = "root" if principal.kind == "root" else f"{_word(principal)}/{principal.name}"
        operation = request.operation or request.method
        return Kind(caller, principal.account, request.region, request.service, operation, owner)

    def rows(self) -> list[dict[str, Any]]:
        """One dictionary a kind, with its `count`, sorted."""
        with self._lock:
            found = dict(self._counts)
        return [
            {**asdict(kind), "count": count}
            for kind, count in sorted(found.items(), key=lambda pair: tuple(asdict(pair[0]).values()))
        ]


def _word(principal: Principal) -> str:
    return "role" if principal.kind == "assumed-role" else principal.kind
