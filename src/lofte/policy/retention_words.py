"""A retention expression in plain Swedish and English, from the tree that is run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lofte.policy.period import Period
from lofte.policy.retention import Expression, read


@dataclass(frozen=True, kw_only=True, slots=True)
class AnchorWords:
    """An event as a clause: what happens, has happened, happened (sv); happens, happened (en)."""

    happens_sv: str
    has_happened_sv: str
    happened_sv: str
    happens_en: str
    happened_en: str


def _words(
    subject_sv: str, verb_sv: tuple[str, str, str], subject_en: str, verb_en: tuple[str, str]
) -> AnchorWords:
    present, perfect, past = verb_sv
    return AnchorWords(
        happens_sv=f"{subject_sv} {present}",
        has_happened_sv=f"{subject_sv} har {perfect}",
        happened_sv=f"{subject_sv} {past}",
        happens_en=f"{subject_en} {verb_en[0]}",
        happened_en=f"{subject_en} {verb_en[1]}",
    )


_END = ("upphör", "upphört", "upphörde")
_CLOSE = ("avslutas", "avslutats", "avslutades")
_HAPPEN = ("inträffar", "inträffat", "inträffade")
_MAKE = ("görs", "gjorts", "gjordes")
_DELIVER = ("levereras", "levererats", "levererades")
_SEND = ("skickas", "skickats", "skickades")
_ENDS, _ISE, _ISM = ("ends", "ended"), ("is closed", "was closed"), ("is made", "was made")

ANCHORS: dict[str, AnchorWords] = {
    "contract.end": _words("avtalet", _END, "the contract", _ENDS),
    "contract.start": _words(
        "avtalet", ("börjar gälla", "börjat gälla", "började gälla"), "the contract", ("starts", "started")
    ),
    "service.end": _words("tjänsten", _END, "the service", _ENDS),
    "employment.end": _words("anställningen", _END, "the employment", _ENDS),
    "fiscal_year.end": _words("räkenskapsåret", _CLOSE, "the financial year", _ENDS),
    "order.time": _words("beställningen", _MAKE, "the order", _ISM),
    "ticket.closed": _words("ärendet", _CLOSE, "the case", _ISE),
    "case.closed": _words("ärendet", _CLOSE, "the case", _ISE),
    "event.time": _words("händelsen", _HAPPEN, "the event", ("takes place", "took place")),
    "event.held": _words(
        "evenemanget", ("hålls", "hållits", "hölls"), "the event", ("is held", "was held")
    ),
    "event.end": _words("evenemanget", _CLOSE, "the event", _ENDS),
    "application.decided": _words(
        "ansökan", ("avgörs", "avgjorts", "avgjordes"), "the application", ("is decided", "was decided")
    ),
    "application.received": _words(
        "ansökan", ("kommer in", "kommit in", "kom in"), "the application", ("is received", "was received")
    ),
    "optout.time": _words("du", ("tackar nej", "tackat nej", "tackade nej"), "you", ("say no", "said no")),
    "consent.withdrawn": _words(
        "du",
        ("tar tillbaka ditt samtycke", "tagit tillbaka ditt samtycke", "tog tillbaka ditt samtycke"),
        "you",
        ("withdraw your consent", "withdrew your consent"),
    ),
    "consent.given": _words(
        "du", ("lämnar ditt samtycke", "lämnat ditt samtycke", "lämnade ditt samtycke"), "you",
        ("give your consent", "gave your consent"),
    ),
    "account.closed": _words("kontot", _CLOSE, "the account", _ISE),
    "account.last_login": _words(
        "du", ("senast loggar in", "senast loggat in", "senast loggade in"), "you",
        ("last log in", "last logged in"),
    ),
    "invoice.date": _words(
        "fakturan", ("ställs ut", "ställts ut", "ställdes ut"), "the invoice", ("is issued", "was issued")
    ),
    "payment.made": _words("betalningen", _MAKE, "the payment", _ISM),
    "order.delivered": _words("beställningen", _DELIVER, "the order", ("is delivered", "was delivered")),
    "question.asked": _words(
        "frågan", ("ställs", "ställts", "ställdes"), "the question", ("is asked", "was asked")
    ),
    "order.made": _words("beställningen", _MAKE, "the order", _ISM),
    "purchase.made": _words("köpet", _MAKE, "the purchase", _ISM),
    "message.sent": _words("meddelandet", _SEND, "the message", ("is sent", "was sent")),
    "visit.time": _words("besöket", _MAKE, "the visit", _ISM),
    "request.closed": _words("begäran", _CLOSE, "the request", _ISE),
}  # fmt: skip
"""The anchors known by name. Others are told by their own name."""

_SV = ("noll", "en", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva", "tolv")
_EN = "zero one two three four five six seven eight nine ten eleven twelve".split()  # noqa: SIM905
_SV_TH = "nollte första andra tredje fjärde femte sjätte sjunde åttonde nionde tionde elfte tolfte".split()  # noqa: SIM905
_EN_TH = "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()  # noqa: SIM905


def say(expression: Expression | str, language: str) -> str:
    """How long, as the end of a sentence that begins "we keep it" ("vi sparar det ...")."""
    tree = read(expression) if isinstance(expression, str) else expression
    words = ANCHORS.get(tree.anchor) or _by_own_name(tree.anchor)
    return _swedish(tree, words) if language == "sv" else _english(tree, words)


def say_period(period: Period, language: str) -> str:
    """A period in words: "två år och tre månader", "90 days"."""
    units = (
        (period.years, ("ett år", "år"), "year"),
        (period.months, ("en månad", "månader"), "month"),
        (period.weeks, ("en vecka", "veckor"), "week"),
        (period.days, ("en dag", "dagar"), "day"),
    )
    if language == "sv":
        parts = [one if n == 1 else f"{_number(n, _SV)} {many}" for n, (one, many), _ in units if n]
        return _listed(parts, "och") or "noll dagar"
    parts = [f"{_number(n, _EN)} {unit}{'' if n == 1 else 's'}" for n, _, unit in units if n]
    return _listed(parts, "and") or "zero days"


def _swedish(tree: Expression, words: AnchorWords) -> str:
    if not tree.year_end:
        if not tree.period:
            return f"tills {words.happens_sv}"
        return f"i {say_period(tree.period, 'sv')} efter att {words.has_happened_sv}"
    year = f"utgången av det kalenderår då {words.happened_sv}"
    if not tree.period:
        return f"till {year}"
    if _whole_years(tree.period):
        return f"till och med det {_ordinal_sv(tree.period.years)} året efter {year}"
    return f"i {say_period(tree.period, 'sv')} efter {year}"


def _english(tree: Expression, words: AnchorWords) -> str:
    if not tree.year_end:
        if not tree.period:
            return f"until {words.happens_en}"
        return f"for {say_period(tree.period, 'en')} after {words.happens_en}"
    year = f"the end of the calendar year in which {words.happened_en}"
    if not tree.period:
        return f"until {year}"
    if _whole_years(tree.period):
        return f"until the end of the {_ordinal_en(tree.period.years)} year after {year}"
    return f"for {say_period(tree.period, 'en')} after {year}"


def _by_own_name(anchor: str) -> AnchorWords:
    name = anchor.replace("_", " ").replace(".", ": ")
    return _words(f"”{name}”", _HAPPEN, f"“{name}”", ("occurs", "occurred"))


def _whole_years(period: Period) -> bool:
    return bool(period.years) and not (period.months or period.weeks or period.days)


def _number(n: int, words: Sequence[str]) -> str:
    return words[n] if n < len(words) else str(n)


def _ordinal_sv(n: int) -> str:
    if n < len(_SV_TH):
        return _SV_TH[n]
    return f"{n}:{'a' if n % 10 in (1, 2) and n % 100 not in (11, 12) else 'e'}"


def _ordinal_en(n: int) -> str:
    if n < len(_EN_TH):
        return _EN_TH[n]
    ending = "th" if n % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{ending}"


def _listed(parts: list[str], last: str) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {last} {parts[-1]}" if parts else ""
