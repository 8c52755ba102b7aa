"""Adding somebody who works here. There is no open sign-up."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from lofte.accounts.models import Handler
from lofte.accounts.roles import Role
from lofte.errors import Conflict, Refused
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.ledger.kinds import Kind


def create_handler(house: House, *, email: str, password: str, role: Role, name: str = "") -> Handler:
    """Add a handler with a role (art. 29). Raises Conflict if the address is taken, Refused if it
    is none or the password is too weak."""
    first, _, last = name.partition(" ")
    handler = Handler(email=email.strip().lower(), role=role, first_name=first, last_name=last)
    deliverable(handler.email)
    strong(password, handler)
    handler.set_password(password)
    with recorded(house):
        if Handler.objects.filter(email__iexact=handler.email).exists():
            raise Conflict("a handler with this address is here already; choose another address")
        handler.save()
        EmailAddress.objects.create(user=handler, email=handler.email, verified=True, primary=True)
        note(
            Kind.HANDLER_ADDED,
            handler.ref,
            {"role": role.value},
            at=house.now,
            policy_version=house.policy_version,
        )
    return handler


def deliverable(email: str) -> None:
    """Raises Refused when this is no e-mail address."""
    try:
        validate_email(email)
    except ValidationError as error:
        raise Refused("this is not an e-mail address; write it as name@company.example") from error


def strong(password: str, handler: Handler) -> None:
    """Raises Refused, with why, when the password is too weak for this handler."""
    try:
        validate_password(password, handler)
    except ValidationError as error:
        raise Refused("; ".join(error.messages)) from error
