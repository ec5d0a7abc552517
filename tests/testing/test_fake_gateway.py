"""The fake provider's own promises: what it makes of a request that is sent twice."""

import attrs
import pytest

from tokolib import IDR
from tokolib.effects.outside import Conflict
from tokolib.effects.resend import Dedupe
from tokolib.payments.ports import Charge, GiveBack
from tokolib.testing import FakeWorld, ManualClock

CHARGE = Charge(key="k", amount=IDR(9), order_id="ord_1", expires_at=None)
BACK = GiveBack(key="r", amount=IDR(4), charge_key="k", charge_reference="", reason="")


def test_a_world_that_remembers_keys_takes_a_wish_once():
    """The same charge or refund twice is one; another amount under its key is a conflict."""
    world = FakeWorld(ManualClock(), instant=True)

    assert world.create(CHARGE) is world.create(CHARGE)
    assert world.refund(BACK) is world.refund(BACK)
    with pytest.raises(Conflict):
        world.create(attrs.evolve(CHARGE, amount=IDR(8)))
    with pytest.raises(Conflict):
        world.refund(attrs.evolve(BACK, amount=IDR(5)))
    assert IDR(5) == world.balance(IDR(0))


def test_a_world_without_memory_takes_it_again():
    """Where keys mean nothing, a refund that is sent twice is paid twice, as a charge is taken twice."""
    world = FakeWorld(ManualClock(), instant=True, dedupe=Dedupe.NONE)

    for _ in range(2):
        world.create(CHARGE)
        world.refund(BACK)

    assert 2 == world.charges_of("k")
    assert IDR(2 * 9 - 2 * 4) == world.balance(IDR(0))
