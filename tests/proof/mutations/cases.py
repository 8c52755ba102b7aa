"""Breaks in what is told, and in what was done for persons. How to add one stands in `breaks`."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from lofte.ledger.kinds import Kind as K
from lofte.proof.records import Check
from tests.proof.mutations.breaks import (
    BLURRED,
    CORRECTED,
    ERASED,
    HELD,
    OBJECTED,
    PORTED,
    REFUSED,
    REVIEWED,
    Break,
    delivered,
    last,
    moved,
    of_delivered,
    policy_says,
    steps,
    unanswered,
)
from tests.proof.mutations.world import also, later, said, seen, without

TEXT = [
    Break("the company's number is gone from the text", "P002 P014", policy_says("controller.org_no", None)),
    Break(
        "another version applies from the same day",
        "P005 P144",
        lambda j: also(
            j,
            K.POLICY_PUBLISHED,
            version="2026.9",
            digest="f" * 64,
            effective_from=str(j.policy.meta.effective_from),
        ),
    ),
    Break("the day of updating is not told", "P006", policy_says("meta.updated", None)),
    Break("the officer cannot be reached", "P147", policy_says("dpo.email", None)),
    Break("a refusal has no ground", "P117", lambda j: said(j, K.REQUEST_REFUSED, REFUSED, ground="")),
    Break("a refusal has no article", "P117", lambda j: said(j, K.REQUEST_REFUSED, REFUSED, article="")),
]

MAP = [
    Break(
        "a column that nobody has decided about",
        "P003 P011 P016 P017",
        lambda j: seen(j, Check.MAP, errors=0, gaps=1, live=1),
    ),
    Break(
        "a fault in the policy that is no gap",
        "P009 P013 P014",
        lambda j: seen(j, Check.MAP, errors=1, gaps=0, live=1),
    ),
    Break(
        "a category that no purpose uses",
        "P011",
        policy_says("categories.hobby", {"name": {"sv": "Fritid", "en": "Leisure"}}),
    ),
    Break("a duty without a statute", "P038 P045", policy_says("purposes.invoice.law", [])),
    Break("a national number that is not masked", "P023", policy_says("categories.national_id.mask", "none")),
    Break("a national number without a ground", "P023", policy_says("categories.national_id.ground", None)),
]

IN_TIME = [
    Break("a case of access is overdue", "P097 P101", unanswered("access", "2026-01-01")),
    Break("a case of erasure is overdue", "P101", unanswered("erasure", "2026-01-01")),
    Break("a case of portability is overdue", "P101", unanswered("portability", "2026-01-01")),
    Break("an objection is overdue", "P101", unanswered("objection", "2026-01-01")),
    Break(
        "the person was told nothing of the answer, and it is gone",
        "P097 P101",
        lambda j: also(also(j, K.PACKAGE_RELEASED, delivered(j), told=0), K.PACKAGE_EXPIRED, delivered(j)),
    ),
    Break(
        "an answer came a day late",
        "P034 P097 P101",
        of_delivered(
            lambda j, ref: said(j, K.REQUEST_RECEIVED, ref, due_on=str((j.moment - timedelta(days=2)).date()))
        ),
    ),
    Break(
        "a portable answer came a day late",
        "P101",
        lambda j: said(j, K.REQUEST_RECEIVED, PORTED, due_on=str((j.moment - timedelta(days=2)).date())),
    ),
    Break(
        "nobody did anything for three months",
        "P034 P101 P119 P139",
        lambda j: seen(later(j, days=100), Check.KEPT, **{**last(j, Check.KEPT), "holds_overdue": 1}),
    ),
]


PACKAGES = [
    Break(
        "a report from fewer systems than planned",
        "P098",
        of_delivered(lambda j, ref: without(j, K.STEP_DONE, ref)),
    ),
    Break(
        "a report that was never intended",
        "P098",
        of_delivered(lambda j, ref: without(j, K.ACCESS_INTENDED, ref)),
    ),
    Break(
        "a report that is not the sealed one",
        "P098",
        of_delivered(lambda j, ref: said(j, K.PACKAGE_SEALED, ref, digest="f" * 64)),
    ),
    Break(
        "a report was delivered before anybody was identified",
        "P116",
        of_delivered(lambda j, ref: without(j, K.REQUEST_IDENTIFIED, ref)),
    ),
    Break(
        "a report was delivered when two persons answered",
        "P116",
        of_delivered(
            lambda j, ref: steps(
                lambda j: said(j, K.REQUEST_IDENTIFIED, ref, late=1), moved(K.REQUEST_IDENTIFIED, ref, 10**6)
            )(j)
        ),
    ),
    Break("the policy takes a fee", "P099", policy_says("rights.defaults.fee", {"amount": 100})),
    Break(
        "a portable package from fewer systems than planned",
        "P108",
        lambda j: without(j, K.STEP_DONE, PORTED),
    ),
    Break(
        "a portable package that is not the sealed one",
        "P108",
        lambda j: said(j, K.REQUEST_DELIVERED, PORTED, digest="f" * 64),
    ),
    Break("a portable package that was never sealed", "P108", lambda j: without(j, K.PACKAGE_SEALED, PORTED)),
]

ERASURE = [
    Break(
        "a system never told that it erased",
        "P062 P109 P110 P111",
        lambda j: without(j, K.ERASURE_DONE, ERASED),
    ),
    Break(
        "nobody searched after an erasure",
        "P062 P109 P110 P111",
        lambda j: without(j, K.ERASURE_VERIFIED, ERASED),
    ),
    Break(
        "something was left after an erasure",
        "P062 P109 P110 P111",
        lambda j: said(j, K.ERASURE_VERIFIED, ERASED, residual=1),
    ),
    Break("an erasure was never planned", "P109 P110 P111", lambda j: without(j, K.ERASURE_INTENDED, ERASED)),
    Break(
        "the search came after the answer", "P062 P109 P110 P111", moved(K.ERASURE_VERIFIED, ERASED, 10**6)
    ),
    Break(
        "a suppression was lifted by mistake", "P062", lambda j: also(j, K.SUPPRESSION_LIFTED, why="mistake")
    ),
    Break("rows are kept for a law without an end", "P118", lambda j: said(j, Check.KEPT, law_without_end=3)),
    Break("a hold should have been looked at", "P119 P139", lambda j: said(j, Check.KEPT, holds_overdue=1)),
    Break(
        "what is called de-identified was never tested",
        "P109 P110 P111 P112",
        lambda j: without(without(j, K.DEIDENTIFY_TESTED, BLURRED), K.ERASURE_VERIFIED, BLURRED),
    ),
    Break(
        "something of the person was left after de-identification",
        "P112",
        lambda j: said(j, K.DEIDENTIFY_TESTED, BLURRED, residual=1),
    ),
    Break(
        "a row tells whose it was", "P081 P112", lambda j: said(j, K.DEIDENTIFY_TESTED, BLURRED, smallest=1)
    ),
    Break(
        "the test of de-identification was not passed",
        "P112",
        lambda j: said(j, K.DEIDENTIFY_TESTED, BLURRED, passed=0),
    ),
]

RIGHTS = [
    Break(
        "a correction is missing in a system", "P103", lambda j: without(j, K.RECTIFICATION_DONE, CORRECTED)
    ),
    Break(
        "more was changed than was recorded",
        "P103",
        lambda j: said(j, K.RECTIFICATION_DONE, CORRECTED, rows=2),
    ),
    Break(
        "what stood there was not recorded", "P103", lambda j: without(j, K.RECTIFICATION_RECORDED, CORRECTED)
    ),
    Break("a no to marketing was weighed", "P057 P061", lambda j: also(j, K.OBJECTION_DECIDED, OBJECTED)),
    Break(
        "a review was granted without a decision", "P121", lambda j: without(j, K.REVIEW_DECIDED, REVIEWED)
    ),
    Break(
        "nobody stands behind the decision of a review",
        "P121",
        lambda j: said(j, K.REVIEW_DECIDED, REVIEWED, by=""),
    ),
    Break(
        "a review is late",
        "P101 P121",
        lambda j: said(j, K.REQUEST_RECEIVED, REVIEWED, due_on=str((j.moment - timedelta(days=2)).date())),
    ),
]

RESTRICTION = [
    Break(
        "somebody wrote in restricted rows",
        "P105",
        lambda j: also(j, K.RESTRICTION_BREACHED, HELD, system="hosting", dataset="customers"),
    ),
    Break(
        "a breach only ended with the restriction",
        "P105",
        lambda j: also(
            also(j, K.RESTRICTION_BREACHED, HELD, system="hosting", dataset="customers"),
            K.BREACH_ENDED,
            HELD,
            system="hosting",
            dataset="customers",
            how="lifted",
        ),
    ),
    Break(
        "the service stopped before the person knew",
        "P106",
        lambda j: replace(
            j,
            evidence=tuple(
                e
                for e in j.evidence
                if not (e.object == HELD and e.kind == K.NOTICE_TOLD and e.facts.get("notice") == "stop")
            ),
        ),
    ),
    Break(
        "a restriction ended untold",
        "P107",
        lambda j: replace(
            j,
            evidence=tuple(
                e for e in j.evidence if not (e.object == HELD and e.facts.get("notice") == "release")
            ),
        ),
    ),
    Break(
        "a restriction ended for no reason we have given",
        "P107",
        lambda j: said(j, K.RESTRICTION_LIFTED, HELD, outcome="other"),
    ),
    Break(
        "rows were put back while the restriction held",
        "P107",
        lambda j: also(without(j, K.RESTRICTION_LIFTED, HELD), K.STATUS_PUT_BACK, HELD),
    ),
]

RETENTION = [
    Break(
        "a rule shorter than the law demands",
        "P135",
        policy_says("retention.accounting.keep_until", "year_end(fiscal_year.end) + P5Y"),
    ),
    Break(
        "a purpose without a period",
        "P016 P017 P019 P134 P137 P138",
        policy_says("purposes.support.retention", []),
    ),
]

PROCESSOR = [
    Break(
        "rows of a customer's customers were given out", "P034", lambda j: said(j, Check.FORWARDING, given=2)
    ),
    Break(
        "the customer who answers was told too late",
        "P034 P101",
        lambda j: also(
            also(
                said(j, K.REQUEST_RECEIVED, PORTED, due_on="2026-01-01"),
                K.FORWARD_QUEUED,
                PORTED,
                customers=1,
            ),
            K.FORWARD_TOLD,
            PORTED,
        ),
    ),
]
