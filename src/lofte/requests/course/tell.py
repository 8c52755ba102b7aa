"""Telling the person by e-mail that there is news in their case: the number, and where to read it. What the
news is stands in the portal, behind their proof (art. 12.1).
"""

from __future__ import annotations

from collections.abc import Sequence

from lofte.datamap.document import Kind as IdentityKind
from lofte.errors import Refused
from lofte.execution.house import House
from lofte.mail.letters import letter
from lofte.mail.post import post
from lofte.requests.course.reached import proven_contacts
from lofte.requests.models import Passed, Request

MOST_A_DAY = 5
"""Letters of news to one address."""


def news(house: House, requests: Sequence[Request]) -> int:
    """Post a letter about each of these to every e-mail address that its person has proven, inside the
    caller's transaction; returns how many. Who has proven none is told by a handler."""
    passed = Passed.objects.filter(challenge__case__in=[request.case_id for request in requests])
    proven = set(passed.values_list("challenge__case", flat=True))
    told = 0
    for request in requests:
        if request.case_id not in proven or request.case is None:
            continue
        try:
            contacts = proven_contacts(house, request.case)
        except Refused:
            continue  # the key of the case is destroyed: nobody can be reached by it any more
        words = letter(house, "news", request.language, number=request.number)
        told += sum(
            post(house, words, each.value, about=request, most_a_day=MOST_A_DAY) is not None
            for each in contacts
            if each.kind is IdentityKind.EMAIL
        )
    return told
