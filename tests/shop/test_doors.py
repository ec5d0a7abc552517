"""The shop as a whole: tenants, actors, settings, and the errors that a host hands on."""

import asyncio
import sqlite3
import traceback
from contextlib import closing
from datetime import date, datetime
from functools import partial
from pathlib import Path

import attrs
import pytest

import tokolib
from tokolib import IDR, InvalidInput, NotFound, Policies, Staff
from tokolib.cart.model import LineWish
from tokolib.checkout.model import ChargeWish
from tokolib.desk.ports import Broker, BrokerCapabilities
from tokolib.desk.relay_policy import RelayPolicy
from tokolib.desk.settings import CountryNeeded, SettingsLost
from tokolib.kernel.clock import UnknownZone
from tokolib.kernel.ctx import Decision
from tokolib.kernel.errors import ConfigMismatch, Forbidden, HostMismatch, NaiveDatetime, TokolibError, VersionMismatch
from tokolib.kernel.money_errors import NotMoney
from tokolib.kernel.rounding import RoundingProfile
from tokolib.kernel.storage import Storage
from tokolib.kernel.storage_errors import Misuse
from tokolib.payments.ports import PaymentGateway
from tokolib.pricing.model import ChargeKind
from tokolib.pricing.promotions.model import Terms
from tokolib.shop.duties import duties
from tokolib.shop.hint import Hint
from tokolib.testing.builders import Given
from tokolib.testing.clock import ManualClock
from tokolib.testing.fake_gateway import AsyncFakeGateway, FakeGateway, FakeWorld
from tokolib.testing.ids import SeededIds

NAIVE = datetime(2026, 3, 14)  # noqa: DTZ001 - what a careless clock says


def test_tenants_of_one_file_know_nothing_of_each_other(play_on_file):
    """Two shops, the same SKUs, the same keys: each has its own stock, orders and books."""

    async def body(toko):
        from tokolib.adapters.sqlite import SqliteStorage
        from tokolib.records.collections import COLLECTIONS

        order = await toko.given.order({"KOPI-250": 1}, key="same")
        with tokolib.open(
            SqliteStorage(toko.path, COLLECTIONS), country="ID", tenant="other", clock=toko.clock
        ) as other:
            given = Given(other)
            given.goods({"KOPI-250": 1_000}, stock=5)
            theirs = given.order({"KOPI-250": 2}, key="same")
            assert (theirs.total, other.stock.available("KOPI-250").steps) == (IDR(2_000), 3)
            with pytest.raises(NotFound):
                other.orders.get(order.id)
            assert other.orders.by_reference(order.reference) is None
            assert other.verify()
            back = other.acting(Staff("budi"), tenant="default")
            assert [each.id for each in back.orders.page().items] == [order.id]
        assert (await toko.stock.available("KOPI-250")).steps == 19
        with pytest.raises(NotFound):
            await toko.another(Staff("budi"), tenant="nobody").settings.get()

    play_on_file(body)


class NoCancelling:
    """Only the host may cancel."""

    def check(self, ctx, permission):
        denied = permission in ("orders.cancel", "shop.tick") and not isinstance(ctx.actor, tokolib.System)
        return Decision(not denied, "only the host" if denied else "")


def test_an_access_policy_may_deny(play):
    """The denied command changes nothing, and the error says who may not what."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 1})
        staff = toko.another(Staff("budi"))
        with pytest.raises(Forbidden) as denied:
            await staff.orders.cancel(order, reason="x")
        assert denied.value.problem() == {
            "type": "tokolib:kernel.forbidden",
            "title": "forbidden",
            "status": 403,
            "detail": "staff:budi may not orders.cancel: only the host",
            "code": "kernel.forbidden",
            "actor": "staff:budi",
            "permission": "orders.cancel",
            "reason": "only the host",
        }
        assert await toko.orders.get(order.id) == order
        await toko.given.order({"KOPI-250": 1}, tender="bank_transfer")
        toko.clock.forward(hours=25)
        with pytest.raises(Forbidden):
            await staff.tick()
        await toko.orders.cancel(order, reason="x")

    play(body, access=NoCancelling())


def test_a_denied_tick_asks_nobody(play):
    """The permission comes before everything else: no gateway is called, nothing is written."""

    async def body(toko):
        toko.world.switches.unreachable = 1
        order = await toko.given.order({"KOPI-250": 1}, tender="fake")
        toko.clock.forward(minutes=10)
        before, calls = await toko.payments.intent(order), list(toko.world.calls)
        with pytest.raises(Forbidden):
            await toko.another(Staff("budi")).tick()
        assert (await toko.payments.intent(order), toko.world.calls, toko.world.charges) == (before, calls, ())
        assert (await toko.tick()).asked_payments == 1
        assert len(toko.world.charges) == 1

    play(body, access=NoCancelling())


@pytest.mark.parametrize("budget", [0, -1, 10**30, 10**5000], ids=["none", "negative", "large", "huge"])
def test_a_tick_has_a_budget(play_in_memory, budget):
    """At least one thing of each kind, and no more than a storage can count."""

    async def body(toko):
        with pytest.raises(InvalidInput) as refused:
            await toko.tick(budget=budget)
        assert [fault.path for fault in refused.value.faults] == ["budget"]

    play_in_memory(body)


def test_ppn_by_status_and_by_country(play_in_memory):
    """Not PKP: none. PKP: contained in the price. Abroad by its own law: on top."""

    async def body(toko):
        assert (await toko.given.quote({"KOPI-250": 1})).tax == IDR(0)
        await toko.settings.change(pkp_since=date(2020, 1, 1))
        quote = await toko.given.quote({"KOPI-250": 1})
        assert (quote.total, quote.tax) == (IDR(75_000), IDR(7_432))
        await toko.settings.change(prices_include_tax=False)
        order = await toko.given.order({"KOPI-250": 3})
        assert (order.total, order.lines[0].line.taxes[0].amount) == (IDR(249_750), 24_750)
        await toko.ship(order)
        backs = [(await toko.returns.accept(order, {"KOPI-250": n})).refund.amount for n in (2, 1)]
        assert sum(backs, IDR(0)) == order.total

    play_in_memory(body)


def test_settings_change_whole_or_not_at_all(play):
    """Every fault is named; versions are checked; a change that changes nothing is none."""

    async def body(toko):
        with pytest.raises(InvalidInput) as refused:
            await toko.settings.change(transfer_hours=True, quote_minutes="60", pkp_since="2020")
        assert {fault.path for fault in refused.value.faults} == {"transfer_hours", "quote_minutes", "pkp_since"}
        with pytest.raises(InvalidInput) as refused:
            await toko.settings.change(hold_minutes=0, invoice_prefix="no spaces")
        assert [fault.path for fault in refused.value.faults] == ["hold_minutes", "invoice_prefix"]
        with pytest.raises(InvalidInput) as refused:
            await toko.settings.change(transfer_hours=10**8, quote_minutes=10**9)
        assert {fault.path for fault in refused.value.faults} == {"transfer_hours", "quote_minutes"}
        with pytest.raises(InvalidInput) as refused:
            await toko.settings.change(pkp_since=toko.clock.now())
        assert {fault.path for fault in refused.value.faults} == {"pkp_since"}
        with pytest.raises(InvalidInput):
            await toko.settings.change(tax_rounding=RoundingProfile("HALF UP", "line"))
        with pytest.raises(UnknownZone):
            await toko.settings.change(zone="Asia/Atlantis")
        with pytest.raises(InvalidInput):
            Policies(placement="yesterday")
        assert Policies(placement="frozen").placement is Policies(placement="frozen").placement.FROZEN
        with pytest.raises(VersionMismatch):
            await toko.settings.change(quote_minutes=5, expected=7)
        changed = await toko.settings.change(quote_minutes=5, invoice_prefix="", zone="Asia/Makassar", expected=1)
        assert (changed.quote_minutes, changed.zone) == (5, "Asia/Makassar")
        assert await toko.settings.change(quote_minutes=5, expected=2) == changed == await toko.settings.get()

    play(body)


def test_the_longest_terms_can_be_kept(play_in_memory):
    """Ten years at most, so that every instant that a term leads to is one."""

    async def body(toko):
        await toko.settings.change(hold_minutes=5_256_000, transfer_hours=87_600, quote_minutes=5_256_000)
        order = await toko.given.order({"KOPI-250": 1}, tender="bank_transfer")
        assert order.due_until.year == toko.clock.now().year + 10

    play_in_memory(body)


def test_a_shop_is_opened_as_what_it_is():
    """A new one needs its country; what is given later must agree."""
    with pytest.raises(CountryNeeded) as needed:
        tokolib.open("memory://")
    assert "country" in needed.value.hint
    from tokolib.adapters.memory import MemoryStorage
    from tokolib.records.collections import COLLECTIONS

    storage = MemoryStorage(COLLECTIONS)
    with tokolib.open(storage, country="ID", ids=SeededIds(7)) as shop:
        again = tokolib.open(storage, country="ID", currency="IDR", zone="Asia/Jakarta")
        assert again.settings.get() == shop.settings.get()
        with pytest.raises(ConfigMismatch):
            tokolib.open(storage, country="SG")
        with pytest.raises(InvalidInput, match=r"printable characters @ actor\.id"):
            shop.acting(Staff("budi\ud800"))


def test_half_a_character_is_the_callers_mistake(play):
    """JSON can carry half a surrogate pair; every storage refuses it the same way, before it is asked."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 1})
        with pytest.raises(InvalidInput) as refused:
            await toko.orders.cancel(order.id + "\ud800", reason="x\udfff")
        assert ["kernel.not_unicode", "kernel.not_unicode"] == [fault.code for fault in refused.value.faults]
        with pytest.raises(InvalidInput):
            await toko.prices.put("KOPI\ud800", IDR(1))
        assert await toko.orders.get(order.id) == order

    play(body)


def test_a_nul_is_the_callers_mistake(play):
    """JSON can carry it, and PostgreSQL keeps none; a free reason is refused with one on every storage."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 1})
        with pytest.raises(InvalidInput) as refused:
            await toko.orders.cancel(order, reason="changed\0mind")
        assert [("reason", "kernel.unprintable")] == [(each.path, each.code) for each in refused.value.faults]
        assert await toko.orders.get(order.id) == order

    play(body)


def test_what_stands_inside_an_argument_is_told_with_its_path(play):
    """A wish, terms, a charge: no field of another type, and no bare number for money, gets past the door."""

    async def body(toko):
        cart = await toko.carts.start({"KOPI-250": 1})
        with pytest.raises(InvalidInput) as refused:
            await toko.carts.add(cart, [LineWish("KOPI-250", 1), LineWish(5, 1, IDR(1), None)])
        assert ["lines[1].sku", "lines[1].reason"] == [fault.path for fault in refused.value.faults]
        with pytest.raises(InvalidInput) as refused:
            await toko.promotions.put("diskon", Terms("Diskon", "order"))
        assert ["terms.benefit"] == [fault.path for fault in refused.value.faults]
        with pytest.raises(NotMoney):
            await toko.carts.quote(cart, charges=[ChargeWish(ChargeKind.FEE, "Bungkus", 5_000, "hadiah")])
        with pytest.raises(NotMoney):
            await toko.promotions.fixed("diskon", 5_000)
        assert 1 == (await toko.carts.get(cart)).version
        assert () == (await toko.promotions.page()).items

    play(body)


@pytest.mark.parametrize("name", ["cash", "bank_transfer", "cod", "free", "fake", ""])
def test_a_gateway_is_a_tender_of_its_own(toko_clock, name):
    """A gateway that another one, or a local tender, would hide is refused: its money would go elsewhere."""
    world = FakeWorld(toko_clock)
    with pytest.raises(InvalidInput) as refused:
        tokolib.open("memory://", country="ID", gateways=[FakeGateway(world), FakeGateway(world, name)])
    (fault,) = refused.value.faults
    assert ("gateways[1].name", "payments.tender_taken", repr(name)) == (fault.path, fault.code, fault.value)


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"gateways": 5}, "gateways"),
        ({"gateways": [object()]}, "gateways[0]"),
        ({"gateways": "fake"}, "gateways[0]"),
        ({"clock": 5}, "clock"),
        ({"clock": ManualClock}, "clock"),
        ({"ids": object()}, "ids"),
        ({"access": "everybody"}, "access"),
    ],
)
@pytest.mark.parametrize("opening", [tokolib.open, tokolib.aopen])
def test_a_part_that_is_none_is_refused_at_the_door(tmp_path, opening, given, path):
    """A wrong argument is named before anything is opened, not when it is first needed."""
    file = tmp_path / "shop.db"
    with pytest.raises(InvalidInput) as refused:
        opening(f"sqlite:///{file}", country="ID", **given)
    assert (path, "kernel.wrong_type") == (refused.value.faults[0].path, refused.value.faults[0].code)
    assert not file.exists()


class Half:
    """As much of a part as an unfinished adapter has."""

    def __init__(self, **members):
        vars(self).update(members)

    def __repr__(self):
        return "Half()"


async def answer_later(*args):
    """What nobody awaits."""


OF_GATEWAYS = dict.fromkeys(
    ("create", "authorise", "capture", "refund", "void", "submit_evidence", "query", "parse_webhook"), print
)


@pytest.mark.parametrize(
    ("part", "given", "message"),
    [
        ("clock", Half(now=5), "must have now(...)"),
        ("clock", Half(now=answer_later), "now(...) must answer at once, not be awaited"),
        ("clock", ManualClock, "must be an object, such as ManualClock() may be"),
        ("ids", Half(new=print), "must have secret(...)"),
        ("ids", object(), "must have new(...), secret(...)"),
        ("access", Half(check=answer_later), "check(...) must answer at once, not be awaited"),
        ("broker", Half(publish=5, capabilities=BrokerCapabilities(max_payload=9)), "must have publish(...)"),
        ("broker", Half(publish=print, capabilities=None), "must have capabilities (BrokerCapabilities)"),
        ("relay_policy", Half(wait=print), "must be a RelayPolicy"),
        ("relay_policy", RelayPolicy, "must be a RelayPolicy"),
        (
            "storage",
            Half(begin=print, capabilities=None),
            "must be a URL or a storage: must have capabilities (Capabilities), migrate(...), join(...), backup(...), "
            "outbox(...), pause(...), close(...)",
        ),
        (
            "gateways",
            [Half(name=5, capabilities=None, **OF_GATEWAYS)],
            "name (str), capabilities (GatewayCapabilities)",
        ),
    ],
)
@pytest.mark.parametrize("opening", [tokolib.open, tokolib.aopen])
def test_a_half_part_is_refused_by_what_it_lacks(opening, part, given, message):
    """All that the port asks for must be there and callable, or a sale stops at what is missing, half-way."""
    wished = {"storage": "memory://", "country": "ID", part: given}
    with pytest.raises(InvalidInput) as refused:
        opening(wished.pop("storage"), **wished)

    (fault,) = refused.value.faults
    assert part == fault.path.partition("[")[0]
    assert fault.message.endswith(message)


def test_ports_are_read_off_their_protocols():
    """A port that grows a name asks for it at the door at once: nobody keeps a list."""
    assert [("capabilities", BrokerCapabilities, False), ("publish", None, True)] == [
        attrs.astuple(duty) for duty in duties(Broker)
    ]
    assert {"capabilities", "outbox"} == {duty.name for duty in duties(Storage) if not duty.may_wait}
    assert {"name", "capabilities", "parse_webhook"} == {
        duty.name for duty in duties(PaymentGateway) if not duty.may_wait
    }


@pytest.mark.parametrize(
    ("now", "error"),
    [(5, InvalidInput), (None, InvalidInput), (date(2026, 3, 14), InvalidInput), (NAIVE, NaiveDatetime)],
    ids=str,
)
def test_a_clock_that_tells_no_instant_opens_no_shop(tmp_path, now, error):
    """It is the clock that is named, not the first sum that fails over it."""
    with pytest.raises(error, match="clock"):
        tokolib.open(f"sqlite:///{tmp_path}/shop.db", country="ID", clock=Half(now=lambda: now))


@pytest.mark.parametrize("opening", [tokolib.open, tokolib.aopen])
def test_all_that_is_wrong_at_the_door_is_told_at_once(opening):
    """Where the shop is kept, what it is, who acts, and what it is made of."""
    wrong = {"country": 5, "tenant": "", "clock": 5, "on_commit": "relay", "gateways": iter([object()])}
    with pytest.raises(InvalidInput) as refused:
        opening(5, **wrong)
    assert ["storage", "country", "tenant", "clock", "on_commit", "gateways[0]"] == [
        fault.path for fault in refused.value.faults
    ]


@pytest.mark.parametrize(
    ("actor", "given", "path"),
    [
        (None, {}, "actor"),
        (Staff(""), {}, "actor.id"),
        (Staff("rini"), {"tenant": ""}, "tenant"),
        (Staff("rini"), {"tenant": 0}, "tenant"),
        (Staff("rini"), {"request_id": "r" * 201}, "request_id"),
        (Staff("rini"), {"request_id": None}, "request_id"),
    ],
)
def test_nobody_acts_for_no_shop(play_in_memory, actor, given, path):
    """An empty tenant never quietly means the default one; open and acting refuse the same."""

    async def body(toko):
        with pytest.raises(InvalidInput) as refused:
            toko.another(actor, **given)
        assert [path] == [fault.path for fault in refused.value.faults]

    play_in_memory(body)
    if "request_id" not in given and actor is not None:
        with pytest.raises(InvalidInput) as refused:
            tokolib.open("memory://", country="ID", actor=actor, **given)
        assert [path] == [fault.path for fault in refused.value.faults]


def test_what_must_be_awaited_is_refused_at_the_door(toko_clock):
    """An async gateway has no place in a blocking shop, and is told before its storage is even looked for."""
    with pytest.raises(HostMismatch):
        tokolib.open("nowhere://", country="ID", gateways=[AsyncFakeGateway(FakeWorld(toko_clock))])


def test_seeded_ids_repeat_with_their_seed():
    """The same in every run; later ones sort after earlier ones."""
    one, two, other = SeededIds(1), SeededIds(1), SeededIds(2)
    made = [one.new("ord") for _ in range(5)]
    assert made == [two.new("ord") for _ in range(5)] == sorted(made)
    assert made[0] != other.new("ord") and one.secret() == two.secret() != one.secret()


def test_builders_set_a_scene(toko):
    """A whole shop in three lines, for users' own tests."""
    given = Given(toko)
    given.goods({"KOPI-250": 75_000})
    given.delivery({"jne:reg": 18_000})
    assert given.order({"KOPI-250": 2}, delivery="jne:reg").total == IDR(168_000)


def test_a_hint_that_cant_be_called_is_refused_at_once():
    """Not by the first sale, when it is committed already; a shop takes one that can, and calls it."""
    with pytest.raises(InvalidInput) as refused:
        tokolib.open("memory://", country="ID", on_commit="relay")
    assert ["on_commit"] == [fault.path for fault in refused.value.faults]

    calls = []
    with tokolib.open("memory://", country="ID", on_commit=lambda: calls.append("commit")) as shop:
        del calls[:]
        shop.catalog.put("KOPI-250", "Kopi")
        assert ["commit"] == calls
        shop.catalog.get("KOPI-250")
        assert ["commit"] == calls


class Later:
    """Called by an `async def`."""

    async def __call__(self):
        """Nobody awaits it."""


@pytest.mark.parametrize("opening", [tokolib.open, tokolib.aopen])
@pytest.mark.parametrize("hint", [answer_later, partial(answer_later), Later()], ids=["function", "partial", "object"])
def test_a_hint_that_must_be_awaited_is_refused_with_the_way_out(opening, hint):
    """Nobody would await it, and the events would wait for the next tick without a word."""
    with pytest.raises(InvalidInput, match="never awaited; give a plain function") as refused:
        opening("memory://", country="ID", on_commit=hint)
    assert ["on_commit"] == [fault.path for fault in refused.value.faults]


def test_a_hint_that_fails_is_logged_and_the_command_stands(play, caplog):
    """The order is placed and committed; who placed it hears nothing of a hint that went wrong, and the log all."""
    hints = []

    def hint():
        hints.append("hint")
        raise RuntimeError("no broker today")

    async def body(toko):
        caplog.clear()
        order = await toko.given.order({"KOPI-250": 1})
        assert order == await toko.orders.get(order.id)

    play(body, on_commit=hint)
    assert hints
    assert {("tokolib", "ERROR", "RuntimeError")} == {
        (record.name, record.levelname, record.exc_info[0].__name__) for record in caplog.records
    }


def test_a_hint_that_makes_a_coroutine_is_logged(caplog):
    """A lambda hides an `async def` from the door; what it makes is closed, and said."""
    with tokolib.open("memory://", country="ID", on_commit=lambda: answer_later()) as shop:
        caplog.clear()
        shop.catalog.put("KOPI-250", "Kopi")
    assert ["on_commit made a coroutine, which nobody awaits; what was committed stands"] == caplog.messages


def test_who_stops_the_program_in_a_hint_stops_it():
    """Only errors are kept from the caller: Ctrl-C goes on, and what was committed stands all the same."""

    def hint():
        raise KeyboardInterrupt

    with tokolib.open("memory://", country="ID") as shop:
        hinted = type(shop)(attrs.evolve(shop._work, notify=Hint(hint)), shop._outside, blocking=True)
        with pytest.raises(KeyboardInterrupt):
            hinted.catalog.put("KOPI-250", "Kopi")
        assert "Kopi" == shop.catalog.get("KOPI-250").name


def test_a_closed_shop_does_nothing_more(tmp_path):
    """Not even what needs no connection of its own: a copy of the file, or a part of the host's transaction."""
    file = tmp_path / "shop.db"
    shop = tokolib.open(f"sqlite:///{file}", country="ID")
    shop.catalog.put("KOPI-250", "Kopi")
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        inside = shop.within(connection)
        shop.acting(Staff("rini")).close()
        shop.close()
        for refused in (
            lambda: shop.catalog.get("KOPI-250"),
            lambda: shop.backup(tmp_path / "copy.db"),
            lambda: shop.outbox.dead_letters(),
            lambda: inside.catalog.put("TEH-100", "Teh"),
            lambda: inside.catalog.get("KOPI-250"),
            lambda: shop.within(connection).catalog.put("TEH-100", "Teh"),
            lambda: shop.acting(Staff("rini")).within(connection).catalog.get("KOPI-250"),
        ):
            with pytest.raises(Misuse, match="this shop is closed"):
                refused()
    assert [file] == sorted(tmp_path.glob("*.db"))


def test_an_async_shop_that_was_closed_does_nothing_more(tmp_path):
    """The same as of a blocking one."""

    async def story():
        async with tokolib.aopen(f"sqlite:///{tmp_path}/shop.db", country="ID") as shop:
            pass
        with pytest.raises(Misuse, match="this shop is closed"):
            await shop.backup(tmp_path / "copy.db")

    asyncio.run(story())


def test_what_has_joined_a_transaction_closes_nothing(tmp_path):
    """`with shop.within(connection)` ends with the block, and the shop goes on, inside and outside."""
    file = tmp_path / "shop.db"
    with tokolib.open(f"sqlite:///{file}", country="ID") as shop, closing(sqlite3.connect(file)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        with shop.within(connection) as inside:
            inside.catalog.put("KOPI-250", "Kopi")
        inside.catalog.put("TEH-100", "Teh")
        connection.commit()

        assert ("Kopi", "Teh") == (shop.catalog.get("KOPI-250").name, shop.catalog.get("TEH-100").name)


def test_no_door_makes_a_page_of_nothing(toko):
    """A limit below one is a mistake, as it is for `relay` and `tick`; one above the greatest page is that page."""
    toko.catalog.put("KOPI-250", "Kopi")
    doors = (toko.catalog.page, toko.orders.page, toko.prices.page, toko.promotions.page, toko.outbox.dead_letters)
    for page in (*doors, partial(toko.stock.movements, "KOPI-250")):
        with pytest.raises(InvalidInput, match="must be 1 or more @ limit"):
            page(limit=0)
        assert page(limit=10**9).after is None


@pytest.mark.parametrize("within", [False, True])
def test_a_tenant_that_was_never_opened_is_no_shop(tmp_path, within):
    """Nothing is sold, priced or proved there; it is the tenant that is missing, not what was asked for."""
    url = f"sqlite:///{tmp_path}/shop.db"
    with tokolib.open(url, country="ID") as shop, closing(sqlite3.connect(tmp_path / "shop.db")) as connection:
        shop.catalog.put("KOPI-250", "Kopi")
        if within:
            connection.execute("BEGIN IMMEDIATE")
        nowhere = (shop.within(connection) if within else shop).acting(Staff("rini"), tenant="solo")
        for refused in (
            nowhere.settings.get,
            partial(nowhere.settings.change, hold_minutes=5),
            partial(nowhere.catalog.get, "KOPI-250"),
            partial(nowhere.prices.put, "KOPI-250", IDR(5)),
            nowhere.orders.page,
            nowhere.verify,
        ):
            with pytest.raises(NotFound, match="no shop 'solo' in this storage") as missing:
                refused()
            assert "tenant='solo'" in missing.value.hint
        connection.rollback()


def test_a_tenant_that_is_opened_meanwhile_is_found(tmp_path):
    """Only what is there is remembered: another process may open the tenant at any time."""
    url = f"sqlite:///{tmp_path}/shop.db"
    with tokolib.open(url, country="ID") as shop:
        other = shop.acting(Staff("rini"), tenant="solo")
        with pytest.raises(NotFound):
            other.orders.page()
        tokolib.open(url, country="ID", tenant="solo").close()

        assert () == other.orders.page().items


def test_what_is_missing_is_looked_for_where_it_would_be():
    """An order in a shop, a shop in a storage, a file anywhere."""
    sentences = [str(NotFound(kind, "x")) for kind in ("order", "shop", "file", "folder")]
    assert ["no order 'x' in this shop", "no shop 'x' in this storage", "no file 'x'", "no folder 'x'"] == sentences


@pytest.mark.parametrize("name", ["country", "currency", "zone"])
@pytest.mark.parametrize("old", [False, True], ids=["new", "old"])
@pytest.mark.parametrize("text", ["x" * 100_000, "Asia/" * 20_000], ids=["word", "path"])
def test_a_long_word_at_the_door_is_told_by_its_beginning(tmp_path, name, old, text):
    """Whatever a form sends as a country or a zone, neither the error nor what caused it fills a log."""
    url = f"sqlite:///{tmp_path}/shop.db"
    if old:
        tokolib.open(url, country="ID").close()
    with pytest.raises(TokolibError) as refused:
        tokolib.open(url, **{"country": "ID", name: text})

    said = "".join(traceback.format_exception(refused.value)).casefold()
    assert (text[:20].casefold() in said, text[:61].casefold() in said, max(map(len, said.splitlines())) < 300) == (
        True,
        False,
        True,
    )


def test_a_backup_goes_where_a_path_or_a_text_says(tmp_path, monkeypatch):
    """Both name the same file, from the working directory where they are relative."""
    monkeypatch.chdir(tmp_path)
    with closing(tokolib.open(f"sqlite:///{tmp_path / 'shop.db'}", country="ID")) as shop:
        for target in ("copy.db", Path("other.db"), str(tmp_path / "whole.db")):
            assert tmp_path / target == Path(shop.backup(target).path).absolute()
            assert (tmp_path / target).is_file()
        with pytest.raises(Misuse):
            shop.backup("copy.db")
        with pytest.raises(InvalidInput, match="@ target"):
            shop.backup(5)


@pytest.mark.parametrize("country", [None, "ID", "SG"])
def test_a_lost_configuration_is_damage_and_no_new_shop(tmp_path, country):
    """Whatever country is given, the way out is to verify and to restore, and nothing is written."""
    import sqlite3

    path = tmp_path / "toko.db"
    tokolib.open(f"sqlite:///{path}", country="ID").close()
    connection = sqlite3.connect(path)
    connection.execute("DELETE FROM tokolib_doc_settings")
    connection.commit()
    connection.close()
    before = path.read_bytes()
    with pytest.raises(SettingsLost) as lost:
        tokolib.open(f"sqlite:///{path}", country=country)
    assert "verify" in lost.value.hint and "restore" in lost.value.hint
    assert path.read_bytes() == before
