"""A host makes our states finer, and nothing else of ours changes."""

import pytest

from tokolib import IDR, OrderState, Staff
from tokolib.fulfilment.events import ShipmentRefined
from tokolib.kernel import ConfigMismatch, Forbidden, IllegalSubState, InvalidInput, Refinement
from tokolib.kernel.ctx import Decision
from tokolib.orders import changes
from tokolib.orders.events import OrderRefined
from tokolib.returns.events import ReturnRefined

PICKING = Refinement(
    "order",
    "placed",
    initial="to_pick",
    moves={"to_pick": ["picking"], "picking": ["to_pick", "packed"], "packed": []},
    ends=["packed"],
)
LOADING = Refinement(
    "shipment", "handed_over", initial="sorted", moves={"sorted": ["loaded"], "loaded": []}, ends=["loaded"]
)
ASKED = Refinement("return", "requested", initial="asked", moves={"asked": ["on_way"], "on_way": []}, ends=["on_way"])
FILED = Refinement("order", "completed", initial="to_file", moves={"to_file": ["filed"], "filed": []}, ends=["filed"])
TABLES = [PICKING, LOADING, ASKED, FILED]


def test_an_order_goes_through_the_shops_own_sub_states(play):
    """Entered with the state, moved by staff with a reason, and told in the timeline."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 1}, tender="bank_transfer")
        assert (order.state, order.sub_state) == (OrderState.PENDING_PAYMENT, "")
        await toko.payments.received(order, IDR(75_000))
        order = await toko.orders.get(order.id)
        assert (order.state, order.sub_state) == (OrderState.PLACED, "to_pick")

        staff = toko.another(Staff("budi"))
        order = await staff.orders.refine(order, "picking", reason="first wave")
        again = await staff.orders.refine(order, "picking", reason="first wave")

        assert (order, "picking") == (again, order.sub_state)
        last = (await toko.orders.history(order))[-1]
        assert (last.by, last.event) == ("staff:budi", OrderRefined("picking", "first wave"))

    play(body, refinements=TABLES)


def test_a_state_is_left_whatever_its_sub_state(play):
    """Shipping, cancelling and completing ask for no sub-state; coming back enters the first one again."""

    async def body(toko):
        for sub_states in ((), ("picking",), ("picking", "packed")):
            cancelled, done = await toko.given.order({"KOPI-250": 1}), await toko.given.order({"KOPI-250": 1})
            for sub_state in sub_states:
                await toko.orders.refine(cancelled, sub_state)
                await toko.orders.refine(done, sub_state)
            cancelled = await toko.orders.cancel(cancelled, reason="changed mind")
            await toko.ship(done)
            done = await toko.orders.get(done.id)
            assert (cancelled.state, cancelled.sub_state) == (OrderState.CANCELLED, "")
            assert (done.state, done.sub_state) == (OrderState.COMPLETED, "to_file")

    play(body, refinements=TABLES)


def test_shipments_and_returns_have_theirs(play):
    """By the tables of their order."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 1})
        shipment = await toko.shipments.hand_over(order)
        assert "sorted" == shipment.sub_state
        shipment = await toko.shipments.refine(shipment, "loaded", reason="van 3")
        assert shipment == await toko.shipments.refine(shipment.id, "loaded")
        assert "loaded" == (await toko.shipments.track(shipment, "JNE1")).sub_state
        assert "" == (await toko.shipments.delivered(shipment)).sub_state

        goods = await toko.returns.request(order, {"KOPI-250": 1}, reason="broken")
        assert "asked" == goods.sub_state
        goods = await toko.returns.refine(goods, "on_way", reason="label sent")
        assert goods == await toko.returns.refine(goods.id, "on_way")
        assert "" == (await toko.returns.accept(goods)).sub_state

    play(body, refinements=TABLES)


def test_orders_are_found_by_sub_state(play):
    """The newest first, in pages, by the name alone."""

    async def body(toko):
        orders = []
        for _ in range(3):
            orders.append(await toko.given.order({"KOPI-250": 1}))
            toko.clock.forward(minutes=1)
        await toko.orders.refine(orders[1], "picking")

        to_pick = await toko.orders.page(sub_state="to_pick")
        first = await toko.orders.page(sub_state="to_pick", limit=1)
        rest = await toko.orders.page(sub_state="to_pick", limit=1, after=first.after)

        assert [orders[2].id, orders[0].id] == [each.id for each in to_pick.items]
        assert [orders[2].id, orders[0].id] == [each.id for page in (first, rest) for each in page.items]
        assert [orders[1].id] == [each.id for each in (await toko.orders.page(sub_state="picking")).items]
        assert () == (await toko.orders.page(sub_state="nowhere")).items
        with pytest.raises(InvalidInput) as refused:
            await toko.orders.page(sub_state="to_pick", state=OrderState.PLACED)
        assert ["orders.sub_state_alone"] == [fault.code for fault in refused.value.faults]

    play(body, refinements=TABLES)


def test_a_move_that_the_table_has_not_is_refused(play):
    """From here, from an end, to nowhere, and where nobody has refined the state."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 1})
        for wanted in ("packed", "nowhere", "placed", "filed"):
            with pytest.raises(IllegalSubState) as refused:
                await toko.orders.refine(order, wanted)
            assert f"placed/to_pick: it can't be moved to '{wanted}'; possible now: picking" in str(refused.value)
        ended = await toko.orders.cancel(order, reason="changed mind")
        with pytest.raises(IllegalSubState, match="is cancelled, which has no sub-states"):
            await toko.orders.refine(ended, "to_pick")
        with pytest.raises(InvalidInput):
            await toko.orders.refine(ended, "")
        assert ended == await toko.orders.get(order.id)

    play(body, refinements=TABLES)


def test_the_access_policy_is_asked(play_in_memory):
    """Each kind of move is a permission of its own."""

    class NoMoves:
        def check(self, ctx, permission):
            return Decision(allowed=not permission.endswith(".refine"))

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 1})
        shipment = await toko.shipments.hand_over(order)
        await toko.shipments.delivered(shipment)
        goods = await toko.returns.request(order, {"KOPI-250": 1}, reason="changed mind")
        for door, subject in ((toko.orders, order), (toko.shipments, shipment), (toko.returns, goods)):
            with pytest.raises(Forbidden):
                await door.refine(subject, "picking")

    play_in_memory(body, refinements=TABLES, access=NoMoves())


def test_an_order_keeps_the_tables_that_it_was_placed_under(play):
    """Another configuration counts for the orders of tomorrow."""

    async def body(toko):
        old = await toko.given.order({"KOPI-250": 1})
        other = Refinement("order", "placed", initial="new", moves={"new": ["seen"], "seen": []}, ends=["seen"])
        await toko.settings.change(refinements=(other,))
        new = await toko.given.order({"KOPI-250": 1})

        assert "picking" == (await toko.orders.refine(old, "picking")).sub_state
        assert "seen" == (await toko.orders.refine(new, "seen")).sub_state
        assert "sorted" == (await toko.shipments.hand_over(old)).sub_state
        assert "" == (await toko.shipments.hand_over(new)).sub_state
        await toko.settings.change(refinements=())
        assert "" == (await toko.given.order({"KOPI-250": 1})).sub_state

    play(body, refinements=TABLES)


def test_a_shop_is_opened_with_its_own_tables_or_none(tmp_path):
    """The stored ones hold; others are refused, and both are named."""
    import tokolib

    url = f"sqlite:///{tmp_path / 'toko.db'}"
    tokolib.open(url, country="ID", refinements=TABLES).close()
    tokolib.open(url).close()
    tokolib.open(url, refinements=reversed(TABLES)).close()

    for other in ([], [PICKING]):
        with pytest.raises(ConfigMismatch) as refused:
            tokolib.open(url, refinements=other)
        assert "order/placed (to_pick > picking, picking > to_pick | packed, packed*)" in refused.value.stored
    with tokolib.open(url) as shop:
        assert tuple(TABLES) == shop.settings.get().refinements


def test_verify_finds_a_move_that_the_table_has_not(play_in_memory, monkeypatch):
    """Whoever writes one past the door breaks the promise that histories make their documents."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 1})
        with monkeypatch.context() as patched:
            patched.setattr(changes, "moved", lambda machine, order, wanted: wanted)
            await toko.orders.refine(order, "packed")

        report = await toko.verify()

        first = report.violations[0]
        assert "O1" == first.promise
        assert f"orders {order.id}" == first.row
        assert "it can't be moved to 'packed'" in first.found

    play_in_memory(body, sound=False, refinements=TABLES)


def test_events_name_their_room():
    """A reader of the outbox knows whose sub-state it is."""
    topics = {each.topic for each in (OrderRefined, ShipmentRefined, ReturnRefined)}

    assert {"orders.order_refined", "fulfilment.shipment_refined", "returns.return_refined"} == topics


# What open and settings.change refuse


def table(machine="order", state="placed", initial="a", ends=("b",), **moves):
    return Refinement(machine, state, initial=initial, moves=moves or {"a": ["b"], "b": []}, ends=ends)


FAULTS = {
    "an unknown machine": ([table("cart")], {"refinements[0].machine": "shop.unknown_machine"}),
    "a read-off lifecycle": ([table("order_payment")], {"refinements[0].machine": "shop.unknown_machine"}),
    "an unknown state": ([table(state="packed")], {"refinements[0].state": "shop.unknown_state"}),
    "no text": ([table(3, None)], {"refinements[0].machine": "shop.unknown_machine"}),
    "a state refined twice": (
        [table(), table(initial="c", ends=["c"], c=[])],
        {"refinements[1].state": "shop.refined_twice"},
    ),
    "a name of another table": (
        [table(), table(state="completed")],
        {"refinements[1].moves[a]": "shop.name_taken", "refinements[1].moves[b]": "shop.name_taken"},
    ),
    "a state of ours": (
        [table(ends=["placed"], a=["placed"], placed=[])],
        {"refinements[0].moves[placed]": "shop.name_taken"},
    ),
    "a name twice": (
        [Refinement("order", "placed", initial="a", moves=(("a", ()), ("a", ())), ends=["a"])],
        {"refinements[0].moves[a]": "shop.name_taken"},
    ),
    "no sub-states": (
        [Refinement("order", "placed", initial="a", moves={}, ends=[])],
        {"refinements[0].moves": "shop.bad_sub_states", "refinements[0].initial": "shop.unknown_sub_state"},
    ),
    "a bad name": ([table(initial="A b", ends=["A b"], **{"A b": []})], {"refinements[0].moves": "shop.bad_name"}),
    "an unknown beginning": ([table(initial="x")], {"refinements[0].initial": "shop.unknown_sub_state"}),
    "an unknown end": ([table(ends=["b", "x"])], {"refinements[0].ends[1]": "shop.unknown_sub_state"}),
    "an unknown target": ([table(a=["b", "x"], b=[])], {"refinements[0].moves[a][1]": "shop.unknown_sub_state"}),
    "one that is never reached": ([table(a=["b"], b=[], c=["b"])], {"refinements[0].moves[c]": "shop.unreachable"}),
    "no way out": ([table(a=["b", "c"], b=[], c=[])], {"refinements[0].moves[c]": "shop.no_way_out"}),
    "a dead end": (
        [table(a=["b", "c"], b=[], c=["d"], d=["c"])],
        {"refinements[0].moves[c]": "shop.dead_end", "refinements[0].moves[d]": "shop.dead_end"},
    ),
    "no table": ([{"order": "placed"}], {"refinements": "kernel.wrong_type"}),
    "no moves": (
        [Refinement("order", "placed", initial="a", moves=["a"], ends=[])],
        {"refinements[0].moves": "kernel.wrong_type"},
    ),
    "moves to one text": ([table(a="b", b=[])], {"refinements[0].moves": "kernel.wrong_type"}),
    "ends as one text": ([table(ends="b")], {"refinements[0].ends": "kernel.wrong_type"}),
    "too many tables": ([table()] * 31, {"refinements": "shop.too_many_refinements"}),
    "several at once": (
        [table("cart"), table(state="x"), table(initial="y")],
        {
            "refinements[0].machine": "shop.unknown_machine",
            "refinements[1].state": "shop.unknown_state",
            "refinements[2].initial": "shop.unknown_sub_state",
        },
    ),
}


@pytest.mark.parametrize(("tables", "faults"), FAULTS.values(), ids=FAULTS)
def test_a_table_that_fails_a_proof_is_refused_with_every_fault(tables, faults):
    """At `open`, before anything is: one error, with paths."""
    import tokolib

    with pytest.raises(InvalidInput) as refused:
        tokolib.open("memory://", country="ID", refinements=tables)

    assert faults == {fault.path: fault.code for fault in refused.value.faults}


def test_a_change_is_held_to_the_same_proofs(play_in_memory):
    """And a refused one changes nothing."""

    async def body(toko):
        before = await toko.settings.get()
        with pytest.raises(InvalidInput) as refused:
            await toko.settings.change(refinements=(table("cart"), table(state="x")))
        assert ["shop.unknown_machine", "shop.unknown_state"] == [fault.code for fault in refused.value.faults]
        assert before == await toko.settings.get()

    play_in_memory(body, refinements=TABLES)
