"""Cookies that many sites have, and what they are usually for: proposals, for whoever writes the table."""

from __future__ import annotations

from lofte.policy.cookies.words import Kind

_LISTED: tuple[tuple[str, Kind, str], ...] = (
    ("_ga", "statistics", "Google Analytics"),
    ("_ga_*", "statistics", "Google Analytics"),
    ("_gid", "statistics", "Google Analytics"),
    ("_gat*", "statistics", "Google Analytics"),
    ("__utm*", "statistics", "Google Analytics"),
    ("_gcl_*", "marketing", "Google Ads"),
    ("IDE", "marketing", "Google Ads"),
    ("NID", "marketing", "Google"),
    ("_fbp", "marketing", "Meta"),
    ("_fbc", "marketing", "Meta"),
    ("fr", "marketing", "Meta"),
    ("_pk_*", "statistics", "Matomo"),
    ("mtm_*", "statistics", "Matomo"),
    ("_hj*", "statistics", "Hotjar"),
    ("_clck", "statistics", "Microsoft Clarity"),
    ("_clsk", "statistics", "Microsoft Clarity"),
    ("MUID", "marketing", "Microsoft"),
    ("_uet*", "marketing", "Microsoft Advertising"),
    ("li_*", "marketing", "LinkedIn"),
    ("bcookie", "marketing", "LinkedIn"),
    ("_tt_*", "marketing", "TikTok"),
    ("_ttp", "marketing", "TikTok"),
    ("_pin_*", "marketing", "Pinterest"),
    ("hubspotutk", "marketing", "HubSpot"),
    ("__hs*", "statistics", "HubSpot"),
    ("VISITOR_INFO1_LIVE", "marketing", "YouTube"),
    ("YSC", "marketing", "YouTube"),
    ("vuid", "statistics", "Vimeo"),
    ("intercom-*", "functional", "Intercom"),
    ("__cf_bm", "necessary", "Cloudflare"),
    ("cf_clearance", "necessary", "Cloudflare"),
    ("PHPSESSID", "necessary", ""),
    ("JSESSIONID", "necessary", ""),
    ("ASP.NET_SessionId", "necessary", ""),
    ("sessionid", "necessary", ""),
    ("csrftoken", "necessary", ""),
    ("XSRF-TOKEN", "necessary", ""),
    ("wordpress_logged_in_*", "necessary", ""),
    ("woocommerce_*", "necessary", ""),
    ("wp-settings-*", "functional", ""),
    ("pll_language", "functional", ""),
)


def matches(pattern: str, name: str) -> bool:
    """Whether a name of the table, which may end in a star, is the name of this cookie."""
    return name.startswith(pattern[:-1]) if pattern.endswith("*") else name == pattern


def proposed(name: str) -> tuple[Kind, str] | None:
    """The usual purpose of a cookie with this name, and who usually sets it (empty: the site itself)."""
    return next(((kind, who) for known, kind, who in _LISTED if matches(known, name)), None)
