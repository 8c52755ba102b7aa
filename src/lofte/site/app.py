"""The applications that the server runs: the way in for choices, and Django as WSGI in a fixed pool of
threads."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from lofte.site.store import set_up

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]

THREADS = 8
CHOICES = "/privacy/consent"


def wsgi_app() -> Any:
    """Django."""
    set_up()
    from django.core.wsgi import get_wsgi_application

    return get_wsgi_application()


def asgi_app(threads: int = THREADS) -> Asgi:
    """What uvicorn runs. Django's own ASGI handler was two to ten times slower for our pages, so
    every page runs in the pool; what a visitor chose needs no page, and is taken in before it."""
    from a2wsgi import WSGIMiddleware

    from lofte.site.consents import way_in

    pages: Any = WSGIMiddleware(wsgi_app(), workers=threads)

    choices = way_in()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == CHOICES:
            await choices(scope, receive, send)
        elif scope["type"] in {"http", "lifespan"}:
            await pages(scope, receive, send)

    return app


def __getattr__(name: str) -> Any:
    """`wsgi` for other servers and for Django's tools, made when it is asked for."""
    if name == "wsgi":
        return wsgi_app()
    raise AttributeError(name)
