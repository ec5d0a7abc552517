"""Stock counts: counted blind, posted as the difference to what was expected when it was counted."""

import asyncio
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tokolib import IDR
from tokolib.catalog.errors import UnknownSku
from tokolib.inventory import StockState, steps
from tokolib.inventory.counts import (
    AlreadyCounting,
    ApprovalNeeded,
    ApproverCounted,
    CountBelowHeld,
    CountIncomplete,
    CountIsBlind,
    CountState,
    HeldFor,
    IllegalCountTransition,
    InvalidCount,
    NotOnCount,
)
from tokolib.inventory.counts.service import CountService
from tokolib.inventory.errors import BundleHasNoStock, UnknownLocation
from tokolib.kernel.configuration import SETTINGS_ID, SettingsChanged
from tokolib.kernel.count_limit import CountLimit
from tokolib.kernel.ctx import Ctx, Staff
from tokolib.kernel.errors import InvalidInput, KeyReused, NotFound
from tokolib.kernel.hosting import Awaiting, Blocking
from tokolib.kernel.quantity import KILOGRAM, InvalidQuantity, Quantity
from tokolib.kernel.storage_errors import Refused
from tokolib.kernel.unit import SETTINGS, Unit

Door = CountService[Blocking]


def door(room: Any, who: str = "budi") -> Door:
    return CountService(attrs.evolve(room.work, ctx=Ctx(actor=Staff(who))), True)


@pytest.fixture
def stocked(room: Any) -> Any:
    """Ten coffees and five kilograms of rice."""
    room.stock.receive("KOPI-250", 10)
    room.stock.receive("BERAS", 5)
    return room


def limit(room: Any, **values: Decimal) -> None:
    async def step(unit: Unit) -> None:
        state = await unit[SETTINGS].get(SETTINGS_ID)
        unit[SETTINGS].record(state, SettingsChanged(attrs.evolve(state.values, count_limit=CountLimit(**values))))

    room.do(step)


def held(room: Any, steps_: int, owner: str = "ord_1") -> tuple[str, ...]:
    async def step(unit: Unit) -> tuple[str, ...]:
        return await steps.hold(unit, {"kopi-250": steps_}, location="main", channel="", owner=owner, until=None)

    ids: tuple[str, ...] = room.do(step)
    return ids


def taken(room: Any, ids: tuple[str, ...]) -> None:
    async def step(unit: Unit) -> None:
        await steps.take(unit, ids, refers_to="shp_1")

    room.do(step)


def test_posting_adjusts_by_the_difference(stocked: Any) -> None:
    """Each SKU by its variance, in one batch that refers to the count; the rest stays as it is."""
    sheet = door(stocked).open(["KOPI-250", "beras"], reference="Nov")
    door(stocked).count(sheet, {"KOPI-250": 8, "BERAS": "5.25"})
    posted = door(stocked).post(sheet, reason="counted")

    assert (CountState.POSTED, "Nov", "counted") == (posted.state, posted.reference, posted.reason)
    assert [Quantity(250, KILOGRAM), Quantity(-2)] == [line.variance for line in posted.lines]
    assert (8, 5_250) == (stocked.level("kopi-250").on_hand, stocked.level("beras").on_hand)
    made_for_it = [each for each in stocked.entries() if each.refers_to == posted.id]
    assert {("adjust", -2), ("adjust", 250)} == {(each.kind, each.amount) for each in made_for_it}


def test_what_moves_between_counting_and_posting_counts_once(stocked: Any) -> None:
    """Two are sold and five received after eight of ten were counted: eleven are there."""
    ids = held(stocked, 2)
    sheet = door(stocked).open(["KOPI-250"])
    door(stocked).count(sheet, {"KOPI-250": 8})
    taken(stocked, ids)
    stocked.stock.receive("KOPI-250", 5)

    posted = door(stocked).post(sheet, reason="counted")

    assert 8 - 2 + 5 == stocked.level("kopi-250").on_hand
    assert Quantity(-2) == posted.lines[0].variance


def test_counting_again_expects_what_is_expected_then(stocked: Any) -> None:
    """The last tally counts, with the books as they were at that instant; all are kept, each with who and when."""
    ids = held(stocked, 2)
    sheet = door(stocked, "ani").open(["KOPI-250"])
    door(stocked, "ani").count(sheet, {"KOPI-250": 7})
    taken(stocked, ids)
    stocked.clock.pass_(minutes=5)
    again = door(stocked, "made").count(sheet, {"KOPI-250": 7})
    assert [2] == [line.times_counted for line in again.lines]

    posted = door(stocked, "ani").post(sheet, reason="counted")

    assert 7 == stocked.level("kopi-250").on_hand
    assert [(7, 10, "staff:ani"), (7, 8, "staff:made")] == [
        (each.steps, each.expected, each.by) for each in posted.lines[0].tallies
    ]
    assert frozenset({"staff:ani", "staff:made"}) == posted.counters


def test_whoever_counts_is_shown_no_figures(stocked: Any) -> None:
    """Not before it has ended: neither by what counting answers, nor by asking; others see them."""
    sheet = door(stocked, "ani").open(["KOPI-250"])
    answered = door(stocked, "ani").count(sheet, {"KOPI-250": 7})

    assert not {"expected", "variance", "tallies", "steps"} & {
        name for part in (answered, *answered.lines) for name in dir(part)
    }
    with pytest.raises(CountIsBlind):
        door(stocked, "ani").get(sheet.id)
    assert Quantity(-3) == door(stocked, "made").get(sheet.id).lines[0].variance
    door(stocked, "ani").post(sheet, reason="counted")
    assert Quantity(-3) == door(stocked, "ani").get(sheet.id).lines[0].variance


@pytest.mark.parametrize(
    ("values", "counted", "above"),
    [
        ({"units": Decimal(2)}, 8, False),
        ({"units": Decimal(2)}, 7, True),
        ({"units": Decimal(2)}, 13, True),
        ({"share": Decimal("0.2")}, 12, False),
        ({"share": Decimal("0.2")}, 13, True),
        ({"units": Decimal(0)}, 10, False),
        ({"units": Decimal(5), "share": Decimal("0.1")}, 8, True),
        ({}, 0, False),
    ],
)
def test_above_the_limit_it_waits_for_an_approval(
    stocked: Any, values: dict[str, Decimal], counted: int, above: bool
) -> None:
    """In units, as a share of what was expected, or either; at the limit it doesn't, and without one it never does."""
    limit(stocked, **values)
    sheet = door(stocked).open(["KOPI-250"])
    door(stocked).count(sheet, {"KOPI-250": counted})

    if above:
        with pytest.raises(ApprovalNeeded) as refused:
            door(stocked).post(sheet, reason="counted")
        assert ("KOPI-250",) == refused.value.above
        assert 10 == stocked.level("kopi-250").on_hand
        door(stocked, "ani").approve(sheet)
    door(stocked).post(sheet, reason="counted")

    assert counted == stocked.level("kopi-250").on_hand


def test_a_limit_is_none_that_can_be_compared() -> None:
    """A float, a negative one, NaN, one that is finer than a millionth are refused, all of them at once."""
    for wrong in (0.5, Decimal(-1), Decimal("NaN"), Decimal("Infinity"), Decimal("1e-9"), Decimal("1e12"), 1):
        with pytest.raises(InvalidInput) as refused:
            CountLimit(units=wrong, share=wrong)  # type: ignore[arg-type]
        assert ["units", "share"] == [fault.path for fault in refused.value.faults]


def test_whoever_counted_cannot_approve(stocked: Any) -> None:
    """Nor whoever counted an earlier time; and counting again takes an approval back."""
    limit(stocked, units=Decimal(0))
    sheet = door(stocked, "ani").open(["KOPI-250"])
    with pytest.raises(CountIncomplete):
        door(stocked, "made").approve(sheet)
    door(stocked, "ani").count(sheet, {"KOPI-250": 7})
    door(stocked, "made").count(sheet, {"KOPI-250": 8})
    for who in ("ani", "made"):
        with pytest.raises(ApproverCounted) as refused:
            door(stocked, who).approve(sheet)
        assert f"staff:{who}" == refused.value.actor

    assert (CountState.APPROVED, "staff:budi") == (
        (approved := door(stocked, "budi").approve(sheet)).state,
        approved.approved_by,
    )
    assert CountState.OPEN == door(stocked, "ani").count(sheet, {"KOPI-250": 9}).state
    with pytest.raises(ApprovalNeeded):
        door(stocked, "ani").post(sheet, reason="counted")


def test_fewer_than_are_held_are_refused_with_the_orders(stocked: Any) -> None:
    """Every SKU that is short, and for whom it is held; when those have gone, it is posted."""
    ids = held(stocked, 6, "ord_1")
    held(stocked, 1, "ord_2")
    sheet = door(stocked).open(["KOPI-250", "BERAS"])
    door(stocked).count(sheet, {"KOPI-250": 5, "BERAS": 4})

    with pytest.raises(CountBelowHeld) as refused:
        door(stocked).post(sheet, reason="counted")

    (short,) = refused.value.too_few
    assert ("KOPI-250", Quantity(5), Quantity(3)) == (short.sku, short.wanted, short.free)
    assert (HeldFor("ord_1", Quantity(6)), HeldFor("ord_2", Quantity(1))) == short.held_for
    assert "6 pcs for ord_1" in str(refused.value)
    assert (10, 5_000) == (stocked.level("kopi-250").on_hand, stocked.level("beras").on_hand)

    async def give_back(unit: Unit) -> None:
        await steps.release(unit, ids)

    stocked.do(give_back)
    assert CountState.POSTED == door(stocked).post(sheet, reason="counted").state
    assert 5 == stocked.level("kopi-250").on_hand


class Overtaken:
    """A storage on which somebody else is faster: its first commit finds what *act* did, and is refused."""

    def __init__(self, storage: Any, act: Callable[[], object], refusal: Refused) -> None:
        self.storage, self.act, self.refusal, self.unit = storage, act, refusal, None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.storage if self.unit is None else self.unit, name)

    def begin(self, partition: str, *, read_only: bool = False) -> Any:
        unit = self.storage.begin(partition, read_only=read_only)
        if read_only:
            return unit
        made = Overtaken(self.storage, self.act, self.refusal)
        made.unit = unit
        return made

    def commit(self) -> None:
        self.unit.rollback()  # type: ignore[attr-defined]
        self.act()
        raise self.refusal


def overtaken(room: Any, act: Callable[[], object], refusal: Refused) -> Door:
    return CountService(attrs.evolve(room.work, storage=Overtaken(room.storage, act, refusal)), True)


def test_who_holds_while_it_is_posted_is_named_too(in_memory: Any) -> None:
    """The storage's own refusal at the commit gets the same name, with the holds that stand by then."""
    room = in_memory()
    room.stock.receive("KOPI-250", 10)
    sheet = door(room).open(["KOPI-250"])
    door(room).count(sheet, {"KOPI-250": 4})

    with pytest.raises(CountBelowHeld) as refused:
        overtaken(room, lambda: held(room, 7), Refused("adjust", "main|kopi-250", -6, 3)).post(sheet, reason="counted")

    assert (HeldFor("ord_1", Quantity(7)),) == refused.value.too_few[0].held_for
    assert (10, CountState.OPEN) == (room.level("kopi-250").on_hand, door(room).sheet(sheet.id).state)


def test_a_sku_of_a_place_is_on_one_open_count(stocked: Any) -> None:
    """Else both would post one variance; another place, another state and an ended count don't stand in the way."""
    stocked.stock.open_location("toko", "Toko")
    first = door(stocked).open(["KOPI-250", "BERAS"])

    with pytest.raises(AlreadyCounting) as refused:
        door(stocked).open(["kopi-250"])
    assert first.id == refused.value.count_id
    door(stocked).open(["KOPI-250"], location="toko")
    damaged = door(stocked).open(["KOPI-250"], state=StockState.DAMAGED)
    door(stocked).cancel(first, reason="not today")

    assert CountState.OPEN == door(stocked).open(["KOPI-250"]).state
    with pytest.raises(AlreadyCounting):
        door(stocked).open(["KOPI-250"], state=StockState.DAMAGED)
    door(stocked).count(damaged, {"KOPI-250": 0})
    door(stocked).post(damaged, reason="counted")
    door(stocked).open(["KOPI-250"], state=StockState.DAMAGED)


def test_another_count_of_this_very_moment_is_refused_too(in_memory: Any) -> None:
    """Where both see no open count, the storage lets one of them have the SKU."""
    room = in_memory()
    room.stock.receive("KOPI-250", 10)

    with pytest.raises(AlreadyCounting) as refused:
        overtaken(room, lambda: door(room).open(["KOPI-250"]), Refused("count", "counting.main|kopi-250", 1, 0)).open(
            ["KOPI-250"]
        )

    assert ("kopi-250", "main", "") == (refused.value.sku, refused.value.location, refused.value.count_id)
    assert 1 == len(door(room).in_state(CountState.OPEN).items)


def test_all_are_counted_or_left(stocked: Any) -> None:
    """What nobody counted is named, and stays as it is where that is wished; of nothing at all there is no posting."""
    sheet = door(stocked).open(["KOPI-250", "BERAS"])
    for let_be in (False, True):
        with pytest.raises(CountIncomplete) as refused:
            door(stocked).post(sheet, reason="counted", leave_uncounted=let_be)
        assert ("BERAS", "KOPI-250") == refused.value.uncounted
    door(stocked).count(sheet, {"KOPI-250": 0})
    with pytest.raises(CountIncomplete) as refused:
        door(stocked).post(sheet, reason="counted")
    assert ("BERAS",) == refused.value.uncounted

    posted = door(stocked).post(sheet, reason="counted", leave_uncounted=True)

    assert (0, 5_000) == (stocked.level("kopi-250").on_hand, stocked.level("beras").on_hand)
    assert [None, Quantity(-10)] == [line.variance for line in posted.lines]


def test_a_variance_has_a_value_where_a_cost_is_known(stocked: Any) -> None:
    """By the unit of measure, rounded half up; in units alone where nobody said what it cost."""
    sheet = door(stocked).open(["KOPI-250", "BERAS"], unit_costs={"BERAS": IDR(12_345)})
    door(stocked).count(sheet, {"KOPI-250": 9, "BERAS": "4.9"})

    posted = door(stocked).post(sheet, reason="counted")

    assert [IDR(-1_235), None] == [line.value for line in posted.lines]


def test_each_command_with_a_key_happens_once(stocked: Any) -> None:
    """An answer that was lost is asked for again; a repeated tally keeps what was expected the first time."""
    mine = door(stocked)
    sheets = [mine.open(["KOPI-250"], key="o") for _ in range(2)]
    assert sheets[0].id == sheets[1].id
    mine.count(sheets[0], {"KOPI-250": 8}, key="c")
    stocked.stock.receive("KOPI-250", 5)
    assert [1] == [line.times_counted for line in mine.count(sheets[0], {"KOPI-250": 8}, key="c").lines]
    with pytest.raises(KeyReused):
        mine.count(sheets[0], {"KOPI-250": 9}, key="c")
    for _ in range(2):
        door(stocked, "ani").approve(sheets[0], key="a")
    for _ in range(2):
        mine.post(sheets[0], reason="counted", key="p")

    assert 13 == stocked.level("kopi-250").on_hand
    assert [sheets[0].id] == [each.id for each in mine.in_state(CountState.POSTED).items]


def test_a_count_that_makes_no_sense_is_refused(stocked: Any) -> None:
    """Of nothing, of what is on its way, of what the shop doesn't know, nowhere, of a bundle, of fewer than none."""
    mine = door(stocked)
    for wrong, skus, more in (
        (InvalidCount, [], {}),
        (InvalidCount, ["KOPI-250"], {"state": StockState.TRANSIT}),
        (UnknownSku, ["TEH"], {}),
        (UnknownLocation, ["KOPI-250"], {"location": "bandung"}),
        (BundleHasNoStock, ["PAKET"], {}),
    ):
        with pytest.raises(wrong):
            mine.open(skus, **more)  # type: ignore[arg-type]
    with pytest.raises(InvalidInput):
        mine.open("KOPI-250")
    sheet = mine.open(["KOPI-250"])
    with pytest.raises(NotOnCount) as strange:
        mine.count(sheet, {"BERAS": 1})
    assert ("KOPI-250",) == strange.value.known
    with pytest.raises(InvalidQuantity):
        mine.count(sheet, {"KOPI-250": -1})
    with pytest.raises(InvalidInput):
        mine.count(sheet, {})
    with pytest.raises(InvalidInput):
        mine.post(sheet, reason=" ")
    with pytest.raises(NotFound):
        mine.sheet(sheet.id + "x")  # type: ignore[arg-type]


def test_what_has_ended_says_what_is_possible(stocked: Any) -> None:
    """Nothing more: the refusal names it."""
    mine = door(stocked)
    sheet = mine.open(["KOPI-250"])
    mine.count(sheet, {"KOPI-250": 10})
    mine.post(sheet, reason="counted")

    for again in (
        lambda: mine.count(sheet, {"KOPI-250": 9}),
        lambda: mine.post(sheet, reason="x"),
        lambda: mine.cancel(sheet, reason="x"),
        lambda: mine.approve(sheet),
    ):
        with pytest.raises(IllegalCountTransition) as refused:
            again()
        assert () == refused.value.allowed


def test_the_door_can_be_awaited(stocked: Any) -> None:
    """The same commands, awaited, do the same."""
    mine: CountService[Awaiting] = CountService(stocked.work, False)

    async def body() -> CountState:
        sheet = await mine.open(["KOPI-250"])
        await mine.count(sheet, {"KOPI-250": 3})
        return (await mine.post(sheet, reason="counted")).state

    assert CountState.POSTED == asyncio.run(body())
    assert 3 == stocked.level("kopi-250").on_hand


ACTS = st.lists(
    st.tuples(st.sampled_from(["count", "sell", "receive", "post"]), st.integers(0, 12), st.integers(0, 3)), max_size=12
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # it makes a stockroom for each
@given(acts=ACTS)
def test_after_posting_the_books_say_what_is_there(in_memory: Any, acts: list[tuple[str, int, int]]) -> None:
    """Whoever counts rightly, whenever: goods that were lost unseen are off the books, and no others."""
    room = in_memory()
    room.stock.receive("KOPI-250", 20)
    mine, there = door(room), 20
    sheet = mine.open(["KOPI-250"])
    lost_at_tally = None
    lost = 0
    for number, (act, steps_, gone) in enumerate(acts):
        match act:
            case "count":
                gone = min(gone, there, room.level("kopi-250").available)
                there, lost = there - gone, lost + gone
                mine.count(sheet, {"KOPI-250": there})
                lost_at_tally = lost
            case "sell" if 0 < steps_ <= min(there, room.level("kopi-250").available) - lost:
                taken(room, held(room, steps_, f"ord_{number}"))
                there -= steps_
            case "receive" if steps_:
                room.stock.receive("KOPI-250", steps_)
                there += steps_
            case "post" if lost_at_tally is not None:
                mine.post(sheet, reason="counted")
                assert there == room.level("kopi-250").on_hand
                sheet, lost_at_tally, lost = mine.open(["KOPI-250"]), None, 0
            case _:
                pass
    expected = there + lost
    assert expected == room.level("kopi-250").on_hand
