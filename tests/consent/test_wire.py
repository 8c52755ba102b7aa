"""What is read by hand, because it is read for every choice, reads as the slow way does."""

from __future__ import annotations

import ipaddress
import json
import random

import pytest

from lofte.consent.ingest.ids import Ids
from lofte.consent.ingest.limits import Limits
from lofte.consent.ingest.wire import Unfit, plain_path, read
from tests.consent.visitors import choice, policy


class _House:
    policy = policy()


PATHS = ["/", "/priser", "/å/ö", '/"quoted"', "/back\\slash", "/\u2028", "/\U0001f36a", "/a?b#c", "no path"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("gpc", [False, True])
def test_what_is_recorded_is_the_canonical_json(path, gpc):
    sent = choice(_House, ["statistics"], path=path, gpc=gpc)
    body = read(json.dumps(sent).encode()).body
    wanted = {
        **{key: sent[key] for key in ("action", "at", "gpc", "surface", "view", "vendors")},
        "language": sent["lang"],
        "path": plain_path(path),
        "purposes": sent["choices"],
    }
    assert body == json.dumps(wanted, sort_keys=True, separators=(",", ":"))


@pytest.mark.parametrize("key", ["site", "version", "edition", "sha", "allow", "lang", "view", "action"])
def test_no_text_brings_a_line_of_its_own(key):
    sent = choice(_House)
    for wrong in (f"{sent[key]}\n", f"\n{sent[key]}", f"{sent[key]}\n{sent[key]}"):
        with pytest.raises(Unfit):
            read(json.dumps({**sent, key: wrong}).encode())


def test_an_id_has_one_spelling():
    ids = Ids(key=b"k" * 32)
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    signed = ids.signed("ab" * 16)
    assert [each for each in letters if ids.read(signed[:-1] + each)] == [signed[-1]]


def test_networks_are_those_that_the_library_tells():
    chance = random.Random(3)
    for _ in range(300):
        four = ipaddress.IPv4Address(chance.getrandbits(32))
        six = ipaddress.IPv6Address(chance.getrandbits(128))
        near = {
            str(four): ipaddress.ip_network(f"{four}/24", strict=False),
            str(six): ipaddress.ip_network(f"{six}/48", strict=False),
            f"::ffff:{four}": ipaddress.ip_network(f"{four}/24", strict=False),
        }
        for written, network in near.items():
            limits = Limits(clock=lambda: 0.0, at_once=2)
            seen = [limits.takes(str(each)) for each in (network[0], network[-1], written)]
            assert seen == [True, True, False]
