"""Whoever stops an erasure by hand leaves nothing behind that others must wait for."""

from __future__ import annotations

import pytest

from lofte.execution.models import PersonLock, Step, StepState
from lofte.requests.course.roads import State
from lofte.requests.erasure.erase import erase
from tests.erase.conftest import asks, customer

CLOSED = 32


def stopped(_system):
    """A way into a system that somebody stops with Ctrl-C when it is used."""
    raise KeyboardInterrupt


def test_after_ctrl_c_another_goes_on_at_once(fjordhem, world, store, connect):
    request = asks(fjordhem, customer(world, CLOSED))
    with pytest.raises(KeyboardInterrupt):
        erase(fjordhem, [request], stopped)
    assert Step.objects.filter(request=request.ref, attempt=1).exists(), "it was begun"
    assert not PersonLock.objects.exists()
    assert not Step.objects.filter(state=StepState.RUNNING).exists()
    erase(fjordhem, [request], connect)
    request.refresh_from_db()
    assert request.state == State.DELIVERED
