"""Stock: what is held is never sold twice, and what ran out is free again without a sweeper."""

from datetime import datetime, timedelta

import pytest

from tokolib.kernel.rows import LARGEST_INTEGER, Demand, HoldState, Kind, Level, StockRow, StoredHold
from tokolib.kernel.storage_errors import AlreadyExists, HoldGone, Misuse, Refused
from tokolib.testing.storage_checks.driven import Driven
from tokolib.testing.storage_checks.setting import MICROSECOND, NOW, SOON, Setting, demand, everything


def level(store: Driven, resource: str = "kopi", *, now: datetime = NOW) -> Level:
    """The level of a resource."""
    with store.reading() as unit:
        found: Level = unit.levels([resource], now=now)[resource]
    return found


def state(store: Driven, hold_id: str) -> HoldState:
    """The state of a hold."""
    with store.reading() as unit:
        found: StoredHold = unit.holds([hold_id])[hold_id]
    return found.state


class StockChecks(Setting):
    """On hand, held and available, for one who acts alone."""

    @pytest.fixture
    def stocked(self, store: Driven) -> Driven:
        """Ten kopi and ten teh on hand."""
        with store.unit() as unit:
            unit.adjust("kopi", 10)
            unit.adjust("teh", 10)
        return store

    def hold(self, store: Driven, *demands: Demand, until: datetime | None = SOON, now: datetime = NOW) -> None:
        """Hold in a unit of its own."""
        with store.unit() as unit:
            unit.hold(demands, until=until, now=now)

    def test_unknown_resources_are_zero(self, store: Driven) -> None:
        """levels() answers every resource that it is asked for, zeros for those it doesn't know."""
        with store.reading() as unit:
            assert {"kopi": Level(0, 0, 0)} == unit.levels(["kopi"], now=NOW)
            assert {} == unit.levels([], now=NOW)
            assert {} == unit.holds(["h"])

    def test_a_hold_takes_from_what_is_available(self, stocked: Driven) -> None:
        """A hold leaves on hand alone, and lowers what is available until its lease ends."""
        self.hold(stocked, demand("h", quantity=4))

        found = level(stocked)
        assert Level(10, 4, 6) == found
        assert [int] * 3 == [type(found.on_hand), type(found.held), type(found.available)]
        with stocked.reading() as unit:
            assert {"h": StoredHold("h", "kopi", 4, "o1", HoldState.LEASED, SOON)} == unit.holds(["h", "x"])

    def test_all_demands_are_held_or_none(self, stocked: Driven) -> None:
        """When one demand can't be held, none is, and the refusal names it and what is available."""
        with pytest.raises(Refused) as refused:
            self.hold(stocked, demand("a", "kopi", 4), demand("b", "teh", 11))

        assert Refused("hold", "teh", 11, 10).problem() == refused.value.problem()
        assert (Level(10, 0, 10), Level(10, 0, 10)) == (level(stocked, "kopi"), level(stocked, "teh"))
        with stocked.reading() as unit:
            assert {} == unit.holds(["a", "b"])

    def test_the_last_step_can_be_held(self, stocked: Driven) -> None:
        """Exactly what is on hand can be held, in one demand or several; one step more is refused."""
        self.hold(stocked, demand("a", quantity=9), demand("b", quantity=1))

        with pytest.raises(Refused) as refused:
            self.hold(stocked, demand("c", quantity=1))
        assert Refused("hold", "kopi", 1, 0).problem() == refused.value.problem()

    def test_a_hold_is_idempotent_by_its_id(self, stocked: Driven) -> None:
        """The same id with the same resource and quantity holds once, in one unit or in several."""
        self.hold(stocked, demand("h", quantity=4), demand("h", quantity=4))
        self.hold(stocked, demand("h", quantity=4), until=SOON + timedelta(hours=1))

        assert Level(10, 4, 6) == level(stocked)
        with stocked.reading() as unit:
            assert SOON == unit.holds(["h"])["h"].until

    @pytest.mark.parametrize("other", [demand("h", quantity=3), demand("h", "teh", 4)])
    def test_an_id_holds_one_thing(self, stocked: Driven, other: Demand) -> None:
        """The same id with another resource or quantity is refused, and nothing changes."""
        self.hold(stocked, demand("h", quantity=4))

        with pytest.raises(AlreadyExists) as refused:
            self.hold(stocked, other)

        assert AlreadyExists("hold", "h", "id").problem() == refused.value.problem()
        assert (Level(10, 4, 6), Level(10, 0, 10)) == (level(stocked), level(stocked, "teh"))

    @pytest.mark.parametrize("ending", ["take", "release"])
    def test_an_ended_id_holds_nothing_again(self, stocked: Driven, ending: str) -> None:
        """Holding again under the id of a hold that has ended is refused: the goods are no longer its."""
        self.hold(stocked, demand("h"))
        with stocked.unit() as unit:
            unit.take(["h"], now=NOW) if ending == "take" else unit.release(["h"])

        with pytest.raises(HoldGone):
            self.hold(stocked, demand("h"))

    def test_a_lease_that_ran_out_frees_its_stock(self, stocked: Driven) -> None:
        """Nobody sweeps: whoever would be refused reaps first, and the reaped hold can be read as expired."""
        self.hold(stocked, demand("old", quantity=10))
        assert Level(10, 0, 10) == level(stocked, now=SOON)

        self.hold(stocked, demand("new", quantity=10), until=SOON + timedelta(hours=1), now=SOON)

        assert Level(10, 10, 0) == level(stocked, now=SOON)
        assert HoldState.EXPIRED == state(stocked, "old")

    def test_a_lease_ends_at_its_moment(self, stocked: Driven) -> None:
        """One microsecond before its end a lease stands; at its end it has ended, for every method."""
        self.hold(stocked, demand("h", quantity=10))
        before = SOON - MICROSECOND

        assert 0 == level(stocked, now=before).available
        assert 10 == level(stocked, now=SOON).available
        with pytest.raises(Refused):
            self.hold(stocked, demand("n"), until=SOON + timedelta(hours=1), now=before)
        for use in ("keep", "take"):
            with pytest.raises(HoldGone) as refused, stocked.unit() as unit:
                getattr(unit, use)(["h"], now=SOON)
            assert HoldGone("h", "expired").problem() == refused.value.problem()
        with stocked.unit() as unit:
            unit.keep(["h"], now=before)
        assert Level(10, 10, 0) == level(stocked, now=SOON)

    def test_a_lease_must_end_later(self, stocked: Driven) -> None:
        """A lease that ends now or earlier, and a quantity below one, are refused when recorded."""
        with stocked.unit() as unit:
            for until in (NOW, NOW - MICROSECOND):
                with pytest.raises(Misuse):
                    unit.hold([demand("h")], until=until, now=NOW)
            for quantity in (0, -1):
                with pytest.raises(Misuse):
                    unit.hold([demand("h", quantity=quantity)], until=SOON, now=NOW)

    def test_a_kept_hold_lasts(self, stocked: Driven) -> None:
        """keep() ends the lease, not the hold; it may be said again, and a hold without a lease is born kept."""
        self.hold(stocked, demand("h", quantity=4))
        self.hold(stocked, demand("g", quantity=1), until=None)
        with stocked.unit() as unit:
            unit.keep(["h", "g"], now=NOW)
            unit.keep(["h"], now=SOON)

        assert Level(10, 5, 5) == level(stocked, now=SOON + timedelta(days=400))
        with stocked.reading() as unit:
            assert StoredHold("h", "kopi", 4, "o1", HoldState.KEPT, None) == unit.holds(["h"])["h"]
            assert HoldState.KEPT == unit.holds(["g"])["g"].state

    def test_taken_goods_leave_once(self, stocked: Driven) -> None:
        """take() lowers on hand and held together; a second take is refused, a release then changes nothing."""
        self.hold(stocked, demand("a", quantity=4), demand("b", "teh", 3))
        with stocked.unit() as unit:
            unit.take(["a", "b"], now=NOW)

        with pytest.raises(HoldGone) as refused, stocked.unit() as unit:
            unit.take(["a"], now=NOW)
        with stocked.unit() as unit:
            unit.release(["a"])

        assert HoldGone("a", "taken").problem() == refused.value.problem()
        assert (Level(6, 0, 6), Level(7, 0, 7)) == (level(stocked), level(stocked, "teh"))
        assert HoldState.TAKEN == state(stocked, "a")

    def test_a_release_gives_back_once(self, stocked: Driven) -> None:
        """release() frees leased and kept holds; again, or for an unknown id, it changes nothing."""
        self.hold(stocked, demand("a", quantity=4))
        self.hold(stocked, demand("b", quantity=2), until=None)
        for _ in range(2):
            with stocked.unit() as unit:
                unit.release(["a", "b", "a", "unknown"])

        assert Level(10, 0, 10) == level(stocked)
        assert HoldState.RELEASED == state(stocked, "a")
        for use in ("keep", "take"):
            for id, was in (("a", "released"), ("unknown", "unknown")):
                with pytest.raises(HoldGone) as refused, stocked.unit() as unit:
                    getattr(unit, use)([id], now=NOW)
                assert HoldGone(id, was).problem() == refused.value.problem()

    def test_on_hand_never_falls_below_what_is_held(self, stocked: Driven) -> None:
        """adjust() to exactly what is held works; one below is refused, says how far it may go."""
        self.hold(stocked, demand("h", quantity=4))

        with pytest.raises(Refused) as refused, stocked.unit() as unit:
            unit.adjust("kopi", -7)
        with stocked.unit() as unit:
            unit.adjust("kopi", -6)
        with pytest.raises(Refused), stocked.unit() as unit:
            unit.adjust("nothing", -1)

        assert Refused("adjust", "kopi", -7, 6).problem() == refused.value.problem()
        assert Level(4, 4, 0) == level(stocked)

    def test_a_demand_leaves_what_it_may_not_draw_on(self, stocked: Driven) -> None:
        """What a demand leaves must be available after it; the refusal says how much it could have had."""
        self.hold(stocked, demand("a", quantity=3, leave=6))

        for others in ([], ["unknown"]):  # alone, and among other writes
            with pytest.raises(Refused) as refused, stocked.unit() as unit:
                unit.hold([demand("b", quantity=2, leave=6)], until=SOON, now=NOW)
                unit.release(others)
            assert Refused("hold", "kopi", 2, 1).problem() == refused.value.problem()
        with pytest.raises(Refused) as refused:
            self.hold(stocked, demand("b", quantity=1, leave=LARGEST_INTEGER))
        assert Refused("hold", "kopi", 1, 0).problem() == refused.value.problem()

        self.hold(stocked, demand("b", quantity=1, leave=6))
        self.hold(stocked, demand("c", quantity=6))
        assert Level(10, 10, 0) == level(stocked)

    def test_demands_of_one_unit_leave_what_they_leave_in_turn(self, stocked: Driven) -> None:
        """A demand that leaves some, and then one that takes of it, are met in this order and not in the other."""
        with pytest.raises(Refused) as refused:
            self.hold(stocked, demand("b", quantity=6), demand("a", quantity=2, leave=3))
        assert Refused("hold", "kopi", 2, 1).problem() == refused.value.problem()
        assert Level(10, 0, 10) == level(stocked)

        self.hold(stocked, demand("a", quantity=2, leave=3), demand("b", quantity=8))
        assert Level(10, 10, 0) == level(stocked)

    def test_what_is_left_counts_run_out_leases_as_free(self, stocked: Driven) -> None:
        """A lease that ran out makes up what a demand has to leave."""
        self.hold(stocked, demand("old", quantity=8))

        self.hold(stocked, demand("new", quantity=1, leave=9), until=SOON + timedelta(hours=1), now=SOON)

        assert HoldState.EXPIRED == state(stocked, "old")

    def test_a_held_demand_may_be_repeated_whatever_it_leaves(self, stocked: Driven) -> None:
        """What is to be left binds a new hold only: the same one again is held already."""
        self.hold(stocked, demand("h", quantity=4, leave=6))
        self.hold(stocked, demand("h", quantity=4, leave=6), demand("g", quantity=6))
        self.hold(stocked, demand("h", quantity=4, leave=6))

        assert Level(10, 10, 0) == level(stocked)

    def test_what_is_left_is_none_or_more(self, store: Driven) -> None:
        """A demand that would leave fewer than none is refused when recorded."""
        with store.unit() as unit, pytest.raises(Misuse):
            unit.hold([demand("h", leave=-1)], until=SOON, now=NOW)

    def test_stock_never_wraps(self, store: Driven) -> None:
        """On hand goes to 2^63 - 1 and not beyond."""
        with store.unit() as unit:
            unit.adjust("kopi", LARGEST_INTEGER)
        with pytest.raises(Refused), store.unit() as unit:
            unit.adjust("kopi", 1)

        self.hold(store, demand("h", quantity=LARGEST_INTEGER))
        assert Level(LARGEST_INTEGER, LARGEST_INTEGER, 0) == level(store)

    def test_stock_writes_of_one_unit_happen_in_their_order(self, store: Driven) -> None:
        """Within a resource a unit's writes happen as recorded: goods that arrive can be held and leave at once."""
        with store.unit() as unit:
            unit.adjust("kopi", 5)
            unit.hold([demand("h", quantity=5), demand("t", "teh", 1)][:1], until=SOON, now=NOW)
            unit.adjust("teh", 2)
            unit.take(["h"], now=NOW)
            unit.adjust("kopi", 3)
            unit.hold([demand("g", quantity=3)], until=None, now=NOW)
            unit.release(["g"])
            unit.hold([demand("g1", quantity=1), demand("g2", quantity=2)], until=None, now=NOW)
        with pytest.raises(Refused), store.unit() as unit:
            unit.hold([demand("n", "susu")], until=SOON, now=NOW)
            unit.adjust("susu", 1)

        assert (Level(3, 3, 0), Level(2, 0, 2)) == (level(store), level(store, "teh"))

    def test_counters_agree_with_holds(self, stocked: Driven) -> None:
        """What a resource holds is the sum of its leased and kept holds, to be proved by a scan."""
        self.hold(stocked, demand("a", quantity=2), demand("b", "teh", 3))
        self.hold(stocked, demand("c", quantity=5), until=None)
        with stocked.unit() as unit:
            unit.take(["a"], now=NOW)

        rows = everything(stocked)
        assert [StockRow("kopi", 8, 5), StockRow("teh", 10, 3)] == rows[Kind.STOCK]
        assert ["taken", "leased", "kept"] == [hold.state for hold in rows[Kind.HOLDS]]
