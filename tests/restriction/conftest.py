"""The house and the system of the tests of saying no."""

from __future__ import annotations

from tests.consent.conftest import ANNA as ANNA
from tests.consent.conftest import EVA as EVA
from tests.consent.conftest import billing as billing
from tests.consent.conftest import house as house
from tests.consent.conftest import policy as policy
