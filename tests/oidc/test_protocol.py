"""Who the broker vouches for is believed, and nobody else."""

from __future__ import annotations

import base64
import hmac
import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from lofte.datamap.document import Kind
from lofte.datamap.identity import Identity
from lofte.errors import NotIdentified, Refused, Unreachable
from lofte.portal import oidc
from tests.oidc.conftest import BACK, answered, the_broker
from tests.oidc.persons import ANNA, EID, SECRET

NO_ALGORITHM, SHARED = b'{"alg":"none"}', b'{"alg":"HS256"}'
ANNAS = (Identity(kind=Kind.PERSONNUMMER, value=ANNA),)


def now() -> datetime:
    return datetime.now(UTC)


def signed_in(issuer: str, visit: Any, *, as_: str = "anna", **more: Any) -> tuple[Identity, ...]:
    broker = the_broker(issuer, **more)
    address, begun = oidc.begin(broker, BACK, "sv", now())
    return oidc.end(broker, BACK, begun, answered(visit(address, as_=as_)), now())


@pytest.mark.parametrize("who", ["anna", "spelled"])
def test_whoever_signs_in_with_e_id_is_known_by_their_number(provider, visit, who):
    assert signed_in(provider, visit, as_=who) == ANNAS


@pytest.mark.parametrize("who", ["password", "nothing"])
def test_a_sign_in_without_an_e_id_is_none(provider, visit, who):
    with pytest.raises(NotIdentified, match="e-ID"):
        signed_in(provider, visit, as_=who)


@pytest.mark.parametrize("who", ["nobody", "wrong", "list"])
def test_a_claim_that_is_no_number_names_nobody(provider, visit, who):
    with pytest.raises(NotIdentified, match="who this is"):
        signed_in(provider, visit, as_=who)


def test_the_certified_provider_says_no_acr_and_is_refused(certified, visit):
    with pytest.raises(NotIdentified, match="e-ID"):
        signed_in(certified, visit)


def test_the_certified_provider_is_understood_but_for_its_acr(certified, visit, monkeypatch):
    """All else of the exchange holds with it: PKCE, nonce, `iss`, the signature, the claim."""
    judged = oidc._claims

    def with_acr(*given: Any) -> dict[str, Any]:
        return {**judged(*given), "acr": EID}

    monkeypatch.setattr(oidc, "_claims", with_acr)
    assert signed_in(certified, visit) == ANNAS


def test_what_is_asked_of_the_broker(provider):
    address, begun = oidc.begin(the_broker(provider), BACK, "en", now())
    asked = dict(parse_qsl(urlsplit(address).query))
    assert asked["response_type"] == "code" and asked["code_challenge_method"] == "S256"
    assert asked["state"] == begun.state and asked["nonce"] == begun.nonce
    assert asked["acr_values"] == EID and asked["ui_locales"] == "en" and asked["prompt"] == "login"
    assert asked["redirect_uri"] == BACK and begun.verifier not in address
    again = oidc.begin(the_broker(provider), BACK, "en", now())[1]
    assert not {again.state, again.nonce, again.verifier} & {begun.state, begun.nonce, begun.verifier}


@pytest.mark.parametrize("which", ["provider", "certified"])
def test_an_answer_that_was_used_is_not_taken_again(which, request, visit):
    broker = the_broker(request.getfixturevalue(which))
    address, begun = oidc.begin(broker, BACK, "sv", now())
    back = answered(visit(address))
    first = oidc._exchanged(broker, BACK, oidc._about(broker, now()), begun, back["code"])
    assert first["id_token"]
    with pytest.raises(NotIdentified):
        oidc.end(broker, BACK, begun, back, now())


def test_the_certified_provider_refuses_a_code_with_another_verifier(certified, visit):
    broker = the_broker(certified)
    address, begun = oidc.begin(broker, BACK, "sv", now())
    other = oidc.Begun(**{**begun.kept(), "verifier": "x" * 64})
    with pytest.raises(NotIdentified, match="own code"):
        oidc.end(broker, BACK, other, answered(visit(address)), now())


@pytest.mark.parametrize(
    "harm",
    [
        {"state": "somebody-elses"},
        {"state": ""},
        {"iss": "https://evil.example"},
        {"error": "access_denied"},
        {"code": ""},
    ],
)
def test_an_answer_to_something_else_is_refused_before_the_broker_is_asked(provider, monkeypatch, harm):
    broker = the_broker(provider)
    _, begun = oidc.begin(broker, BACK, "sv", now())
    monkeypatch.setattr(oidc, "_exchanged", lambda *_: pytest.fail("the broker was asked"))
    with pytest.raises(NotIdentified):
        oidc.end(broker, BACK, begun, {"state": begun.state, "code": "x", **harm}, now())


@pytest.mark.parametrize("later", [timedelta(minutes=11), timedelta(seconds=-1)])
def test_a_sign_in_that_took_too_long_is_over(provider, later):
    broker, at = the_broker(provider), now()
    _, begun = oidc.begin(broker, BACK, "sv", at)
    with pytest.raises(NotIdentified, match="too long"):
        oidc.end(broker, BACK, begun, {"state": begun.state, "code": "x"}, at + later)


def test_whoever_breaks_off_is_told_so(provider, visit):
    broker = the_broker(provider)
    address, begun = oidc.begin(broker, BACK, "sv", now())
    with pytest.raises(NotIdentified, match="broken off"):
        oidc.end(broker, BACK, begun, answered(visit(address, deny=True)) | {"state": begun.state}, now())


def test_a_broker_that_is_down_is_told_apart():
    with pytest.raises(Unreachable):
        oidc.begin(the_broker("http://localhost:9"), BACK, "sv", now())


class Liar:
    """A broker that says what it is told to."""

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, parameters={"kid": "1"})
        self.about: dict[str, Any] = {}
        self.header: dict[str, Any] = {"alg": "RS256", "kid": "1"}
        self.claims: dict[str, Any] = {}
        self.signs_with: Any = self.key
        self.unsigned, self.by_hand = False, b""
        self.status = 200
        self.issuer = ""
        self.asked: list[str] = []

    def said(self, path: str) -> Any:
        self.asked.append(path)
        if path.endswith("openid-configuration"):
            here = {"issuer": self.issuer, "authorization_endpoint": f"{self.issuer}/go"}
            return here | {"token_endpoint": f"{self.issuer}/t", "jwks_uri": f"{self.issuer}/k"} | self.about
        if path == "/k":
            return {"keys": [self.key.as_dict(private=False)]}
        return {"access_token": "a", "token_type": "Bearer", "id_token": self.token()}

    def token(self) -> str:
        made = jwt.encode(self.header, self.claims, self.signs_with, algorithms=["RS256", "HS256", "RS512"])
        body = made.split(".")[1]
        if self.by_hand:
            signed = f"{_url(SHARED)}.{body}"
            return f"{signed}.{_url(hmac.digest(self.by_hand, signed.encode(), 'sha256'))}"
        return f"{_url(NO_ALGORITHM)}.{body}." if self.unsigned else made


def _url(said: bytes) -> str:
    return base64.urlsafe_b64encode(said).decode().rstrip("=")


@pytest.fixture(scope="module")
def server() -> Iterator[Liar]:
    liar = Liar()

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            body = json.dumps(liar.said(self.path)).encode()
            self.send_response(liar.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = _answer

        def log_message(self, *_: Any) -> None:
            pass

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    liar.issuer = f"http://localhost:{httpd.server_port}"
    threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield liar
    httpd.shutdown()


@pytest.fixture
def liar(server: Liar) -> Liar:
    at = int(now().timestamp())
    server.about, server.header, server.status = {}, {"alg": "RS256", "kid": "1"}, 200
    server.by_hand = b""
    server.unsigned, server.signs_with, server.asked = False, server.key, []
    server.claims = {
        "iss": server.issuer,
        "aud": "lofte",
        "sub": "1",
        "exp": at + 300,
        "iat": at,
        "acr": EID,
        "ssn": ANNA,
    }
    return server


def told_by(liar: Liar, **answer: str) -> tuple[Identity, ...]:
    broker = the_broker(liar.issuer)
    _, begun = oidc.begin(broker, BACK, "sv", now())
    liar.claims.setdefault("nonce", begun.nonce)
    return oidc.end(broker, BACK, begun, {"state": begun.state, "code": "c", **answer}, now())


def test_an_honest_token_is_believed(liar):
    assert told_by(liar) == ANNAS


def _at(**delta: int) -> int:
    return int((now() + timedelta(**delta)).timestamp())


LIES: dict[str, Callable[[], dict[str, Any]]] = {
    "for another client": lambda: {"aud": "other"},
    "for another client, by us": lambda: {"aud": "other", "azp": "lofte"},
    "for us and others, by another": lambda: {"aud": ["lofte", "other"], "azp": "other"},
    "from another issuer": lambda: {"iss": "https://evil.example"},
    "with another nonce": lambda: {"nonce": "n"},
    "over": lambda: {"exp": _at(minutes=-5)},
    "from the future": lambda: {"iat": _at(minutes=5)},
    "old": lambda: {"iat": _at(minutes=-30)},
    "not before tomorrow": lambda: {"nbf": _at(days=1)},
    "without an e-ID": lambda: {"acr": None},
    "with two acr": lambda: {"acr": [EID]},
    "with an e-ID as part of a word": lambda: {"acr": EID + "x"},
    "of another access token": lambda: {"at_hash": "AAAA"},
    "times as words": lambda: {"exp": "soon", "iat": "now"},
}


@pytest.mark.parametrize("lie", LIES)
def test_a_token_that_is_not_for_this_sign_in_is_refused(liar, lie):
    liar.claims |= LIES[lie]()
    with pytest.raises(NotIdentified):
        told_by(liar)


@pytest.mark.parametrize("claim", ["iss", "aud", "exp", "iat", "sub", "nonce", "acr"])
def test_a_token_that_lacks_a_claim_is_refused(liar, claim):
    liar.claims |= {"nonce": "n"} if claim == "nonce" else {}
    broker = the_broker(liar.issuer)
    _, begun = oidc.begin(broker, BACK, "sv", now())
    liar.claims["nonce"] = begun.nonce
    del liar.claims[claim]
    with pytest.raises(NotIdentified):
        oidc.end(broker, BACK, begun, {"state": begun.state, "code": "c"}, now())


@pytest.mark.parametrize("how", ["nobody", "a shared secret", "our public key", "another key", "too weak"])
def test_a_token_signed_in_a_way_that_is_not_allowed_is_refused(liar, how):
    if how == "nobody":
        liar.unsigned = True
    elif how == "a shared secret":
        liar.header, liar.signs_with = {"alg": "HS256"}, OctKey.import_key(SECRET)
    elif how == "our public key":
        liar.by_hand = liar.key.as_pem(private=False)
    elif how == "another key":
        liar.signs_with = RSAKey.generate_key(2048, parameters={"kid": "1"})
    else:
        liar.header = {"alg": "RS512", "kid": "1"}
    with pytest.raises(NotIdentified):
        told_by(liar)


@pytest.mark.parametrize("seconds", [-50, 50])
def test_clocks_may_differ_by_a_little(liar, seconds):
    liar.claims["iat"] = _at(seconds=seconds)
    assert told_by(liar) == ANNAS


def test_keys_that_the_broker_has_changed_are_fetched_anew(liar):
    told_by(liar)
    liar.claims.pop("nonce")
    address = f"{liar.issuer}/k"
    at, _ = oidc._known[address]
    old = RSAKey.generate_key(2048, parameters={"kid": "0"})
    oidc._known[address] = (at - timedelta(minutes=2), {"keys": [old.as_dict(private=False)]})
    assert told_by(liar) == ANNAS


def test_what_the_broker_says_of_itself_is_asked_once(liar):
    told_by(liar)
    liar.claims.pop("nonce")
    told_by(liar)
    assert liar.asked.count("/k") == 1 and len([p for p in liar.asked if p.endswith("configuration")]) == 1


@pytest.mark.parametrize(
    "harm",
    [
        {"issuer": "https://evil.example"},
        {"authorization_endpoint": "http://evil.example/go"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": None},
    ],
)
def test_a_broker_that_is_not_the_one_in_the_file_is_not_gone_to(liar, harm):
    liar.about = harm
    with pytest.raises(Refused):
        oidc.begin(the_broker(liar.issuer), BACK, "sv", now())


@pytest.mark.parametrize("name", ["token_endpoint", "jwks_uri"])
def test_secrets_and_keys_go_nowhere_unencrypted(liar, name):
    liar.about = {name: "http://10.0.0.1/x"}
    with pytest.raises(Refused):
        told_by(liar)


def test_a_promised_iss_that_is_left_out_is_refused(liar):
    liar.about = {"authorization_response_iss_parameter_supported": True}
    with pytest.raises(NotIdentified, match="from"):
        told_by(liar)
    liar.claims.pop("nonce")
    assert told_by(liar, iss=liar.issuer) == ANNAS


@pytest.mark.parametrize("status", [301, 404, 500])
def test_no_redirect_is_followed_and_no_error_page_believed(liar, status):
    liar.status = status
    with pytest.raises(Unreachable):
        oidc.begin(the_broker(liar.issuer), BACK, "sv", now())
    assert "/elsewhere" not in liar.asked


def test_a_broker_that_floods_is_not_listened_to_for_ever(liar):
    liar.about = {"x": "y" * 600_000}
    with pytest.raises(Refused):
        oidc.begin(the_broker(liar.issuer), BACK, "sv", now())


def test_the_secret_is_printed_nowhere():
    assert SECRET not in repr(the_broker("https://broker.example"))
