"""Canonical text, clock, ids, context, reasons, errors, settings: small and relied on by all."""

import copy
import decimal
import json
import pickle
from collections import OrderedDict
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import partial
from typing import ClassVar

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokolib.kernel.adapter_errors import UnknownAdapter
from tokolib.kernel.canonical import canonical, fingerprint
from tokolib.kernel.clock import UnknownZone, aware, day, sortable, zone
from tokolib.kernel.configuration import Restore, SettingsChanged, ShopRestored, evolve, next_epoch
from tokolib.kernel.ctx import AllowAll, Ctx, Customer, Decision, Guest, NoDecision, Staff, System, permit
from tokolib.kernel.defaults import UnknownCountry, defaults
from tokolib.kernel.errors import (
    ConfigMismatch,
    Fault,
    Forbidden,
    InvalidInput,
    KeyReused,
    NaiveDatetime,
    NotFound,
    TokolibError,
    VersionMismatch,
    plain,
    shown,
)
from tokolib.kernel.events import Event
from tokolib.kernel.explain import reason, render, sentence
from tokolib.kernel.formats import show
from tokolib.kernel.ids import ALPHABET, CustomerId, base32, make_id, uuid7
from tokolib.kernel.limits import Limits
from tokolib.kernel.money import IDR, USD
from tokolib.kernel.money_errors import UnknownCurrency
from tokolib.kernel.numbers import NotExact
from tokolib.kernel.rounding import RoundingLevel, RoundingMode, RoundingProfile
from tokolib.kernel.settings import Settings
from tokolib.kernel.storage_errors import CommitUnknown

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@attrs.frozen
class Charge:
    amount: int


@attrs.frozen
class Refund:
    amount: int


class Colour(Enum):
    RED = "red"


@given(st.dictionaries(st.text(), PLAIN, max_size=5))
def test_a_fingerprint_does_not_know_the_order_of_keys(wish):
    """Two dicts with the same pairs are one wish, on every machine."""
    backwards = OrderedDict(reversed(wish.items()))

    assert canonical(wish) == canonical(backwards)
    assert fingerprint(wish) == fingerprint(backwards)
    assert 64 == len(fingerprint(wish))


def test_canonical_forms():
    """Numbers in their shortest form, instants in UTC, sets sorted, classes by name."""
    jakarta = datetime(2026, 1, 1, 7, tzinfo=zone("Asia/Jakarta"))
    assert '"2026-01-01T00:00:00+00:00"' == canonical(jakarta)
    assert '["1","0","1/3","red","2026-01-01"]' == canonical(
        [Decimal("1.00"), Decimal("-0"), Fraction(1, 3), Colour.RED, date(2026, 1, 1)]
    )
    assert canonical({"b", "a", "c"}) == '["a","b","c"]'
    assert canonical(frozenset({(2, "x"), (1, "y")})) == canonical([[1, "y"], [2, "x"]])
    assert canonical({1, "1"}) == '["1",1]'
    assert fingerprint(Charge(1)) != fingerprint(Refund(1))
    assert fingerprint("\ud800") != fingerprint("\ud801")
    with decimal.localcontext(decimal.Context(prec=3)):
        assert '"123456.789"' == canonical(Decimal("123456.789"))


@pytest.mark.parametrize(
    ("value", "error"),
    [
        (0.1, NotExact),
        ([float("nan")], NotExact),
        (Decimal("NaN"), NotExact),
        (Decimal("sNaN"), NotExact),
        (datetime(2026, 1, 1), NaiveDatetime),  # noqa: DTZ001
        (object(), TypeError),
        (b"x", TypeError),
    ],
)
def test_what_has_no_canonical_form(value, error):
    """A float, NaN, a naive instant or an object can't be told apart for sure."""
    with pytest.raises(error):
        fingerprint(value)


@pytest.mark.parametrize("edge", [datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, tzinfo=UTC)])
def test_an_instant_is_one_in_every_zone(edge):
    """At the ends of the calendar there are instants that no other zone can show: they are refused by name."""
    for offset in (-12, 0, 14):
        with pytest.raises(InvalidInput) as caught:
            aware(edge.replace(tzinfo=timezone(timedelta(hours=offset))), "until")
        assert ["until"] == [fault.path for fault in caught.value.faults]
    inside = datetime(9999, 12, 30, tzinfo=UTC)
    assert date(9999, 12, 30) == day(inside, "Pacific/Kiritimati")


def test_instants_have_a_zone_and_days_the_shops():
    """23:30 in London on 31 January is 1 February in Jakarta; a naive instant is neither."""
    late = datetime(2026, 1, 31, 23, 30, tzinfo=UTC)
    naive = datetime(2026, 1, 31, 23, 30)  # noqa: DTZ001

    assert date(2026, 2, 1) == day(late, "Asia/Jakarta")
    assert late == aware(late.astimezone(timezone(timedelta(hours=7))), "x")
    assert UTC is aware(late, "x").tzinfo
    for call in (lambda: aware(naive, "placed_at"), lambda: day(naive, "Asia/Jakarta")):
        with pytest.raises(NaiveDatetime, match="has no time zone") as caught:
            call()
        assert "ZoneInfo" in caught.value.hint
    assert ["2026-01-31T23:30:00.000000+00:00"] == [sortable(late)]
    assert sortable(late) < sortable(late + timedelta(microseconds=1)) < sortable(late + timedelta(days=400))
    for name in ("Asia/Jogja", "", "../etc/passwd", None, 5):
        with pytest.raises(UnknownZone) as caught:
            zone(name)
        assert "IANA" in caught.value.hint


@given(st.lists(st.tuples(st.integers(0, 2**48 - 1), st.integers(0, 2**74 - 1)), min_size=2, max_size=20, unique=True))
def test_ids_sort_by_time_and_differ_by_luck(moments):
    """A later id sorts after an earlier one; equal ids need equal time and luck."""
    ids = [make_id("ord", *moment) for moment in moments]

    assert [make_id("ord", *moment) for moment in sorted(moments)] == sorted(ids)
    assert len(ids) == len(set(ids))
    assert all(len(id_) == 4 + 26 and set(id_[4:]) <= set(ALPHABET) for id_ in ids)


@given(st.integers(0, 2**48 - 1), st.integers(0, 2**74 - 1))
def test_an_id_is_a_version_7_uuid(milliseconds, luck):
    """RFC 9562: version 7, variant 10, the time in the first 48 bits."""
    number = uuid7(milliseconds, luck)

    assert (7, 0b10, milliseconds) == (number >> 76 & 0xF, number >> 62 & 0b11, number >> 80)
    assert number == sum(ALPHABET.index(c) << 5 * i for i, c in enumerate(reversed(base32(number, 26))))


def test_actors_say_who_they_are():
    """The history names them; a guest's token hash is cut."""
    actors = (
        System(),
        System("tick"),
        Staff("dewi", frozenset({"till"})),
        Customer(CustomerId("cus_1")),
        Guest("a" * 64),
    )

    assert ["system:host", "system:tick", "staff:dewi", "customer:cus_1", f"guest:{'a' * 12}"] == [*map(str, actors)]


def test_a_context_is_text_that_can_be_kept():
    """Who asked stands in every history: nothing gets there that no storage keeps."""
    with pytest.raises(InvalidInput) as refused:
        Ctx("a\0", Staff(7), "r\ud800")

    assert ["tenant", "actor.id", "request_id"] == [fault.path for fault in refused.value.faults]


@pytest.mark.parametrize(
    ("actor", "path"),
    [
        (None, "actor"),
        (Staff, "actor"),
        (System(""), "actor.job"),
        (Staff(""), "actor.id"),
        (Staff("rini", ["owner"]), "actor.roles"),
        (Staff("rini", frozenset({1})), "actor.roles"),
        (Customer(""), "actor.id"),
        (Customer(None), "actor.id"),
        (Customer("c" * 201), "actor.id"),
        (Guest("line\nbreak"), "actor.token_hash"),
    ],
)
def test_nobody_is_no_actor(actor, path):
    """An id that says nothing, or that no log can show, is the host's mistake."""
    with pytest.raises(InvalidInput) as refused:
        Ctx("default", actor)
    assert [path] == [fault.path for fault in refused.value.faults]


@pytest.mark.parametrize("answer", [True, False, None])
def test_an_access_policy_answers_with_a_decision(answer):
    """A bare yes is one clear error of the host's, and lets nobody pass."""

    class Careless:
        def check(self, ctx, permission):
            return answer

    with pytest.raises(NoDecision, match=rf"Careless answered {answer} to orders.place") as caught:
        permit(Careless(), Ctx(), "orders.place")
    assert "Decision(allowed=True)" in caught.value.hint


def test_errors_show_the_beginning_of_what_is_long():
    """An id of our own stays whole; a megabyte from a web page does not get into a log."""
    long = "x" * 1_000_000
    fault = Fault(long, "a.b", "is long", long)

    assert ("x" * 199 + "…", "x" * 59 + "…") == (fault.path, fault.value)
    assert "x" * 199 + "…" == NotFound("order", long).id
    assert "x" * 200 == NotFound("order", "x" * 200).id
    assert "x" * 59 + "…" == ConfigMismatch("zone", "UTC", long).given
    assert "x" * 199 + "…" == UnknownAdapter(long, ()).url
    with pytest.raises(UnknownZone) as refused:
        zone(long)
    assert "x" * 59 + "…" == refused.value.zone
    with pytest.raises(UnknownCountry) as unknown:
        defaults(long)
    assert "x" * 59 + "…" == unknown.value.country


def test_a_problem_document_is_never_long():
    """Whatever a sentence or a field repeats, a host's answer stays small."""
    body = InvalidInput(tuple(Fault(f"lines[{n}]", "a.b", "m" * 100) for n in range(50))).problem()
    assert 1_000 == len(body["detail"])
    assert 50 == len(body["faults"])
    assert 1_000 == len(KeyReused("orders.place", "k" * 10_000).problem()["key"])


def test_a_value_that_cannot_write_itself_is_told_by_its_kind():
    """The refusal of a broken object must not fail with the object's own error."""

    class Broken:
        def __repr__(self):
            raise RuntimeError("no")

    assert ("a Broken", "huge", "'x'") == (shown(Broken()), shown(10**5000), shown("x"))


def test_the_access_policy_is_asked():
    """The default allows; a refusal names actor, permission and why."""

    class Closed:
        def check(self, ctx, permission):
            return Decision(allowed=False)

    permit(AllowAll(), Ctx(), "orders.place")
    with pytest.raises(Forbidden, match=r"system:host may not orders\.place: not allowed"):
        permit(Closed(), Ctx(), "orders.place")


def test_reasons_read_as_an_indented_table():
    """Amounts flush right, children below, codes without words shown as they are."""
    root = reason(
        "x.total",
        IDR(142_500),
        reason("x.line", IDR(150_000), quantity=2, name="Kopi {amount}"),
        reason("x.unworded", None, rate=Decimal("0.05")),
    )
    wording = {"x.total": "Total", "x.line": "{quantity} × {name}{nothing}", "amount": "never"}

    text = render(root, wording, partial(show, locale="id"), width=32)

    assert text.splitlines() == [
        f"{'Total':<30}Rp142.500",
        "  2 × Kopi {amount}{nothing}  Rp150.000",
        "  x.unworded rate=0,05",
    ]
    assert render(root, wording, partial(show, locale="id"), width=3) == text
    assert ["x.total", "x.line", "x.unworded"] == [node.code for node in root.walk()]
    assert 2 == root.children[0]["quantity"]
    with pytest.raises(KeyError):
        root["quantity"]


def test_one_value_is_never_read_as_another_ones_place():
    """A product called {price} stays what it is."""
    node = reason("x", None, name="{price}", price=IDR(5))

    assert "{price} costs Rp5" == sentence(node, {"x": "{name} costs {price}"}, partial(show, locale="id"))


@attrs.frozen
class Stuck(TokolibError):
    """An error whose fields have the names of the problem document's own members."""

    code: ClassVar[str] = "test.stuck"
    title: str
    until: datetime

    def __str__(self) -> str:
        return "stuck"


def test_a_problem_document_keeps_its_own_members():
    """RFC 9457's members win; a field of the same name stands beside them."""
    problem = Stuck("a book", datetime(2026, 1, 1, tzinfo=UTC)).problem()

    assert ("stuck", "a book", 422) == (problem["title"], problem["title_"], problem["status"])
    assert "2026-01-01T00:00:00+00:00" == problem["until"]
    assert "tokolib:test.stuck" == problem["type"]


def test_errors_are_values_with_a_way_out():
    """They copy, pickle, carry their hint as a note, and list faults with paths."""
    error = VersionMismatch("order", "ord_1", 3, 4)
    again = pickle.loads(pickle.dumps(error))

    assert error.fields == again.fields
    assert copy.copy(error) is error
    assert str(copy.deepcopy(error)) == str(error)
    assert ["hint: " + error.hint] == error.__notes__
    assert error.hint == error.problem()["hint"]
    assert "hint" not in NotFound("order", "ord_1").problem()
    assert "one new key" in KeyReused("orders.place", "k").hint
    faults = (Fault("lines[0].sku", "x.unknown", "unknown SKU"), Fault("", "x.empty", "nothing in it"))
    assert "unknown SKU @ lines[0].sku; nothing in it" == str(InvalidInput(faults))
    assert {} == TokolibError().fields


def test_plain_turns_any_field_into_json():
    """Dates, money, enums, sets and strangers."""
    assert {
        "a": ["red", "2026-01-01", "1.5", {"amount": 1}],
        "1": None,
        "b": ["x"],
        "c": "1/3",
    } == plain(
        {
            "a": (Colour.RED, date(2026, 1, 1), Decimal("1.5"), Charge(1)),
            1: None,
            "b": frozenset({"x"}),
            "c": Fraction(1, 3),
        }
    )
    assert 1250 == plain(USD("12.50"))["minor_units"]


def test_a_shop_starts_with_the_settings_of_its_country():
    """Indonesia: rupiah, Jakarta, prices with tax, not registered for it."""
    settings = defaults("ID")

    assert ("IDR", "Asia/Jakarta", True, None) == (
        settings.currency,
        settings.zone,
        settings.prices_include_tax,
        settings.pkp_since,
    )
    assert timedelta(hours=1) == settings.hold_for
    assert "Asia/Makassar" == defaults("ID", zone="Asia/Makassar").zone
    assert "KES" == defaults("KE", currency="KES", zone="Africa/Nairobi").currency
    with pytest.raises(UnknownCountry, match="give currency, zone") as caught:
        defaults("KE")
    assert ("currency", "zone") == caught.value.missing


def test_settings_refuse_nonsense_all_at_once():
    """Whatever stands in the settings can be relied on."""
    with pytest.raises(InvalidInput) as caught:
        Settings("Indonesia", "IDR", "Asia/Jakarta", hold_minutes=0, quote_minutes=1.5, pkp_until=date(2026, 1, 1))
    assert {"country", "hold_minutes", "quote_minutes", "pkp_until"} == {fault.path for fault in caught.value.faults}
    with pytest.raises(InvalidInput):
        Limits(cart_lines=0)
    with pytest.raises(InvalidInput) as caught:
        Settings("ID", "IDR", "Asia/Jakarta", transfer_hours=87_601, invoice_prefix="no spaces", pkp_since="2020")
    assert {"transfer_hours", "invoice_prefix", "pkp_since"} == {fault.path for fault in caught.value.faults}
    with pytest.raises(UnknownCurrency):
        defaults("ID", currency="RUPIAH")
    with pytest.raises(UnknownZone):
        defaults("ID", zone="Jakarta")
    Settings("ID", "IDR", "Asia/Jakarta", pkp_since=date(2025, 1, 1), pkp_until=date(2026, 1, 1))


def test_a_rounding_profile_is_made_of_known_words():
    """Words stand for their choices, as in `Policies`; others are refused, all at once."""
    profile = RoundingProfile("half_even", "document")

    assert (RoundingMode.HALF_EVEN, RoundingLevel.DOCUMENT) == (profile.mode, profile.level)
    with pytest.raises(InvalidInput) as caught:
        RoundingProfile("HALF UP", None)
    assert ["rounding.mode", "rounding.level"] == [fault.path for fault in caught.value.faults]


def test_an_epoch_is_above_every_one_that_this_storage_or_another_copy_of_it_has_used():
    """The minute, for what another copy has used can't be known; one more than the last where clocks went back."""
    assert 612_300 == next_epoch(0, datetime(2026, 3, 2, 5, 0, 59, tzinfo=UTC))
    assert 612_301 == next_epoch(612_300, datetime(2026, 3, 2, 5, 0, tzinfo=UTC))
    assert 1 == next_epoch(0, datetime(1999, 1, 1, tzinfo=UTC))


def test_an_epoch_stands_until_a_higher_one():
    """It survives a change of the settings, and never falls."""
    first = evolve(None, SettingsChanged(defaults("ID")))
    began = Restore(7, datetime(2026, 3, 2, tzinfo=UTC), "staff:ana", "the disk died")
    restored = evolve(first, ShopRestored(began))
    changed = evolve(restored, SettingsChanged(defaults("SG")))

    assert (0, 7, 7, (began,)) == (first.epoch, restored.epoch, changed.epoch, changed.restores)
    with pytest.raises(TypeError):
        evolve(restored, ShopRestored(began))


def test_settings_are_the_last_ones_said():
    """Each change raises the version; nothing else is an event of theirs."""
    first = evolve(None, SettingsChanged(defaults("ID")))
    second = evolve(first, SettingsChanged(defaults("SG")))

    assert (1, 2, "SG") == (first.version, second.version, second.values.country)
    with pytest.raises(TypeError):
        evolve(first, Event())


def test_a_way_out_is_one():
    """Country and currency can't be changed, so nobody is told to; a bare file name gets its URL."""
    assert "settings.change" in ConfigMismatch("zone", "Asia/Jakarta", "Asia/Makassar").hint
    for name in ("country", "currency"):
        hint = ConfigMismatch(name, "ID", "SG").hint
        assert "settings.change" not in hint and "tenant" in hint
    assert "sqlite:///kedai.db" in UnknownAdapter("kedai.db", ("memory", "sqlite")).hint
    assert "" == UnknownAdapter("mysql://x", ("memory", "sqlite")).hint
    assert "a variable that was not set" in UnknownAdapter("", ("memory", "sqlite")).hint
    assert "same key" in CommitUnknown("disk I/O error").hint
    assert "order ord_1 is at version 3, not huge" == str(mismatch := VersionMismatch("order", "ord_1", 10**5000, 3))
    assert '"expected": "huge", "actual": 3' in json.dumps(mismatch.problem())
