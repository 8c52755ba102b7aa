"""What can be shown of the versions: that the archive is whole, and who has been told of each."""

from __future__ import annotations

from collections.abc import Iterator

from lofte.errors import Broken
from lofte.execution.house import House
from lofte.notices.announce import tally
from lofte.notices.classified import read_version
from lofte.notices.models import Announcement, Posted, PublishedPolicy
from lofte.policy.digest import digest
from lofte.proof.records import Check, Evidence


def counted(house: House) -> Iterator[Evidence]:
    """A look at the archive, and at the telling of each major change."""
    yield _archive(house)
    for each in Announcement.objects.select_related("published").order_by("id"):
        if each.published.reasons:
            yield _telling(house, each)


def _archive(house: House) -> Evidence:
    versions = changed = unreadable = 0
    for each in PublishedPolicy.objects.order_by("id"):
        versions += 1
        try:
            changed += digest(read_version(each.text)) != each.digest
        except Broken:
            unreadable += 1
    return Evidence(
        kind=Check.VERSIONS,
        at=house.now,
        policy_version=house.policy_version,
        facts={"versions": versions, "changed": changed, "unreadable": unreadable},
    )


def _telling(house: House, announcement: Announcement) -> Evidence:
    found, published = tally(announcement), announcement.published
    return Evidence(
        kind=Check.ANNOUNCED,
        at=house.now,
        object=published.ref,
        policy_version=published.version,
        facts={
            "written": found.written,
            "waiting": found.waiting,
            "left": found.left,
            "failed": found.failed,
            "protected": found.protected,
            "posted": int(Posted.objects.filter(announcement=announcement).exists()),
            "lead_time": published.lead_time,
        },
    )
