"""Whether this machine reaches the web servers: a private one only answers inside its VPC.

Source: MWAA user guide configuring-networking, access-mwaa-apache-airflow-rest-api.
"""

from __future__ import annotations

import contextlib
import socket
from urllib.parse import urlsplit

from mwaa_wizard.environments import versions
from mwaa_wizard.execution import sides
from mwaa_wizard.execution.context import Context
from mwaa_wizard.i18n import _, listed
from mwaa_wizard.preflight import network
from mwaa_wizard.preflight.finding import Finding, Findings, label, target_values

TIMEOUT = 3.0


def source(ctx: Context) -> Findings:
    """The source's web server as it is: a private one is tried."""
    name, found = label("source", _("web server")), sides.environment(ctx, "source")
    mode = str(found.get("WebserverAccessMode", "PRIVATE_ONLY"))
    if mode != "PRIVATE_ONLY":
        yield Finding(name, "pass", mode)
        return
    url = str(found.get("WebserverUrl", ""))
    if _reaches(url):
        yield Finding(name, "pass", _("{mode}, and {url} answers here").format(mode=mode, url=url))
    else:
        yield Finding(name, "warn", _("{mode}, and {url} is not reached from here").format(mode=mode, url=url or "—"),
                      _("Run the wizard inside the VPC (or through a VPN or proxy into it)."))  # fmt: skip


def target(ctx: Context) -> Findings:
    """The target's web server as it will be."""
    name, values = label("target", _("web server")), target_values(ctx)
    mode = str(values.get("WebserverAccessMode", "PRIVATE_ONLY"))
    version = versions.parse(str(values.get("AirflowVersion", "")))
    if mode == "PUBLIC_ONLY" and version >= (3,) and (closed := network.closed_subnets(ctx)):
        yield Finding(name, "fail", _("{mode} with Airflow 3, and {ids} have no way out").format(
            mode=mode, ids=listed(closed)),
            _("Tasks of Airflow 3 call the web server: choose PRIVATE_ONLY, or PUBLIC_AND_PRIVATE (3.2.1 and newer), "
              "or route to a NAT gateway."))  # fmt: skip
    elif mode == "PRIVATE_ONLY":
        yield Finding(name, "warn", _("{mode}: it answers inside its VPC only").format(mode=mode),
                      _("Run the wizard where that VPC can be reached, or choose PUBLIC_ONLY."))  # fmt: skip
    else:
        yield Finding(name, "pass", mode)


def _reaches(url: str) -> bool:
    """Whether a TCP connection to the web server can be made; nothing is sent."""
    place = urlsplit(url if "//" in url else f"https://{url}")
    if not place.hostname:
        return False
    with contextlib.suppress(OSError, ValueError):
        socket.create_connection((place.hostname, place.port or 443), TIMEOUT).close()
        return True
    return False
