"""A client of the API in one file, with nothing but Python's standard library.

    export LOFTE_API=https://dataskydd.example/api/v1 LOFTE_TOKEN=lofte_...
    python lofte_client.py receive access erasure --email anna@kund.example --words "Ge mig allt."
    python lofte_client.py list --open
    python lofte_client.py show 2026-000123
    python lofte_client.py package 2026-000123 answer.zip
    python lofte_client.py hand-in helpdesk ticket-17 --words "Jag vill ha ut mina uppgifter."

The token, and the secret of a source (LOFTE_SOURCE_SECRET), come from the environment: an argument is seen by
others. Take the class `Lofte`, and `signed_by_lofte` for webhooks, into a program of your own.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import hmac
import json
import os
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

TRIES = 4
AGAIN = {f"urn:lofte:problem:{each}" for each in ("under-way", "too-many", "closed")}
"""What goes over by itself."""


class Problem(Exception):
    """What went wrong, as Löfte tells it (RFC 9457)."""

    def __init__(self, said: Mapping[str, Any]) -> None:
        places = [f"  {each['at']}: {each['what']} {each.get('mend', '')}" for each in said.get("where", ())]
        super().__init__("\n".join([f"{said['detail']} {said.get('mend', '')}".strip(), *places]))
        self.type, self.status = said["type"], said["status"]


class _Straight(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: the token is for one address."""

    def redirect_request(self, *_: Any) -> None:
        """None = the answer is what it is."""


class Lofte:
    """The API, at its address, with a token."""

    def __init__(self, address: str, token: str = "", timeout: float = 30) -> None:
        if not address.startswith(("https://", "http://localhost", "http://127.0.0.1")):
            raise ValueError("the address of the API begins with https://")
        self.address, self.token, self.timeout = address.rstrip("/"), token, timeout
        self._open = urllib.request.build_opener(_Straight).open

    def receive(self, rights: list[str], identities: Mapping[str, str], **more: Any) -> Any:
        """What somebody asks: a case, with a request for each right."""
        named = [{"kind": kind, "value": value} for kind, value in identities.items()]
        return self.post("/cases", {"rights": rights, "identities": named, **more})

    def requests(self, **which: str) -> Iterator[Any]:
        """The requests, the most urgent first, page by page."""
        cursor: str | None = ""
        while cursor is not None:
            page = self.get("/requests", **which, **({"cursor": cursor} if cursor else {}))
            yield from page["items"]
            cursor = page["next"]

    def read(self, number: str) -> Any:
        """A request: its state, its clock, what was decided."""
        return self.get(f"/requests/{number}")

    def propose_refusal(self, number: str, ground: str, why: str) -> Any:
        """A refusal for another person to decide on."""
        return self.post(f"/requests/{number}/proposals", {"what": "refusal", "ground": ground, "why": why})

    def plan(self, number: str) -> Any:
        """What an erasure would come to, in counts; its digest is what is approved."""
        return self.post(f"/requests/{number}/plan")

    def approve(self, number: str, digest: str, wide: str = "") -> Any:
        """Let an erasure be carried out as somebody has seen it."""
        return self.post(f"/requests/{number}/approval", {"digest": digest, "wide": wide})

    def place_hold(self, identities: Mapping[str, str], case: str, review_on: str, why: str) -> Any:
        """Keep what would go, for a legal claim."""
        named = [{"kind": kind, "value": value} for kind, value in identities.items()]
        said = {"kind": "legal_claim", "identities": named, "case": case, "review_on": review_on, "why": why}
        return self.post("/holds", said)

    def package(self, number: str, out: Path) -> None:
        """The person's data, as a file that only you can read."""
        content = self._ask("POST", f"/requests/{number}/package", b"", {})
        with open(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)

    def hand_in(self, source: str, secret: str, id_: str, message: Mapping[str, Any]) -> Any:
        """Hand in a message of a person; a source signs, and has no token."""
        body, now = json.dumps(message).encode(), str(int(time.time()))
        signed = {
            "webhook-id": id_,
            "webhook-timestamp": now,
            "webhook-signature": signature(secret, id_, now, body),
        }
        return json.loads(self._ask("POST", f"/inbound/{source}", body, signed))

    def get(self, path: str, **which: str) -> Any:
        """Look at something."""
        return json.loads(self._ask("GET", f"{path}?{urlencode(which)}" if which else path, b"", {}))

    def post(self, path: str, said: Any = None) -> Any:
        """Change something, once, however often it must be asked."""
        body = b"" if said is None else json.dumps(said).encode()
        answer = self._ask("POST", path, body, {"Idempotency-Key": str(uuid.uuid4())})
        return json.loads(answer) if answer else None

    def _ask(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> bytes:
        sent = {**headers, **({"Authorization": f"Bearer {self.token}"} if self.token else {})}
        if body:
            sent["Content-Type"] = "application/json"
        request = urllib.request.Request(self.address + path, body or None, sent, method=method)  # noqa: S310
        for left in reversed(range(TRIES)):
            try:
                with self._open(request, timeout=self.timeout) as answer:
                    content: bytes = answer.read()
                    return content
            except urllib.error.HTTPError as error:
                said = _problem(error)
                if not left or said["type"] not in AGAIN:
                    raise Problem(said) from None
                time.sleep(min(float(error.headers.get("Retry-After") or 2), 60))
        raise AssertionError("the last try returns or raises")


def signature(secret: str, id_: str, timestamp: str, body: bytes) -> str:
    """As Standard Webhooks signs."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    said = f"{id_}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, said, hashlib.sha256).digest()).decode()


def signed_by_lofte(secret: str, headers: Mapping[str, str], body: bytes) -> bool:
    """Whether this webhook call is Löfte's, and of the last five minutes. `headers` in small letters."""
    id_, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not timestamp.isdigit() or abs(time.time() - int(timestamp)) > 300:
        return False
    right = signature(secret, id_, timestamp, body)
    shown = headers.get("webhook-signature", "").split()
    return any(hmac.compare_digest(right.encode(), each.encode()) for each in shown)


def _problem(error: urllib.error.HTTPError) -> Mapping[str, Any]:
    try:
        said = json.loads(error.read())
        if isinstance(said, dict) and {"type", "status", "detail"} <= said.keys():
            return said
    except ValueError:
        pass
    return {"type": "about:blank", "status": error.code, "detail": f"The answer was {error.code}."}


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line says."""
    given = _parser().parse_args(arguments)
    if not given.api:
        print("say where the API is: --api, or LOFTE_API", file=sys.stderr)
        return 2
    try:
        lofte = Lofte(given.api, os.environ.get("LOFTE_TOKEN", ""))
        for each in _done(lofte, given):
            print(json.dumps(each, ensure_ascii=False))
    except (Problem, OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _done(lofte: Lofte, given: argparse.Namespace) -> Iterator[Any]:
    if given.command == "receive":
        kinds = ("email", "personnummer", "customer_no", "phone")
        identities = {kind: value for kind in kinds if (value := getattr(given, kind))}
        yield lofte.receive(given.rights, identities, channel=given.channel, words=given.words)
    elif given.command == "list":
        yield from lofte.requests(**({"open": "true"} if given.open else {}))
    elif given.command == "show":
        yield lofte.read(given.number)
    elif given.command == "package":
        lofte.package(given.number, given.out)
    else:
        secret = os.environ.get("LOFTE_SOURCE_SECRET", "")
        message = {"words": given.words, "subject": given.subject, "sender": given.sender}
        yield Lofte(lofte.address).hand_in(given.source, secret, given.id, message)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Talk to Löfte from the command line.")
    parser.add_argument("--api", default=os.environ.get("LOFTE_API", ""), help="the address, to /api/v1")
    commands = parser.add_subparsers(dest="command", required=True)
    receive = commands.add_parser("receive", help="write down what somebody asks")
    receive.add_argument("rights", nargs="+", help="access, erasure, rectification, ...")
    for kind in ("email", "personnummer", "customer-no", "phone"):
        receive.add_argument(f"--{kind}", default="")
    receive.add_argument("--words", default="")
    receive.add_argument("--channel", default="api", choices=("chat", "ticket", "api"))
    listed = commands.add_parser("list", help="the requests, the most urgent first")
    listed.add_argument("--open", action="store_true", help="those that are not answered")
    commands.add_parser("show", help="one request").add_argument("number")
    package = commands.add_parser("package", help="fetch the person's data")
    package.add_argument("number")
    package.add_argument("out", type=Path)
    hand_in = commands.add_parser("hand-in", help="hand in a message from a ticket or a chat")
    hand_in.add_argument("source")
    hand_in.add_argument("id")
    for name in ("words", "subject", "sender"):
        hand_in.add_argument(f"--{name}", default="", required=name == "words")
    return parser


if __name__ == "__main__":
    sys.exit(main())
