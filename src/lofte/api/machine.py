"""The API's own frame: how a route is made, and how what goes wrong in one is told.

django-ninja reads the question and writes the document; its pages are turned off, for they fetch scripts
from elsewhere.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.parser import Parser

from lofte.accounts.scopes import Scope
from lofte.api.door import Shown, guarded, signed
from lofte.api.problem import INVALID, MALFORMED, NOT_THERE, Problem, Where, of_error
from lofte.errors import LofteError

VERSION = "1.0.0"
DESCRIPTION = """Requests of the registered (GDPR art. 12-22), from receipt to answer, for ticket systems,
chats and programs of your own. Nothing here gives personal data but the package itself. Every question
carries a token; a question that changes something may carry an Idempotency-Key. What goes wrong is told as
`application/problem+json` (RFC 9457), with where it is and how to mend it. Days are Swedish civil days;
moments have an offset."""
View = TypeVar("View", bound=Callable[..., Any])

_WAY = re.compile(r"^(str-enum|function-\w+|list|union)\[")
"""The part of a place that says which of two ways of writing was tried."""


class Reader(Parser):
    """Reads JSON as RFC 8259 has it: no NaN, no key twice."""

    def parse_body(self, request: HttpRequest) -> Any:
        """What the body says. Raises Problem."""
        try:
            return json.loads(request.body, object_pairs_hook=_once, parse_constant=_none)
        except (ValueError, RecursionError) as error:
            raise Problem(
                MALFORMED, "The body is not JSON.", mend="Send one JSON object, in UTF-8."
            ) from error


machine = NinjaAPI(
    title="Löfte",
    version=VERSION,
    description=DESCRIPTION.replace("\n", " "),
    openapi_url=None,
    docs_url=None,
    urls_namespace="api",
    parser=Reader(),
)


def route(
    method: str,
    path: str,
    scope: Scope | None,
    *,
    gives: Mapping[int, Any],
    tag: str,
    extra: Mapping[str, Any] | None = None,
) -> Callable[[View], View]:
    """A route for whoever has this scope; None = for whoever signs what they send. Its docstring is what
    the document says of it: the first line in short, and then the rest."""

    def made(view: View) -> View:
        short, _, long = (view.__doc__ or "").strip().partition("\n\n")
        said = dict(extra or {})
        if scope is not None:
            said["x-scope"] = str(scope)
        decorate = guarded(scope) if scope is not None else signed
        machine.api_operation(
            [method],
            path,
            auth=Shown() if scope is not None else None,
            response=dict(gives),
            operation_id=view.__name__,
            summary=" ".join(short.split()),
            description=" ".join(long.split()) or None,
            tags=[tag],
            openapi_extra=said,
            url_name=view.__name__,
        )(decorate(view))
        return view

    return made


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands there twice")
    return found


def _none(name: str) -> None:
    raise ValueError(f"{name} is no number")


def _invalid(request: HttpRequest, error: Any) -> HttpResponse:
    """Each thing that will not do, by its place: names that we know, and never what was sent there."""
    assert isinstance(error, ValidationError)
    # Of what may be written in two ways, the first that will not do is told for both.
    first = {_at(each): each for each in reversed(error.errors)}
    where = [Where(at=at, what=_what(each)) for at, each in reversed(first.items())]
    return Problem(INVALID, "What was sent is not as the document says.", where=where).answer()


def _at(error: Mapping[str, Any]) -> str:
    place = [str(part) for part in error["loc"] if part != "given" and not _WAY.match(str(part))]
    # The name of a key that we do not know was written by whoever sent it.
    return ".".join(place[:-1] if error["type"] == "extra_forbidden" else place)


def _what(error: Mapping[str, Any]) -> str:
    return "There is a key here that is not known." if error["type"] == "extra_forbidden" else error["msg"]


@machine.exception_handler(Problem)
def _problem(request: HttpRequest, error: Any) -> HttpResponse:
    answer: HttpResponse = error.answer()
    return answer


@machine.exception_handler(LofteError)
def _error(request: HttpRequest, error: Any) -> HttpResponse:
    return of_error(error).answer()


@machine.exception_handler(Http404)
def _not_there(request: HttpRequest, error: Any) -> HttpResponse:
    return Problem(NOT_THERE, "There is nothing with this name.", mend="Look at the list.").answer()


@machine.exception_handler(HttpError)
def _unread(request: HttpRequest, error: Any) -> HttpResponse:
    return Problem(MALFORMED, "The question cannot be read.", mend="Write it as the document says.").answer()


machine.add_exception_handler(ValidationError, _invalid)
