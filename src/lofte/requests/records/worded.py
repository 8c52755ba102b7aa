"""Texts that those who work here have written once, to be used in many answers."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class TextTemplate(models.Model):
    """A text of a handler's own, as one version of it. The last one of a name and language counts; none is
    changed. It holds no personal data: what is the person's is filled in where it is used."""

    name = models.CharField(max_length=60)
    language = models.CharField(max_length=2)
    words = models.TextField()
    """Empty = taken out of use."""
    version = models.PositiveIntegerField()
    by = models.CharField(max_length=32)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["name", "language", "-version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["name", "language", "version"], name="text_version_once"),
        ]
