"""Acts, authorities and frameworks that are no longer what they were."""

from __future__ import annotations

from collections.abc import Mapping

from lofte.policy.review.sign import Sign

_BEFORE_SV = r"ersatte|ersatt\b|upphävd|tidigare|dåvarande|numera|före detta|gällde (före|till)|historisk"
_BEFORE_EN = r"replaced|repealed|former|formerly|previous|no longer|superseded|invalidated|until 2018|now "

SIGNS: Mapping[str, Sign] = {
    "old_act": Sign(
        sv=r"personuppgiftslag(en)?\b|\bpul\b|1998:204|95/46|personuppgiftsombud|lag(en)? \(?2003:389"
        r"|2003:389",
        en=r"personal data act\b|\bpul\b|1998:204|95/46|data protection act 1998|2003:389",
        but_sv=_BEFORE_SV,
        but_en=_BEFORE_EN,
        asides=True,
        no=True,
    ),
    "old_authority": Sign(
        sv=r"datainspektionen",
        en=r"datainspektionen|swedish data (inspection board|protection authority)|data inspection board",
        but_sv=_BEFORE_SV,
        but_en=_BEFORE_EN,
        asides=True,
        no=True,
    ),
    "not_yet": Sign(
        sv=r"(gdpr|dataskyddsförordning\w*)\)?.{0,40}(träder|kommer att träda|börjar gälla|kommer att "
        r"börja gälla)|när .{0,60}(gdpr|dataskyddsförordning\w*).{0,10}träder",
        en=r"(gdpr|data protection regulation)\)?.{0,40}(comes|enters|will come|will enter|takes "
        r"effect|will apply)( into)?|when .{0,60}gdpr (comes|enters|applies)",
        but_sv=r"trädde",
        but_en=r"came into|entered",
        asides=True,
        no=True,
    ),
    "fallen_shield": Sign(
        sv=r"privacy shield|safe ?harbou?r",
        en=r"privacy shield|safe ?harbou?r",
        but_sv=_BEFORE_SV + r"|ogiltig|\binte\b",
        but_en=_BEFORE_EN + r"|invalid|\bnot\b",
        no=True,
    ),
    "old_clauses": Sign(
        sv=r"2010/87|2004/915|2001/497",
        en=r"2010/87|2004/915|2001/497",
        but_sv=_BEFORE_SV,
        but_en=_BEFORE_EN,
        no=True,
    ),
}
