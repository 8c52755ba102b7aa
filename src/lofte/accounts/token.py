"""Tokens: what another program shows so that it may work here (art. 29, 32).

Hard rules:
- A token does what its scopes say and its maker may, judged each time: when the maker is closed or has
  another role, so has the token, at once.
- The secret is shown once and kept as a keyed digest; nobody can read it here afterwards.
- What a token does stands in the ledger under its own random id, which leads to its maker.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from lofte.accounts.models import Handler, Token, TokenEnded
from lofte.accounts.roles import Permission
from lofte.accounts.scopes import NEEDS, Scope
from lofte.errors import Refused
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.execution.store import writing
from lofte.ledger.kinds import Kind, Value

PREFIX = "lofte_"
"""By what a token is known where it should not be, as in a commit."""
LONGEST = timedelta(days=366)
_FORM = re.compile(rf"{PREFIX}([0-9a-f]{{32}})_([A-Za-z0-9_-]{{43}})")
_NAME = re.compile(r"[\w .:/()-]{1,60}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Bearer:
    """A token that was shown and holds, and what it may do now."""

    token: Token
    scopes: frozenset[Scope]

    @property
    def ref(self) -> str:
        """What stands in the ledger for who did it."""
        return self.token.ref


def make(
    house: House, maker: Handler, *, name: str, scopes: Collection[Scope], days: int = 90
) -> tuple[Token, str]:
    """A new token of this handler's, and what the other program shows; that is seen only now. Raises
    Refused for a scope that the handler's own role does not reach."""
    if not maker.may(Permission.MAKE_TOKENS):
        raise Refused("this handler may not make tokens; see `lofte handler list`")
    if not scopes:
        raise Refused("choose at least one scope: what the program is to do, and no more")
    for scope in sorted(scopes):
        if not maker.may(NEEDS[scope]):
            raise Refused(f"your role does not reach {scope}; let a handler make the token who may do that")
    if not _NAME.fullmatch(name.strip()):
        raise Refused("name the program, in at most 60 letters, digits and blanks")
    if not 1 <= days <= LONGEST.days:
        raise Refused(f"a token lives for 1 to {LONGEST.days} days; make a new one when it is out")
    ref, secret = secrets.token_hex(16), secrets.token_urlsafe(32)
    with recorded(house):
        token = Token.objects.create(
            ref=ref,
            name=name.strip(),
            maker=maker,
            scopes=sorted(str(scope) for scope in set(scopes)),
            digest=_digest(house, ref, secret),
            at=house.now,
            until=house.now + timedelta(days=days),
        )
        told: dict[str, Value] = {"scopes": len(token.scopes), "days": days, "by": maker.ref}
        note(Kind.TOKEN_MADE, ref, told, at=house.now, policy_version=house.policy_version)
    return token, f"{PREFIX}{ref}_{secret}"


def end(house: House, token: Token, *, by: str) -> None:
    """End a token now. Ending it again changes nothing."""
    with recorded(house):
        ended(house, token, by=by)


def ended(house: House, token: Token, *, by: str) -> None:
    """As `end`, inside the caller's `recorded` transaction."""
    locked = Token.objects.select_for_update().get(pk=token.pk)
    if TokenEnded.objects.filter(token=locked).exists():
        return
    TokenEnded.objects.create(token=locked, by=by, at=house.now)
    said = {"by": by} if by else {}
    note(Kind.TOKEN_ENDED, token.ref, said, at=house.now, policy_version=house.policy_version)


def bearer(house: House, shown: str) -> Bearer | None:
    """Who shows this; None when it is no token, or none that holds. As long for one as for the other."""
    match = _FORM.fullmatch(shown)
    ref, secret = match.groups() if match else ("", "")
    token = Token.objects.select_related("maker", "ended").filter(ref=ref).first()
    right = hmac.compare_digest(token.digest if token else "-" * 64, _digest(house, ref, secret))
    if token is None or not right or not holds(house, token):
        return None
    _used(house, token)
    return Bearer(token=token, scopes=frozenset(scopes_of(token)))


def holds(house: House, token: Token) -> bool:
    """Whether it is of use: neither ended nor out, and its maker works here and may have it."""
    open_ = not hasattr(token, "ended") and token.until > house.now
    return open_ and token.maker.may(Permission.MAKE_TOKENS)


def scopes_of(token: Token) -> tuple[Scope, ...]:
    """What it may do now: what it was made for, as far as its maker's role reaches today."""
    made_for = [Scope(each) for each in token.scopes if each in set(Scope)]
    return tuple(scope for scope in made_for if token.maker.may(NEEDS[scope]))


def named(beginning: str) -> Token:
    """The token whose reference begins so; a list shows the first part. Raises Refused."""
    found = list(Token.objects.filter(ref__startswith=beginning)[:2])
    if len(found) != 1 or len(beginning) < 8:
        raise Refused("there is no such token; see `lofte token list`")
    return found[0]


def names_of(refs: Iterable[str]) -> Mapping[str, str]:
    """What the programs behind these references are called."""
    return dict(Token.objects.filter(ref__in=[ref for ref in refs if ref]).values_list("ref", "name"))


def makers(refs: Iterable[str]) -> Mapping[str, str]:
    """Of these references those that are tokens', each with that of the handler who made it: what a
    program does, its maker does."""
    found = Token.objects.filter(ref__in=[ref for ref in refs if ref])
    return dict(found.values_list("ref", "maker__ref"))


def same_person(one: str, other: str) -> bool:
    """Whether two references lead to one person: where the law or the policy wants two, a program and whoever
    let it in are one."""
    made = makers([one, other])
    return made.get(one, one) == made.get(other, other)


def _digest(house: House, ref: str, secret: str) -> str:
    return hmac.new(house.keys.lookup, f"token\0{ref}\0{secret}".encode(), "sha256").hexdigest()


def _used(house: House, token: Token) -> None:
    """The last day it was used; written once a day."""
    if token.used_on != house.today:
        with writing():
            Token.objects.filter(pk=token.pk).update(used_on=house.today)
        token.used_on = house.today
