"""Those who work here, looked after by an administrator: let in, given another role, switched off.

Hard rules:
- Nobody else than the person knows their password: they set it themselves, with a code that is shown once and
  holds for three days (Django's, which dies when it is used).
- Somebody who may add handlers is always left, with an open account; nobody changes their own role or
  switches themselves off.
- A closed account opens nothing more at once: sessions and tokens end with it. Each act stands in the ledger.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.tokens import default_token_generator
from django.contrib.sessions.models import Session

from lofte.accounts import token as tokens
from lofte.accounts.handler import deliverable, strong
from lofte.accounts.models import Handler, Token
from lofte.accounts.roles import PERMISSIONS, Permission, Role
from lofte.errors import Conflict, Refused
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.ledger.kinds import Kind, Value

_ADDING = [role.value for role, may in PERMISSIONS.items() if Permission.ADD_HANDLERS in may]
_NO_CODE = "this is no code that holds; look at the address and the code, or ask for a new one"


def invite(house: House, *, email: str, role: Role, name: str, by: Handler) -> tuple[Handler, str]:
    """Add a handler, and the code with which they set their password. Raises Conflict when the address is
    taken, Refused when it is none."""
    first, _, last = name.strip().partition(" ")
    made = Handler(email=email.strip().lower(), role=role, first_name=first, last_name=last)
    deliverable(made.email)
    made.set_unusable_password()
    with recorded(house):
        if Handler.objects.filter(email__iexact=made.email).exists():
            raise Conflict("a handler with this address is here already; choose another address")
        made.save()
        EmailAddress.objects.create(user=made, email=made.email, verified=True, primary=True)
        _note(house, Kind.HANDLER_ADDED, made, by, role=role.value)
    return made, default_token_generator.make_token(made)


def start_anew(house: House, handler: Handler, *, by: Handler) -> str:
    """A new code for whoever has lost their password or their second step: both are taken away, and what is
    signed in is signed out. Raises Refused for one's own account."""
    _insist_another(handler, by)
    with recorded(house):
        locked = Handler.objects.select_for_update().get(pk=handler.pk)
        locked.set_unusable_password()
        locked.save(update_fields=["password"])
        Authenticator.objects.filter(user=locked).delete()
        ended = _sign_out(house, locked, by)
        _note(house, Kind.HANDLER_RESET, locked, by, **ended)
    return default_token_generator.make_token(locked)


def set_password(house: House, *, email: str, code: str, password: str) -> Handler:
    """The password of whoever shows the code. Raises Refused when it does not hold, or the password is too
    weak."""
    with recorded(house):
        handler = (
            Handler.objects.select_for_update().filter(email__iexact=email.strip(), is_active=True).first()
        )
        # As long for an address that is nobody's as for one that is.
        holds = default_token_generator.check_token(handler or Handler(pk=0, email=email), code.strip())
        if handler is None or not holds:
            raise Refused(_NO_CODE)
        strong(password, handler)
        handler.set_password(password)
        handler.save(update_fields=["password"])
        _note(house, Kind.HANDLER_PASSWORD, handler, None)
    return handler


def change_role(house: House, handler: Handler, role: Role, *, by: Handler) -> None:
    """Give another role, from the next page on. Raises Refused for one's own, and when nobody would be left
    who may add handlers."""
    _insist_another(handler, by)
    with recorded(house):
        locked = _locked(handler, stays=Permission.ADD_HANDLERS in PERMISSIONS[role])
        locked.role = role
        locked.save(update_fields=["role"])
        _note(house, Kind.HANDLER_ROLE, locked, by, role=role.value)


def switch_off(house: House, handler: Handler, *, by: Handler) -> None:
    """Close the account, with its sessions and tokens. Raises as `change_role`. Once more changes nothing."""
    _insist_another(handler, by)
    with recorded(house):
        locked = _locked(handler, stays=False)
        if not locked.is_active:
            return
        locked.is_active = False
        locked.save(update_fields=["is_active"])
        _note(house, Kind.HANDLER_CLOSED, locked, by, **_sign_out(house, locked, by))


def switch_on(house: House, handler: Handler, *, by: Handler) -> None:
    """Open a closed account again. What it was let in by before is not."""
    with recorded(house):
        if Handler.objects.filter(pk=handler.pk, is_active=False).update(is_active=True):
            _note(house, Kind.HANDLER_OPENED, handler, by)


def sign_out(house: House, handler: Handler, *, by: Handler) -> None:
    """End all sessions and tokens of a handler; the account stays open."""
    with recorded(house):
        _note(house, Kind.HANDLER_SIGNED_OUT, handler, by, **_sign_out(house, handler, by))


def second_step(handlers: list[Handler]) -> Mapping[int, bool]:
    """Who has a second step at the sign-in: key of the handler -> whether."""
    rows = Authenticator.objects.filter(user__in=handlers, type=Authenticator.Type.TOTP)
    has = set(rows.values_list("user_id", flat=True))
    return {each.pk: each.pk in has for each in handlers}


def _insist_another(handler: Handler, by: Handler) -> None:
    if handler.pk == by.pk:
        raise Refused("this is your own account; let another administrator do it")


def _locked(handler: Handler, *, stays: bool) -> Handler:
    """The handler, held with all who may add others. Raises Refused when nobody of these would be left."""
    others = list(Handler.objects.select_for_update().filter(role__in=_ADDING, is_active=True).order_by("pk"))
    left = [each for each in others if each.pk != handler.pk and each.has_usable_password()]
    if not stays and not left and any(each.pk == handler.pk for each in others):
        raise Refused("nobody would be left who may add handlers; add another administrator first")
    return Handler.objects.select_for_update().get(pk=handler.pk)


def _sign_out(house: House, handler: Handler, by: Handler) -> dict[str, int]:
    """How many sessions and tokens were ended."""
    mine = [each for each in Session.objects.all() if _whose(each) == str(handler.pk)]
    Session.objects.filter(pk__in=[each.pk for each in mine]).delete()
    living = list(Token.objects.filter(maker=handler, ended=None, until__gt=house.now))
    for each in living:
        tokens.ended(house, each, by=by.ref)
    return {"sessions": len(mine), "tokens": len(living)}


def _whose(session: Session) -> str:
    said: dict[str, Any] = session.get_decoded()
    return str(said.get("_auth_user_id", ""))


def _note(house: House, kind: Kind, handler: Handler, by: Handler | None, **more: Value) -> None:
    said = {**more, **({"by": by.ref} if by else {})}
    note(kind, handler.ref, said, at=house.now, policy_version=house.policy_version)
