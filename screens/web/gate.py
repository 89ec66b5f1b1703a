"""Who may use the served wizard: one browser of this machine, which was given the address with its one-time token.

textual-serve has no authentication. The token in the address is exchanged, once, for a cookie; every other request
needs the cookie, the exact host (a page that rebinds its name to 127.0.0.1 has another one) and, where the browser
sends one, the exact origin. The websocket that types into the wizard must send it.
"""

from __future__ import annotations

import hmac
import secrets
from typing import TYPE_CHECKING

from aiohttp import web

from mwaa_wizard.i18n import _

if TYPE_CHECKING:
    from aiohttp.typedefs import Handler, Middleware


class Gate:
    """Middleware for all that is served on `host:port`."""

    def __init__(self, host: str, port: int) -> None:
        self.token = secrets.token_urlsafe(32)
        self._cookie = secrets.token_urlsafe(32)
        self._used = False
        self.place = f"{host}:{port}"
        # Cookies know no ports: another wizard on this machine must not overwrite this one's.
        self.cookie_name = f"mwaa_wizard_{port}"

    @property
    def url(self) -> str:
        """The address to open, once."""
        return f"http://{self.place}/?token={self.token}"

    def middleware(self) -> Middleware:
        """As aiohttp takes it."""

        @web.middleware
        async def gate(request: web.Request, handler: Handler) -> web.StreamResponse:
            refused = self._refused(request)
            if refused:
                return self._guarded(web.Response(status=403, text=refused + "\n"))
            if "token" in request.query:
                return self._guarded(self._exchange(request))
            if not self._has_cookie(request):
                text = _("Open the address that the terminal printed.") + "\n"
                return self._guarded(web.Response(status=403, text=text))
            try:
                response = await handler(request)
            except web.HTTPException as other:
                self._guarded(other)
                raise
            return response if response.prepared else self._guarded(response)

        return gate

    def _refused(self, request: web.Request) -> str:
        if request.headers.get("Host", "") != self.place:
            return _("This address is served as {place} only.").format(place=self.place)
        origin = request.headers.get("Origin")
        needs_origin = request.headers.get("Upgrade", "").lower() == "websocket" or request.path == "/ws"
        if (origin is not None or needs_origin) and origin != f"http://{self.place}":
            return _("Another page may not use this one.")
        if request.method not in ("GET", "HEAD"):
            return _("Only reading is served.")
        return ""

    def _exchange(self, request: web.Request) -> web.Response:
        """The cookie for the token; a second use of it is refused, whoever comes."""
        given = request.query.get("token", "")
        right = hmac.compare_digest(given.encode(), self.token.encode())
        if not right or self._used or request.path != "/" or request.method != "GET":
            return web.Response(
                status=403,
                text=_("This token is wrong or was used already. Start mwaa-wizard serve again for a new one.") + "\n",
            )
        self._used = True
        # Away from the address with the token in it, so that it is not in the bar, the history or a referrer.
        response = web.Response(status=303, headers={"Location": "/"})
        response.set_cookie(self.cookie_name, self._cookie, httponly=True, samesite="Strict", path="/")
        return response

    def _has_cookie(self, request: web.Request) -> bool:
        given = request.cookies.get(self.cookie_name, "")
        return hmac.compare_digest(given.encode(), self._cookie.encode())

    def _guarded(self, response: web.StreamResponse) -> web.StreamResponse:
        """Nothing from elsewhere, nothing kept, nothing told on."""
        own = f"'self' ws://{self.place}"
        response.headers.update({
            "Content-Security-Policy": f"default-src 'self'; connect-src {own}; script-src 'self' 'unsafe-inline'; "
            "style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; frame-ancestors 'none'; "
            "base-uri 'none'; form-action 'none'",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "Cache-Control": "no-store",
        })  # fmt: skip
        return response
