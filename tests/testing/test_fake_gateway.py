"""The fake provider's own promises: what it makes of a request that is sent twice."""

import attrs
import pytest

from tokolib import IDR
from tokolib.effects.model import EffectState
from tokolib.effects.outside import Conflict, Declined, Invalid, NotFoundOutside, NotSupported
from tokolib.effects.resend import Dedupe
from tokolib.kernel.errors import InvalidInput
from tokolib.kernel.hosting import drive, resolved
from tokolib.payments.ports import Can, Capture, Charge, GiveBack, Void
from tokolib.testing import AsyncFakeGateway, FakeGateway, FakeWorld, ManualClock

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


def test_a_charge_that_is_given_up_can_not_be_voided_twice_nor_after_it_was_paid():
    """A void ends an unpaid charge; a paid one stays paid, and one that is not known can't be given up."""
    world = FakeWorld(ManualClock())
    void = Void(key="v", amount=IDR(9), charge_key="k", charge_reference="")

    with pytest.raises(NotFoundOutside):
        world.void(void)
    world.create(CHARGE)
    assert world.void(void) is world.void(void)
    assert world.charge("k").state is EffectState.FAILED
    world.pay("k")
    with pytest.raises(Invalid):
        world.void(attrs.evolve(void, key="v2"))
    assert IDR(9) == world.balance(IDR(0))


VOID = Void(key="v", amount=IDR(9), charge_key="k", charge_reference="")
TAKE = Capture(key="c", amount=IDR(4), charge_key="k", charge_reference="", final=False)


@pytest.mark.parametrize("gateway", [FakeGateway, AsyncFakeGateway])
@pytest.mark.parametrize(
    ("call", "asked", "lacking"),
    [("void", VOID, Can.VOID), ("authorise", CHARGE, Can.AUTHORISE), ("capture", TAKE, Can.AUTHORISE)],
)
def test_a_gateway_without_a_capability_calls_nobody(gateway, call, asked, lacking):
    """What a provider can't do is refused before any call."""
    world = FakeWorld(ManualClock(), can=frozenset())

    with pytest.raises(NotSupported) as refused:
        drive(resolved(getattr(gateway(world), call)(asked)))
    assert (refused.value.capability, world.calls) == (lacking, [])


@pytest.mark.parametrize(
    ("can", "lacking"),
    [
        (Can.AUTHORISE, "void"),
        (Can.PARTIAL_CAPTURE, "authorise"),
        (Can.MULTIPLE_CAPTURE, "partial_capture"),
        (Can.PARTIAL_REFUND, "refund"),
    ],
)
def test_capabilities_rest_on_each_other(can, lacking):
    """Who captures in parts can capture at all, and who reserves can release."""
    with pytest.raises(InvalidInput, match=f"who can {can} can {lacking} too"):
        _ = FakeGateway(FakeWorld(ManualClock(), can=frozenset({can}))).capabilities


def test_a_reservation_is_taken_as_far_as_the_provider_is_able_to():
    """In parts up to the last, once, or whole; never more than is left, and nothing of what was released."""
    many, once = FakeWorld(ManualClock(), instant=True), FakeWorld(ManualClock(), instant=True)
    once.can -= {Can.MULTIPLE_CAPTURE}
    whole = FakeWorld(ManualClock(), instant=True)
    whole.can -= {Can.MULTIPLE_CAPTURE, Can.PARTIAL_CAPTURE}
    for world in (many, once, whole):
        world.authorise(CHARGE)
    again, last = attrs.evolve(TAKE, key="c2"), attrs.evolve(TAKE, key="c3", amount=IDR(1), final=True)

    assert many.capture(TAKE) is many.capture(TAKE)
    many.capture(again)
    with pytest.raises(Invalid):
        many.capture(attrs.evolve(TAKE, key="c4"))
    many.capture(last)
    once.capture(TAKE)
    for world, refused in ((many, again), (once, again), (whole, TAKE)):
        with pytest.raises(Invalid):
            world.capture(attrs.evolve(refused, key="c5"))
    with pytest.raises(Invalid):
        many.void(VOID)
    assert [(each.balance(IDR(0)), each.reserved) for each in (many, once, whole)] == [
        (IDR(9), 0),
        (IDR(4), 0),
        (IDR(0), 9),
    ]


@pytest.mark.parametrize("dedupe", [Dedupe.KEY, Dedupe.REFERENCE])
def test_what_was_taken_before_is_not_refused_afterwards(dedupe):
    """A provider that remembers keys says what became of the first request, or that there was one: never no."""
    world = FakeWorld(ManualClock(), dedupe=dedupe)
    gateway = FakeGateway(world)
    charge = Charge(key="int_1.1.1", amount=IDR(75_000), order_id="ord_1", expires_at=None)
    first = gateway.create(charge)
    world.switches.decline = 1

    if dedupe is Dedupe.KEY:
        assert first.reference == gateway.create(charge).reference
    else:
        with pytest.raises(Conflict):
            gateway.create(charge)
    with pytest.raises(Declined):
        gateway.create(attrs.evolve(charge, key="int_2.1.1"))


@pytest.mark.parametrize("taken", [True, False])
def test_after_a_dispute_that_was_won_all_can_be_refunded_again(taken):
    """What the bank took and brought back, or never took, is left of the charge; what it keeps isn't."""
    world = FakeWorld(ManualClock(), instant=True)
    world.create(CHARGE)
    won = world.dispute(CHARGE.key, IDR(4), taken=taken)
    with pytest.raises(Invalid, match="5 left"):
        world.refund(attrs.evolve(BACK, key="too much", amount=IDR(6)))
    world.decide_dispute(won, won=True)
    lost = world.dispute(CHARGE.key, IDR(3), taken=taken)
    world.decide_dispute(lost, won=False)

    with pytest.raises(Invalid, match="6 left"):
        world.refund(attrs.evolve(BACK, key="more", amount=IDR(7)))
    world.refund(attrs.evolve(BACK, key="rest", amount=IDR(6)))
    assert IDR(0) == world.balance(IDR(0))
