"""A package lies sealed, opens as it was, and after its time nothing opens it."""

from __future__ import annotations

import hashlib
import io
import os
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from lofte.errors import Broken, Conflict
from lofte.execution import book, package_keys
from lofte.execution.stream import CHUNK, MARK, Unlocked, lock, unlock
from lofte.requests.answer import expired
from lofte.requests.answer.deliver import deliver, latest_package, mark_delivered
from lofte.requests.answer.fetch import fetch
from lofte.requests.answer.strongroom import FORGOTTEN, SUFFIX, forget_all_left, take_out
from lofte.requests.course import over
from lofte.requests.models import PackageRecord
from tests.delivery.conftest import BERTIL

KEY, BOUND = bytes(range(32)), b"package/1"
SIZES = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 17]
PIECE = CHUNK + 16


def sealed(plain: bytes, key: bytes = KEY, bound: bytes = BOUND) -> bytes:
    out = io.BytesIO()
    lock(io.BytesIO(plain), out, key, bound)
    return out.getvalue()


def opened(stored: bytes, key: bytes = KEY, bound: bytes = BOUND) -> bytes:
    return b"".join(unlock(io.BytesIO(stored), key, bound))


@pytest.mark.parametrize("size", SIZES)
def test_what_was_sealed_opens_as_it_was(size):
    plain = os.urandom(size)
    stored = sealed(plain)
    assert opened(stored) == plain == io.BufferedReader(Unlocked(io.BytesIO(stored), KEY, BOUND)).read()
    assert size < 16 or plain[:16] not in stored


def pieces(stored: bytes) -> list[bytes]:
    body = stored[len(MARK) :]
    return [body[at : at + PIECE] for at in range(0, len(body), PIECE)]


HARM = {
    "a bit turned": lambda p: [p[0][:5] + bytes([p[0][5] ^ 1]) + p[0][6:], *p[1:]],
    "the last piece gone": lambda p: p[:-1],
    "cut within a piece": lambda p: [*p[:-1], p[-1][:-3]],
    "cut to nothing": lambda p: [],
    "two pieces swapped": lambda p: [p[1], p[0], *p[2:]],
    "a piece left out": lambda p: [p[0], *p[2:]],
    "a piece twice": lambda p: [p[0], p[0], *p[1:]],
    "more after the end": lambda p: [*p, b"more"],
    "the last piece once more": lambda p: [*p, p[-1]],
    "a piece of another file": lambda p: [pieces(sealed(b"x" * 3 * CHUNK, os.urandom(32)))[0], *p[1:]],
}


@pytest.mark.parametrize("how", HARM)
def test_what_was_harmed_does_not_open(how):
    stored = sealed(os.urandom(2 * CHUNK + 100))
    with pytest.raises(Broken):
        opened(MARK + b"".join(HARM[how](pieces(stored))))


@pytest.mark.parametrize(("key", "bound"), [(bytes(32), BOUND), (KEY, b"package/2")])
def test_another_key_or_package_opens_nothing(key, bound):
    with pytest.raises(Broken):
        opened(sealed(b"hemligt"), key, bound)


def test_what_is_not_ours_is_refused_with_words():
    with pytest.raises(Broken, match="not sealed by us"):
        opened(b"PK\x03\x04 and more")


def test_no_two_pieces_share_a_nonce(monkeypatch):
    seen = []
    real = AESGCM.encrypt

    class Watched:
        def __init__(self, key):
            self._real = AESGCM(key)

        def encrypt(self, nonce, data, bound):
            seen.append(nonce)
            return real(self._real, nonce, data, bound)

    monkeypatch.setattr("lofte.execution.stream.AESGCM", Watched)
    sealed(os.urandom(5 * CHUNK + 1))
    assert len(seen) == len(set(seen)) == 6


def everything(house, store: Path) -> bytes:
    files = [p for p in house.folder.rglob("*") if p.is_file()]
    return b"".join(p.read_bytes() for p in (*files, *store.parent.glob(store.name + "*")))


def test_the_house_holds_no_package_in_clear(ready, house, store):
    request = ready()
    package = latest_package(request)
    assert Path(package.path).suffix == SUFFIX and package.key
    lies = everything(house, store)
    for word in (b"PK\x03\x04", b"index.html", "Åkesson".encode(), b"Tallkotten"):
        assert word not in lies
    assert list((house.folder / "spool").iterdir()) == []
    with zipfile.ZipFile(io.BytesIO(fetch(house, request, by=BERTIL).read())) as given:
        assert "index.html" in given.namelist()


def test_the_digest_in_the_ledger_is_that_of_what_is_handed_out(ready, house, tmp_path):
    request = ready()
    answer = deliver(house, request, tmp_path / "out")
    digest = hashlib.sha256(answer.path.read_bytes()).hexdigest()
    told = [said["digest"] for entry, said in book.opened() if said and "digest" in said]
    assert set(told) == {digest} == {answer.sha256}


@pytest.mark.parametrize("harm", ["a byte", "cut", "another's"])
def test_a_harmed_package_gives_no_byte_and_is_not_noted(ready, house, harm):
    request = ready()
    path = Path(latest_package(request).path)
    stored = path.read_bytes()
    other = ready() if harm == "another's" else None
    path.write_bytes(
        {"a byte": stored[:-1] + bytes([stored[-1] ^ 1]), "cut": stored[: len(stored) // 2]}.get(harm)
        or Path(latest_package(other).path).read_bytes()
    )
    with pytest.raises(Broken):
        fetch(house, request, by=BERTIL)
    assert not [e for e in book.entries() if e.kind == "package.fetched"]


def test_what_changes_while_it_is_given_ends_it(ready, house):
    request = ready()
    package = latest_package(request)
    content = take_out(house, package)
    with Path(package.path).open("r+b") as file:
        file.seek(len(MARK))
        file.write(bytes(64))
    with pytest.raises(Broken):
        content.read()


def test_a_package_from_before_they_were_sealed_still_opens(ready, house, tmp_path):
    request = ready()
    with fetch(house, request, by=BERTIL) as content:
        plain = content.read()
    path = tmp_path / "old.zip"
    path.write_bytes(plain)
    PackageRecord.objects.update(key="", path=str(path))
    assert fetch(house, request, by=BERTIL).read() == plain


def test_after_its_days_no_byte_in_the_house_opens_it(ready, house, clock, store):
    """A copy of the sealed file was taken in time. Every 32 bytes that are left are tried as its key."""
    request = ready()
    package = latest_package(request)
    copy, wrapped = Path(package.path).read_bytes(), keyfile(house, package).read_bytes()
    key = package_keys.find(house, package.key, request.ref)
    assert (
        key is not None and hashlib.sha256(opened(copy, key.value, key.bound)).hexdigest() == package.sha256
    )
    mark_delivered(house, request, by=BERTIL)
    clock.go(days=7, seconds=1)
    assert expired.due(clock.now) and expired.destroy_due(house.folder, clock.now) == 1
    assert expired.note_gone(house) == 1 and not expired.due(clock.now)
    assert list(package_keys.ids(house.folder)) == []
    left = everything(house, store)
    assert key.value not in left and wrapped not in left and wrapped[12:44] not in left
    probe = AESGCM(key.value).encrypt(bytes(12), b"", None)
    assert opens(probe, key.value)
    tried = {left[at : at + 32] for at in range(len(left) - 31)}
    assert not [w for w in tried if len(set(w)) > 20 and opens(probe, w)]
    with pytest.raises(Conflict, match="out"):
        fetch(house, request, by=BERTIL)
    package.refresh_from_db()
    assert package.gone_at == clock.now and not Path(package.path).exists()
    *_, (entry, said) = book.opened()
    assert (entry.kind, said) == ("package.expired", {"digest": package.sha256, "fetched": 0})


def keyfile(house, package) -> Path:
    return house.folder / package_keys.FOLDER / package.key


def opens(sealed_: bytes, key: bytes) -> bool:
    try:
        AESGCM(key).decrypt(bytes(12), sealed_, None)
    except InvalidTag:
        return False
    return True


def test_a_key_goes_before_its_day_for_nobody(ready, house, clock):
    request = ready()
    mark_delivered(house, request, by=BERTIL)
    clock.go(days=7, seconds=-1)
    assert (
        expired.destroy_due(house.folder, clock.now) == 0
        and fetch(house, request, by=BERTIL).read(2) == b"PK"
    )


def test_a_package_that_waits_for_its_handing_over_has_no_last_day(ready, house, clock):
    request = ready()
    clock.go(days=300)
    assert not expired.due(clock.now) and fetch(house, request, by=BERTIL).read(2) == b"PK"


def test_shredding_that_was_stopped_is_noted_when_it_is_done_again(ready, house, clock):
    request = ready()
    mark_delivered(house, request, by=BERTIL)
    clock.go(days=8)
    expired.destroy_due(house.folder, clock.now)  # the power went before it was noted
    assert expired.due(clock.now) and expired.note_gone(house) == 1 and expired.note_gone(house) == 0


def test_the_key_of_the_request_does_not_outlive_its_package(ready, house, clock):
    """Also one in clear, from before they were sealed."""
    request = ready()
    mark_delivered(house, request, by=BERTIL)
    PackageRecord.objects.update(until=None, key="")
    clock.go(days=over.WINDOW.days + 1)
    assert over.shred(house) == 1
    assert expired.destroy_due(house.folder, clock.now) == 1
    assert not Path(latest_package(request).path).exists()


def test_what_a_killed_process_left_is_forgotten_in_a_day(ready, house):
    request = ready()
    left = package_keys.new(house, "d" * 32)
    stray = Path(latest_package(request).path).with_name(f"{'d' * 32}.{left.id}{SUFFIX}")
    stray.write_bytes(b"sealed")
    from lofte.execution.house import utc_now

    forget_all_left(house.folder, utc_now())
    assert stray.exists() and left.id in package_keys.ids(house.folder)
    forget_all_left(house.folder, utc_now() + FORGOTTEN + timedelta(seconds=5))
    assert not stray.exists() and left.id not in package_keys.ids(house.folder)
    assert fetch(house, request, by=BERTIL).read(2) == b"PK"


def test_nobody_gets_it_when_its_time_is_out_though_its_key_still_lies_there(ready, house, clock, tmp_path):
    request = ready()
    mark_delivered(house, request, by=BERTIL)
    clock.go(days=7, seconds=1)
    for hand_out in (
        lambda: fetch(house, request, by=BERTIL),
        lambda: deliver(house, request, tmp_path / "out"),
    ):
        with pytest.raises(Conflict, match="out"):
            hand_out()
    assert not list(tmp_path.glob("out/*.zip"))
