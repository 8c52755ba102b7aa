"""`lofte schema`: what an editor needs to help with a document."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from lofte.cli.words import gettext as _


class Document(StrEnum):
    """Which document."""

    POLICY = "policy"
    SYSTEM = "system"
    REVIEW = "review"
    PROOF = "proof"


def schema(
    document: Annotated[
        Document,
        typer.Argument(
            help=_(
                "policy for policy.yaml, system for systems/*.yaml, review for `lofte review --json`, "
                "proof for `lofte prove --json`."
            )
        ),
    ] = Document.POLICY,
) -> None:
    """Print the JSON Schema of a document (draft 2020-12)."""
    from lofte.cli.screen import say_json
    from lofte.datamap.document import System
    from lofte.policy.document import Policy
    from lofte.policy.schema import json_schema

    if document is Document.POLICY:
        say_json(json_schema("policy", Policy))
    elif document is Document.PROOF:
        from lofte.notices.proof_page import schema as of_a_proof

        say_json(of_a_proof())
    elif document is Document.REVIEW:
        from lofte.policy.review.report import schema as of_a_review

        say_json(of_a_review())
    else:
        say_json(json_schema("system", System))
