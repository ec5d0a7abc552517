"""A person finds out what no machine could: the way out of every review."""

import pytest

from tokolib import IDR, OrderState, Staff
from tokolib.effects.model import EffectState, Source
from tokolib.kernel.errors import InvalidInput, NotFound
from tokolib.orders.model import PaymentStatus
from tokolib.payments.errors import Contradiction
from tokolib.payments.events import Observed
from tokolib.payments.ports import INTENTS
from tokolib.payments.states import IntentState


async def silent(toko):
    """An order whose charge was sent, and never answered."""
    toko.world.switches.time_out_before = 1
    return await toko.given.order({"KOPI-250": 1}, tender="fake")


async def charge_of(toko, order):
    return (await toko.payments.intent(order)).operations[0]


def test_a_charge_that_happened_places_its_order(play):
    """Under the reference that the provider's staff told; said twice it counts once."""

    async def body(toko):
        order = await silent(toko)
        charge = await charge_of(toko, order)
        assert EffectState.UNKNOWN is charge.state

        for _ in range(2):
            intent = await toko.another(Staff("budi")).payments.resolve(charge.id, happened=True, reference="ref-9")

        charge = intent.operations[0]
        assert (IntentState.CAPTURED, EffectState.SUCCEEDED, "ref-9") == (intent.state, charge.state, charge.reference)
        order = await toko.orders.get(order.id)
        assert (OrderState.PLACED, PaymentStatus.PAID, IDR(75_000)) == (order.state, order.payment, order.paid)

    play(body)


def test_a_charge_that_did_not_happen_ends_its_order(play):
    """As a decline does; the reason is kept."""

    async def body(toko):
        order = await silent(toko)
        charge = await charge_of(toko, order)

        intent = await toko.payments.resolve(charge.id, happened=False, reason="not in their books")

        assert "not in their books" == intent.operations[0].failure
        order = await toko.orders.get(order.id)
        assert (OrderState.CANCELLED, True, "not in their books") == (order.state, order.declined, order.ending)
        assert (await toko.stock.available("KOPI-250")).steps == 20

    play(body)


def test_a_review_is_settled(play):
    """A webhook of another amount sets the charge aside for a person, who looks and says."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 1}, tender="fake")
        forged = toko.world.forge(toko.world.charges[-1], state="succeeded", amount="74000")
        await toko.webhooks.receive("fake", *forged)
        charge = await charge_of(toko, order)
        assert EffectState.REVIEW is charge.state

        intent = await toko.payments.resolve(charge.id, happened=True)

        assert (IntentState.CAPTURED, EffectState.SUCCEEDED) == (intent.state, intent.operations[0].state)
        assert intent.operations[0].reviews

    play(body)


def test_a_persons_word_is_an_observation_like_any_other(play):
    """Late money after "it did not happen" still counts, and goes back where the order has ended."""

    async def body(toko):
        toko.world.switches.time_out_after = 1
        order = await toko.given.order({"KOPI-250": 1}, tender="fake")
        charge = await charge_of(toko, order)
        await toko.payments.resolve(charge.id, happened=False, reason="not found")

        toko.world.pay(charge.key)
        await toko.deliver_webhooks()
        await toko.tick()

        assert (await charge_of(toko, order)).succeeded
        order = await toko.orders.get(order.id)
        assert (OrderState.CANCELLED, PaymentStatus.REFUNDED) == (order.state, order.payment)
        assert toko.world.balance(IDR(1)).is_zero

    play(body)


def test_what_is_known_can_not_be_said_otherwise(play):
    """A definite answer stands, and so does a reference."""

    async def body(toko):
        toko.world.instant = True
        paid = await charge_of(toko, await toko.given.order({"KOPI-250": 1}, tender="fake"))
        waiting = await toko.given.order({"KOPI-250": 1}, tender="fake")
        with pytest.raises(Contradiction, match="has happened, and can't be said not to have"):
            await toko.payments.resolve(paid.id, happened=False, reason="no")
        with pytest.raises(Contradiction, match="two_references"):
            await toko.payments.resolve((await charge_of(toko, waiting)).id, happened=True, reference="other")
        with pytest.raises(InvalidInput):
            await toko.payments.resolve(paid.id, happened=False)
        for id in ("int_1.1", "nothing", f"{paid.id}9"):
            with pytest.raises(NotFound):
                await toko.payments.resolve(id, happened=True)
        assert paid == await charge_of(toko, await toko.orders.get(paid.subject))

    play(body)


def test_the_person_is_kept(play_in_memory):
    """The observation says who said it."""

    async def body(toko):
        order = await silent(toko)
        charge = await charge_of(toko, order)
        await toko.another(Staff("budi")).payments.resolve(charge.id, happened=False, reason="no")

        async def history(unit):
            return await unit[INTENTS].history(charge.intent)

        events = [each.event for each in await toko.shop._subject.orders.work.read(history)]
        seen = [each.observation for each in events if isinstance(each, Observed)]
        assert (Source.PERSON, "staff:budi") == (seen[-1].source, seen[-1].actor)

    play_in_memory(body)
