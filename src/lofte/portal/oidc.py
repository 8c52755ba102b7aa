"""Signing in with e-ID through a broker: OpenID Connect, the code flow with PKCE, nonce and state.

Authlib carries out the exchange and judges the claims of the token; allauth's `socialaccount`, which the
house has already, makes an account of the staff's kind for whoever signs in, and a person who asks has none.

Hard rules (OpenID Connect Core 1.0, RFC 7636, RFC 9207, RFC 9700):
- What is begun is ended once, in the same session, within ten minutes.
- The token is for us, from this broker, for this very sign-in, fresh, and signed in a way that the
  workspace allows. A token without the `acr` of an e-ID is no e-ID, whoever it names.
- We ask the broker only at addresses that are encrypted, follow no redirects, and wait a few seconds.
"""

from __future__ import annotations

import hmac
import json
import secrets
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from lofte.datamap.identity import Identity, canonical
from lofte.errors import NotIdentified, Refused, Unreachable
from lofte.portal.broker import Broker, is_safe

LIVES = timedelta(minutes=10)
LEEWAY = 60
"""Seconds that the broker's clock may differ from ours."""
FRESH = timedelta(minutes=10)
"""How old a token may be."""
KNOWN_FOR = timedelta(minutes=10)
"""How long what the broker says of itself, and its keys, are believed."""
_TIMEOUT = (3.05, 7)
_LARGEST = 512 * 1024
_METHODS = ("client_secret_basic", "client_secret_post")


@dataclass(frozen=True, kw_only=True, slots=True)
class Begun:
    """A sign-in that is under way. It lies in the session."""

    state: str
    nonce: str
    verifier: str
    at: float

    def kept(self) -> dict[str, Any]:
        """For the session."""
        return asdict(self)


def begin(broker: Broker, back: str, language: str, now: datetime) -> tuple[str, Begun]:
    """The broker's address to go to, and what to remember until the person is `back`. Raises Unreachable,
    Refused when the broker is not what it should be."""
    about = _about(broker, now)
    begun = Begun(
        state=secrets.token_urlsafe(32),
        nonce=secrets.token_urlsafe(32),
        verifier=secrets.token_urlsafe(64),
        at=now.timestamp(),
    )
    with _session(broker, back, about) as session:
        address, _ = session.create_authorization_url(
            _endpoint(about, "authorization_endpoint"),
            state=begun.state,
            nonce=begun.nonce,
            code_verifier=begun.verifier,
            acr_values=" ".join(sorted(broker.acr)),
            ui_locales=language,
            prompt="login",
        )
    return str(address), begun


def end(
    broker: Broker, back: str, begun: Begun, answer: Mapping[str, str], now: datetime
) -> tuple[Identity, ...]:
    """What the broker vouches for. Raises NotIdentified when it does not, or the answer is not one to this
    sign-in; Unreachable; Refused."""
    _judge_answer(broker, begun, answer, now)
    about = _about(broker, now)
    if about.get("authorization_response_iss_parameter_supported") and "iss" not in answer:
        raise NotIdentified("the broker's answer does not say who it is from; sign in once more")
    token = _exchanged(broker, back, about, begun, answer["code"])
    claims = _claims(broker, about, begun, token, now)
    acr = claims.get("acr")
    if not isinstance(acr, str) or acr not in broker.acr:
        raise NotIdentified("the broker does not say that this was an e-ID; sign in with one")
    found = tuple(_identities(broker, claims, now.date()))
    if not found:
        raise NotIdentified("the broker does not say who this is; ask those who run this page")
    return found


def _judge_answer(broker: Broker, begun: Begun, answer: Mapping[str, str], now: datetime) -> None:
    age = now.timestamp() - begun.at
    if not 0 <= age <= LIVES.total_seconds():
        raise NotIdentified("it took too long; sign in once more")
    if not hmac.compare_digest(answer.get("state", "").encode(), begun.state.encode()):
        raise NotIdentified("this is no answer to a sign-in begun here; sign in once more")
    if "iss" in answer and answer["iss"] != broker.issuer:
        raise NotIdentified("this answer is from somebody else; sign in once more")
    if not answer.get("code") or "error" in answer:
        raise NotIdentified("the sign-in was broken off; try once more")


def _exchanged(
    broker: Broker, back: str, about: Mapping[str, Any], begun: Begun, code: str
) -> Mapping[str, Any]:
    """The code for a token."""
    try:
        with _session(broker, back, about) as session:
            token = session.fetch_token(
                _endpoint(about, "token_endpoint"),
                grant_type="authorization_code",
                code=code,
                code_verifier=begun.verifier,
                allow_redirects=False,
                timeout=_TIMEOUT,
            )
    except (requests.RequestException, ValueError) as error:
        raise Unreachable("the broker does not answer; try again in a while") from error
    except AuthlibBaseError as error:
        raise NotIdentified("the broker does not take its own code; sign in once more") from error
    if not isinstance(token, Mapping) or not isinstance(token.get("id_token"), str):
        raise NotIdentified("the broker does not say who this is; ask those who run this page")
    return dict(token)


def _claims(
    broker: Broker, about: Mapping[str, Any], begun: Begun, token: Mapping[str, Any], now: datetime
) -> Mapping[str, Any]:
    """The claims of the token, judged."""
    try:
        decoded = _decoded(broker, about, str(token["id_token"]), now)
        claims = CodeIDToken(
            decoded.claims,
            decoded.header,
            options={
                "iss": {"essential": True, "value": broker.issuer},
                "aud": {"essential": True, "value": broker.client_id},
            },
            params={
                "nonce": begun.nonce,
                "client_id": broker.client_id,
                "access_token": token.get("access_token"),
            },
        )
        claims.validate(now=int(now.timestamp()), leeway=LEEWAY)
        issued = float(claims["iat"])
    except (JoseError, AuthlibBaseError, ValueError, KeyError, TypeError) as error:
        raise NotIdentified("the broker's token is not valid here; sign in once more") from error
    age = now.timestamp() - issued
    if not -LEEWAY <= age <= FRESH.total_seconds() + LEEWAY:
        raise NotIdentified("the broker's token is not fresh; see to the clocks, then sign in once more")
    judged: Mapping[str, Any] = claims
    return judged


def _decoded(broker: Broker, about: Mapping[str, Any], id_token: str, now: datetime) -> jwt.Token:
    """The token, its signature checked. Keys that the broker has changed are fetched once."""
    address = _endpoint(about, "jwks_uri")
    try:
        return _checked(broker, _fetched(address, now), id_token)
    except (JoseError, ValueError):
        return _checked(broker, _fetched(address, now, older=timedelta(minutes=1)), id_token)


def _checked(broker: Broker, keys: Any, id_token: str) -> jwt.Token:
    token: jwt.Token = jwt.decode(id_token, KeySet.import_key_set(keys), algorithms=list(broker.algorithms))
    return token


def _identities(broker: Broker, claims: Mapping[str, Any], today: date) -> list[Identity]:
    """What the claims name, in its canonical form; a claim that is not text, or not of its kind, is none."""
    found = []
    for kind, name in broker.claims.items():
        said = claims.get(name)
        value = canonical(kind, said, today) if isinstance(said, str) else None
        if value is not None:
            found.append(Identity(kind=kind, value=value))
    return found


def _session(broker: Broker, back: str, about: Mapping[str, Any]) -> OAuth2Session:
    offered = about.get("token_endpoint_auth_methods_supported") or _METHODS
    return OAuth2Session(
        client_id=broker.client_id,
        client_secret=broker.secret,
        scope=broker.scope,
        redirect_uri=back,
        code_challenge_method="S256",
        token_endpoint_auth_method=next((m for m in _METHODS if m in offered), _METHODS[0]),
    )


def _about(broker: Broker, now: datetime) -> Mapping[str, Any]:
    """What the broker says of itself (OpenID Connect Discovery 1.0)."""
    about = _fetched(broker.issuer.rstrip("/") + "/.well-known/openid-configuration", now)
    if not isinstance(about, dict) or about.get("issuer") != broker.issuer:
        raise Refused("the broker calls itself something else than `issuer` in sign-in.yaml; write it alike")
    return about


def _endpoint(about: Mapping[str, Any], name: str) -> str:
    address = about.get(name)
    if not isinstance(address, str) or not is_safe(address):
        raise Refused(f"the broker's {name} is no encrypted address; ask the broker")
    return address


_known: dict[str, tuple[datetime, Any]] = {}
_lock = threading.Lock()


def _fetched(address: str, now: datetime, *, older: timedelta = KNOWN_FOR) -> Any:
    """What stands at this address, asked for anew when it is `older`. Raises Unreachable."""
    with _lock:
        known = _known.get(address)
    if known is not None and timedelta(0) <= now - known[0] < older:
        return known[1]
    try:
        with requests.get(address, timeout=_TIMEOUT, allow_redirects=False, stream=True) as answer:
            if answer.status_code != 200:
                raise Unreachable("the broker does not answer as it should; try again in a while")
            body = answer.raw.read(_LARGEST + 1, decode_content=True)
        said = json.loads(body) if len(body) <= _LARGEST else None
    except (requests.RequestException, OSError, ValueError) as error:
        raise Unreachable("the broker does not answer; try again in a while") from error
    with _lock:
        _known[address] = (now, said)
    return said
