"""Who can sign in at the broker of the tests, and how our workspace knows it."""

from __future__ import annotations

from typing import Any

ANNA, EVA = "199001012385", "198507099805"
EID = "urn:grn:authn:se:bankid"
SECRET = "hemlig-hemlig-hemlig-hemlig-hemlig"
PERSONS: dict[str, dict[str, Any]] = {
    "anna": {"ssn": ANNA, "acr": EID, "name": "Anna Åkesson"},
    "eva": {"ssn": EVA, "acr": EID},
    "password": {"ssn": ANNA, "acr": "urn:password"},
    "nothing": {"ssn": ANNA},
    "nobody": {"acr": EID},
    "spelled": {"ssn": "900101-2385", "acr": EID},
    "wrong": {"ssn": "199001012386", "acr": EID},
    "list": {"ssn": [ANNA], "acr": EID},
}
