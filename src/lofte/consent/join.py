"""Joining what was chosen in a browser to a person: only when both have said so (art. 5.1 b).

Hard rules:
- The browser says so by handing in its own signed id, and by a choice in force that says yes to something.
- The person says so on a page where it is known who they are. Neither is enough by itself.
- A browser is joined to one person; joining it again to the same changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lofte.consent.ingest.ids import Ids
from lofte.consent.models import BrowserLink
from lofte.consent.person import acts_about, is_weak, mark, new_act, one_at_a_time
from lofte.consent.proof import Proven, history, in_force
from lofte.datamap.identity import Identity
from lofte.errors import Conflict, Refused
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.ledger.kinds import Kind


def join(house: House, browser: str, identities: Sequence[Identity], *, agreed: bool) -> BrowserLink:
    """Join the browser with this signed id to this person. Raises Refused unless both have said so, Conflict
    when it is another's."""
    person = Ids(key=house.keys.lookup).read(browser)
    if person is None:
        raise Refused("this is no id of ours; hand in what stands in the visitor's cookie")
    if not identities or all(map(is_weak, identities)):
        raise Refused("a browser is joined to one person; give something that is the person's alone")
    held = in_force(person)
    if not agreed or held is None or not held.yes:
        raise Refused("both must say so: the person, and a choice in the browser that says yes to something")
    with recorded(house):
        one_at_a_time(house, identities)
        before = BrowserLink.objects.filter(browser=person).first()
        if before is not None:
            if before.ref not in acts_about(house, identities):
                raise Conflict("this browser is joined to another person already")
            return before
        made = BrowserLink.objects.create(browser=person, **new_act(house, ""))
        mark(house, made.ref, identities)
        note(
            Kind.BROWSER_LINKED,
            made.ref,
            {"article": "7.1"},
            at=house.now,
            policy_version=house.policy_version,
        )
    return made


def chosen_by(house: House, identities: Iterable[Identity]) -> tuple[Proven, ...]:
    """What this person has chosen in the browsers that were joined to them, the newest first."""
    links = BrowserLink.objects.filter(ref__in=acts_about(house, identities)).order_by("-id")
    return tuple(each for link in links for each in history(link.browser))
