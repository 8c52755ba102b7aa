"""The people who work here."""

from __future__ import annotations

import secrets
from typing import Any, ClassVar

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from lofte.accounts.roles import Permission, Role, may


def random_id() -> str:
    """128 random bits."""
    return secrets.token_hex(16)


class RoleChoice(models.TextChoices):
    """The roles, as people read them."""

    OFFICER = Role.OFFICER.value, _("Data protection officer")
    HANDLER = Role.HANDLER.value, _("Handler")
    APPROVER = Role.APPROVER.value, _("Approver")
    FINANCE = Role.FINANCE.value, _("Finance")
    AUDITOR = Role.AUDITOR.value, _("Auditor")
    SYSTEM_OWNER = Role.SYSTEM_OWNER.value, _("System owner")
    ADMINISTRATOR = Role.ADMINISTRATOR.value, _("Administrator")


class Handlers(BaseUserManager["Handler"]):
    """Finds handlers; they are added by `accounts.handler.create_handler` alone."""

    def get_by_natural_key(self, username: str | None) -> Handler:
        """By e-mail address, whatever its capitals."""
        return self.get(email__iexact=username)

    def create_user(self, email: str, password: str | None = None, **more: Any) -> Handler:
        """What Django's own tools call; makes the row and nothing else."""
        handler = self.model(email=self.normalize_email(email).lower(), **more)
        handler.set_password(password)
        handler.save(using=self._db)
        return handler


class Handler(AbstractUser):
    """One who works here. Never deleted while the ledger may name them; closed instead."""

    username = None  # type: ignore[assignment]
    email = models.EmailField(_("e-mail address"), unique=True)
    ref = models.CharField(max_length=32, unique=True, default=random_id, editable=False)
    """The random id that stands in the ledger."""
    role = models.CharField(_("role"), max_length=20, choices=RoleChoice.choices)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[Handlers] = Handlers()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("handler")
        verbose_name_plural = _("handlers")

    def may(self, permission: Permission | str) -> bool:
        """True if this handler's role has the permission and the account is open."""
        return self.is_active and may(self.role, Permission(permission))

    def __str__(self) -> str:
        return self.get_full_name() or self.email


class Token(models.Model):
    """What another program shows so that it may work here. Never changed but for the last day it was
    used; that it is ended is a record beside it."""

    ref = models.CharField(max_length=32, unique=True)
    """The random id that stands in the ledger."""
    name = models.CharField(max_length=60)
    """What the program is called."""
    maker = models.ForeignKey(Handler, models.PROTECT, related_name="tokens")
    """Who made it, and more than whom it never may."""
    scopes = models.JSONField(default=list)
    """`accounts.scopes.Scope`."""
    digest = models.CharField(max_length=64)
    """Keyed digest of the secret."""
    at = models.DateTimeField()
    until = models.DateTimeField()
    used_on = models.DateField(null=True)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.name


class TokenEnded(models.Model):
    """A token is ended before its time."""

    token = models.OneToOneField(Token, models.CASCADE, related_name="ended")
    by = models.CharField(max_length=32, blank=True)
    at = models.DateTimeField()
