"""Fills the foreign ticket system through its own models and its own mail reader.

Run as a program of its own: `python -m tests.helpdesk.fill ANSWERS.json`. It writes whose each
row is, as the author of each row knew when making it.
"""

from __future__ import annotations

import json
import os
import sys
from collections import defaultdict
from email.message import EmailMessage
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.helpdesk.settings")

import django

django.setup()

from django.contrib.admin.models import LogEntry  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402
from django.contrib.contenttypes.models import ContentType  # noqa: E402
from django.core.files.base import ContentFile  # noqa: E402
from django.core.management import call_command  # noqa: E402
from helpdesk import models as hd  # noqa: E402
from helpdesk.email import extract_email_metadata  # noqa: E402

ANNA = "Anna.Test@kund.example"
EVA = "anna.test@kund.example.example"
BERTIL = "bertil@kund.example"
NEAR = "änna.test@kund.example"


class Answers:
    """Whose row is whose: person -> dataset -> keys."""

    def __init__(self) -> None:
        self.of: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))

    def note(self, dataset: str, row: Any, *people: str) -> Any:
        for person in people:
            self.of[person][dataset].add(row.pk)
        return row


def main(path: str) -> None:
    call_command("migrate", verbosity=0)
    answers = Answers()
    people = _accounts(answers)
    queue = hd.Queue.objects.create(title="Kundtjänst", slug="kund", email_address="support@firma.example")
    field = hd.CustomField.objects.create(name="avtal", label="Avtal", data_type="varchar", max_length=40)
    _her_own_thread(answers, people, queue, field)
    _a_thread_of_three(answers, people, queue)
    _by_mail(answers, queue)
    _of_a_customer_with_an_account(answers, people, queue, field)
    _in_the_admin(answers, people)
    _crowd(queue)
    found = {p: {d: sorted(keys) for d, keys in sets.items()} for p, sets in answers.of.items()}
    with open(path, "w", encoding="utf-8") as file:
        json.dump(found, file)


def _accounts(answers: Answers) -> dict[str, User]:
    """Two of the house, then a customer with an account, and one whose name is nearly hers."""
    people = {}
    for name, email, staff in (
        ("handläggare", "hand@firma.example", True),
        ("kollega", "kollega@firma.example", True),
        ("bertil", "Bertil@Kund.example", False),
        ("Bertil2", "bertil@kund.example.example", False),
    ):
        user = User.objects.create_user(name, email, "hemligt", is_staff=staff)
        people[name] = user
        answers.note("account", user, name)
        answers.note("settings", user.usersettings_helpdesk, name)
    assert [people["handläggare"].pk, people["kollega"].pk] == [1, 2], "the map names the house by number"
    return people


def _her_own_thread(
    answers: Answers, people: dict[str, User], queue: hd.Queue, field: hd.CustomField
) -> None:
    ticket = _ticket(answers, queue, ANNA, "anna")
    _answer(answers, ticket, people["handläggare"], "Vi ser på saken.", "anna", "handläggare", public=True)
    _answer(answers, ticket, people["kollega"], "Verkar sur.", "kollega", public=False)
    answers.note("copy", hd.TicketCC.objects.create(ticket=ticket, email=NEAR), "nära")
    answers.note(
        "custom", hd.TicketCustomFieldValue.objects.create(ticket=ticket, field=field, value="A-1"), "anna"
    )
    checklist = answers.note(
        "checklist", hd.Checklist.objects.create(ticket=ticket, name="Felsökning"), "anna"
    )
    answers.note(
        "task", hd.ChecklistTask.objects.create(checklist=checklist, description="Ring", position=1), "anna"
    )
    hd.TicketDependency.objects.create(ticket=ticket, depends_on=_ticket(answers, queue, EVA, "eva"))


def _a_thread_of_three(answers: Answers, people: dict[str, User], queue: hd.Queue) -> None:
    """Anna asks; Bertil, who has an account, joins in; Eva writes by mail; the house answers."""
    ticket = _ticket(answers, queue, ANNA.lower(), "anna")
    answers.note("copy", hd.TicketCC.objects.create(ticket=ticket, email=EVA), "eva")
    answers.note("copy", hd.TicketCC.objects.create(ticket=ticket, user=people["bertil"]), "bertil")
    _answer(answers, ticket, people["bertil"], "Bertils ord", "bertil", public=True)
    _mail(answers, ticket, EVA, "eva")
    _mail(answers, ticket, ANNA.upper(), "anna")
    _answer(answers, ticket, people["handläggare"], "Svar till er alla", "anna", "handläggare", public=True)


def _by_mail(answers: Answers, queue: hd.Queue) -> None:
    """The system's own mail reader makes tickets, follow-ups, attachments and copies."""
    first = _read(queue, ANNA, "Hjälp med domän", attach="faktura anna.txt", cc=f"Eva <{EVA}>")
    answers.note("ticket", first, "anna")
    for letter in first.followup_set.all():
        answers.note("letter", letter, "anna")
        for file in letter.followupattachment_set.all():
            answers.note("attachment", file, "anna")
    before = set(first.followup_set.values_list("pk", flat=True))
    _read(queue, EVA, f"Re: Hjälp [{queue.slug}-{first.pk}]", attach="eva.txt")
    for letter in first.followup_set.exclude(pk__in=before):
        answers.note("letter", letter, "eva")
        for file in letter.followupattachment_set.all():
            answers.note("attachment", file, "eva")
    for copy in first.ticketcc_set.all():
        answers.note("copy", copy, {EVA: "eva"}.get(copy.email, "other"))


def _of_a_customer_with_an_account(
    answers: Answers, people: dict[str, User], queue: hd.Queue, field: hd.CustomField
) -> None:
    bertil = people["bertil"]
    ticket = _ticket(answers, queue, BERTIL, "bertil")
    answers.note("copy", hd.TicketCC.objects.create(ticket=ticket, email=ANNA), "anna")
    value = hd.TicketCustomFieldValue.objects.create(ticket=ticket, field=field, value="B-2")
    answers.note("custom", value, "bertil")
    own = _answer(answers, ticket, bertil, "Mina ord", "bertil", public=True)
    answers.note(
        "change", hd.TicketChange.objects.create(followup=own, field="Title", new_value="B"), "bertil"
    )
    _mail(answers, ticket, ANNA, "anna")
    _answer(answers, ticket, people["kollega"], "Svar till Bertil", "bertil", "kollega", public=True)
    search = hd.SavedSearch.objects.create(user=bertil, title="Mina", query="")
    answers.note("search", search, "bertil")
    answers.note(
        "blocked",
        hd.IgnoreEmail.objects.create(name="spam", date="2026-01-01", email_address=BERTIL),
        "bertil",
    )
    hd.IgnoreEmail.objects.create(name="alla", date="2026-01-01", email_address="*@kund.example")


def _in_the_admin(answers: Answers, people: dict[str, User]) -> None:
    """What the house did to an account is logged by a type and a number that other rows have too."""
    kinds = ContentType.objects.get_for_models(User, hd.Ticket)
    assert kinds[User].pk == 3, "the map names the type of accounts by number"
    bertil = people["bertil"]
    for kind, whose in ((kinds[User], ("bertil", "handläggare")), (kinds[hd.Ticket], ("handläggare",))):
        entry = LogEntry.objects.create(
            user=people["handläggare"],
            content_type=kind,
            object_id=str(bertil.pk),
            object_repr="x",
            action_flag=2,
        )
        answers.note("admin_log", entry, *whose)


def _crowd(queue: hd.Queue) -> None:
    """Others, with the same kind of rows."""
    for n in range(40):
        ticket = hd.Ticket.objects.create(
            title=f"Ärende {n}", queue=queue, submitter_email=f"kund{n}@kund.example"
        )
        letter = hd.FollowUp.objects.create(ticket=ticket, title=f"E-Mail Received from kund{n}@kund.example")
        hd.FollowUpAttachment.objects.create(followup=letter, file=ContentFile(b"x", name="x.txt"))


def _ticket(answers: Answers, queue: hd.Queue, email: str, who: str) -> hd.Ticket:
    ticket = hd.Ticket.objects.create(title="Ärende", queue=queue, submitter_email=email, description="Hej")
    return answers.note("ticket", ticket, who)


def _answer(
    answers: Answers, ticket: hd.Ticket, user: User, words: str, *whose: str, public: bool
) -> hd.FollowUp:
    answer = hd.FollowUp.objects.create(
        ticket=ticket, user=user, title="Comment", comment=words, public=public
    )
    answers.note("answer", answer, *whose)
    change = hd.TicketChange.objects.create(
        followup=answer, field="Status", old_value="Open", new_value="Closed"
    )
    answers.note("change", change, *whose)
    file = hd.FollowUpAttachment.objects.create(followup=answer, file=ContentFile(b"x", name=f"{words}.txt"))
    answers.note("attachment", file, *whose)
    return answer


def _mail(answers: Answers, ticket: hd.Ticket, sender: str, who: str) -> None:
    letter = hd.FollowUp.objects.create(
        ticket=ticket,
        title=f"E-Mail Received from {sender}",
        comment=f"Ord av {sender}",
        public=True,
        email_recipients=[ANNA, EVA, BERTIL],
    )
    answers.note("letter", letter, who)
    file = hd.FollowUpAttachment.objects.create(followup=letter, file=ContentFile(b"x", name=f"{who}.txt"))
    answers.note("attachment", file, who)


def _read(queue: hd.Queue, sender: str, subject: str, attach: str, cc: str = "") -> hd.Ticket:
    import logging

    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = f"A B <{sender}>", queue.email_address, subject
    if cc:
        message["Cc"] = cc
    message["Message-Id"] = f"<{sender}.{subject.encode().hex()}>"
    message.set_content("Hej, det fungerar inte.\n")
    message.add_attachment(b"text", maintype="text", subtype="plain", filename=attach)
    return extract_email_metadata(message.as_string(), queue, logging.getLogger("helpdesk.fill"))


if __name__ == "__main__":
    main(sys.argv[1])
