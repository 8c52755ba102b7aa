"""What is settled about a version is settled about the text that was read."""

from __future__ import annotations

from lofte.execution.written import text_of
from lofte.notices.models import Draft
from lofte.notices.publish import publish, state_of
from lofte.notices.roads import State
from lofte.notices.versions import submit
from lofte.policy.document import Policy
from lofte.policy.reading import read

AT = "/console/versions/2031.1"


def handed_in(work, company, staff, title):
    text = text_of(company / "policy.yaml")
    publish(work.house, text)
    for old, new in (
        (f'version: "{work.house.policy.meta.version}"', 'version: "2031.1"'),
        (f"effective_from: {work.house.policy.meta.effective_from}", "effective_from: 2031-01-01"),
    ):
        assert old in text
        text = text.replace(old, new, 1)
    policy = read(text, "policy.yaml", Policy).document
    meta = policy.meta.model_copy(update={"title": policy.meta.title.model_copy(update={"en": title})})
    said = policy.model_copy(update={"meta": meta}).model_dump_json(by_alias=True, exclude_defaults=True)
    again = read(said, "policy.yaml", Policy).document
    return submit(work.house, again, said, (), by=staff.ref("officer"))


def test_nobody_approves_another_text_than_the_one_they_read(work, company, staff):
    first = handed_in(work, company, staff, "Privacy")
    assert f'value="{first.ref}"' in staff["approver"].get(AT).text
    second = handed_in(work, company, staff, "Something else")
    staff["approver"].post(f"{AT}/settle", {"act": "approve", "draft": first.ref})
    assert state_of(Draft.objects.get(pk=second.pk)) is State.REVIEW


def test_what_was_read_can_be_approved(work, company, staff):
    draft = handed_in(work, company, staff, "Privacy")
    staff["approver"].post(f"{AT}/settle", {"act": "approve", "draft": draft.ref})
    assert state_of(draft) is State.APPROVED


def test_letters_that_nobody_was_to_be_sent_cannot_be_posted(work, company, staff):
    handed_in(work, company, staff, "Privacy")
    assert staff["officer"].post(f"{AT}/settle", {"act": "posted"}).status_code == 404
