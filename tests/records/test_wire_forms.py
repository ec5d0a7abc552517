"""Every wire form: out and back, exactly; nothing unknown, nothing lossy, nothing damaged gets in."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from types import UnionType
from typing import Any, ClassVar, NewType, Union, get_args, get_origin

import attrs
import pytest
from hypothesis import HealthCheck, Phase, assume, given, reject, settings
from hypothesis import strategies as st

from tokolib import EUR, GBP, IDR, USD, Address, Currency, Money, Settings, UnitOfMeasure, UnitPrice, json_converter
from tokolib.conditions import All, Always, Predicate
from tokolib.documents import TaxCategory
from tokolib.kernel.address import Address as _Address
from tokolib.kernel.consumer_laws import eu_withdrawal
from tokolib.kernel.defaults import defaults
from tokolib.kernel.errors import NaiveDatetime, TokolibError
from tokolib.kernel.events import Event
from tokolib.kernel.explain import Reason
from tokolib.kernel.limits import Limits
from tokolib.kernel.quantity import KILOGRAM, PIECE, Quantity
from tokolib.kernel.registration import Registration
from tokolib.kernel.return_fees import ReturnFee
from tokolib.kernel.return_policy import ConsumerLaw, GiftWorth, ReturnPolicy, ReturnRule
from tokolib.kernel.rows import Collection, StoredEvent
from tokolib.kernel.storage_errors import Misuse
from tokolib.kernel.unit_set import NO_UNITS, UnitSet
from tokolib.payments.plans.model import Instalment, PaymentPlan
from tokolib.pricing.promotions.benefits import FixedPrice, Percent
from tokolib.reconciliation import RowKind, SettlementRow
from tokolib.records.codec import dump, load
from tokolib.records.record import Record, RecordDamaged, RecordTooNew, sound, sound_event, store_events
from tokolib.records.registry import all_records, record
from tokolib.records.text import from_json
from tokolib.shipping.fees import FeeRule
from tokolib.shipping.model import Terms
from tokolib.shipping.places import Area
from tokolib.shipping.weight import WeightRule
from tokolib.tax import Buyer, Certificate, Component

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
RECORDS = all_records()
CONVERTER = json_converter()
EVENTS = [event for each in RECORDS for event in each.events]
CURRENCIES = st.sampled_from([IDR, USD, GBP, EUR])
TEXT = st.text(st.characters(codec="utf-8"), max_size=8)
INSTANTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
NUMBERS = st.integers(-(10**12), 10**12)
DECIMALS = st.decimals(-(10**6), 10**6, places=3)
SCALARS: dict[Any, st.SearchStrategy[Any]] = {
    str: TEXT,
    int: NUMBERS,
    bool: st.booleans(),
    Decimal: DECIMALS,
    Fraction: st.fractions(-100, 100, max_denominator=1000),
    date: st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    datetime: INSTANTS,
    Currency: CURRENCIES,
    Money: st.builds(Money, NUMBERS, CURRENCIES),
    UnitPrice: st.builds(UnitPrice, st.integers(0, 10**12), CURRENCIES),
    UnitSet: st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=3).map(UnitSet.of),
    UnitOfMeasure: st.sampled_from([PIECE, KILOGRAM]),
    Quantity: st.builds(Quantity, st.integers(-1000, 1000), st.sampled_from([PIECE, KILOGRAM])),
    Address: st.builds(
        _Address,
        st.sampled_from(["Siti", "Budi Santoso"]),
        st.just("Jl. Malioboro 52"),
        city=st.sampled_from(["Yogyakarta", "Solo"]),
        country=st.just("ID"),
        postal_code=st.sampled_from(["55271", "57126"]),
        notes=st.sampled_from(["", "pagar hijau"]),
    ),
    Limits: st.builds(Limits, page=st.integers(1, 500), variants=st.integers(1, 500)),
    Settings: st.builds(
        lambda since, limits: attrs.evolve(defaults("ID"), pkp_since=since, limits=limits),
        st.none() | st.dates(date(2000, 1, 1), date(2100, 1, 1)),
        st.builds(Limits, page=st.integers(1, 500)),
    ),
    SettlementRow: st.builds(
        lambda kind, on, gross, fee, tax, names: SettlementRow(
            provider=names[0],
            batch=names[1],
            row=names[2],
            kind=kind,
            on=on,
            gross=IDR(-gross if kind in ("refund", "reversal", "chargeback") else gross),
            fee=IDR(fee),
            fee_tax=IDR(tax),
            withheld=IDR(0),
            net=IDR(gross - fee),
            key=names[3],
            reference=names[4],
            payout=names[5],
        ),
        st.sampled_from(RowKind),
        st.dates(date(2000, 1, 1), date(2100, 1, 1)),
        st.integers(1, 10**9),
        st.integers(-9, 9),
        st.integers(0, 9),
        st.lists(st.sampled_from(["midtrans", "2026-03-02", "17", "int_1.1.1", "bayar é"]), min_size=6, max_size=6),
    ),
    type(None): st.none(),
}
CAREFUL: dict[type, dict[str, st.SearchStrategy[Any]]] = {
    Terms: {"name": st.just("JNE REG"), "price": st.integers(0, 10**6), "free_from": st.none() | st.integers(0, 10**6)},
    PaymentPlan: {
        "instalments": st.just((Instalment(1, date(2026, 3, 2), IDR(30)), Instalment(2, date(2026, 4, 2), IDR(70)))),
        "grace_days": st.integers(0, 365),
        "zone": st.just("Asia/Jakarta"),
    },
    Area: {"country": st.sampled_from(["ID", "SG"])},
    Registration: {
        "country": st.sampled_from(["ID", "SG"]),
        "since": st.dates(max_value=date(2019, 12, 31)),
        "until": st.none() | st.dates(min_value=date(2020, 1, 1)),
    },
    ReturnFee: {
        "label": st.just("Restocking fee"),
        "rate": st.decimals("0.01", 1, places=2),
        "per_unit": st.none(),
        "once": st.none(),
        "reasons": st.sampled_from([(), ("changed mind",)]),
    },
    ReturnRule: {
        "code": st.just("usual"),
        "categories": st.sampled_from([(), ("tea",)]),
        "tags": st.sampled_from([(), ("clearance",)]),
        "days": st.none() | st.integers(0, 3650),
        "final_sale": st.just(False),
    },
    ConsumerLaw: {
        "code": st.just("eu_withdrawal"),
        "source": st.just("Directive 2011/83/EU"),
        "days": st.integers(0, 3650),
        "countries": st.just(("DE", "FR")),
        "except_categories": st.sampled_from([(), ("made",)]),
        "except_tags": st.sampled_from([(), ("sealed",)]),
    },
    ReturnPolicy: {
        "rules": st.sampled_from([(), (ReturnRule(code="sale", final_sale=True),), (ReturnRule(code="a", days=7),)]),
        "faultless": st.sampled_from([(), ("damaged",)]),
        "laws": st.sampled_from([(), (eu_withdrawal(),)]),
        "gift_worths": st.sampled_from([(), (GiftWorth("CANGKIR", IDR(20_000)),)]),
    },
    FeeRule: {"percent": st.decimals(0, 100, places=2), "minimum": st.integers(0, 10**6), "fixed": st.integers(0, 9)},
    WeightRule: {
        "divisor": st.none() | st.integers(1, 9000),
        "step_grams": st.integers(100, 1000),
        "tolerance_grams": st.integers(0, 99),
        "minimum_grams": st.integers(0, 1000),
        "maximum_grams": st.none() | st.integers(1, 10**6),
        "tiers_grams": st.sampled_from([(), (500,), (250, 500)]),
    },
}
"""Fields of classes that accept few of all values."""
PREDICATES = st.sampled_from([Always(), All((Always(), Always()))])


def canonical(plain: Any) -> bytes:
    """The one text of plain data, by the standard library."""
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def of(kind: Any, depth: int = 2) -> st.SearchStrategy[Any]:
    """Values of a field's type."""
    if isinstance(kind, NewType):
        return of(kind.__supertype__, depth)
    if kind == Predicate:
        return PREDICATES
    if kind in SCALARS:
        return SCALARS[kind]
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return st.one_of([of(each, depth) for each in arguments])
    if origin is tuple and arguments[-1] is Ellipsis:
        return st.lists(of(arguments[0], depth - 1), max_size=max(0, min(2, depth))).map(tuple)
    if origin is tuple:
        return st.tuples(*[of(each, depth) for each in arguments])
    if origin is frozenset:
        return st.frozensets(of(arguments[0], depth), max_size=3)
    if origin in (Mapping, dict):
        return st.dictionaries(TEXT, of(arguments[1], depth), max_size=2)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return st.sampled_from(kind)
    if attrs.has(kind):
        return st.deferred(lambda: made(kind, depth))
    raise NotImplementedError(kind)


def made(kind: Any, depth: int = 2) -> st.SearchStrategy[Any]:
    """Aggregates, events and what they are made of, field by field; what a class refuses is drawn again."""
    fields = attrs.fields(attrs.resolve_types(kind))
    own = CAREFUL.get(kind, {})
    drawn = st.fixed_dictionaries(
        {f.alias: own[f.name] if f.name in own else of(f.type, depth) for f in fields if f.init}
    )

    def build(values: dict[str, Any]) -> Any:
        try:
            return kind(**values)
        except TokolibError:
            reject()

    return drawn.map(build)


pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr:hypothesis.errors.HypothesisWarning")
"""What an order is drawn from is a long text, which Hypothesis writes down where it draws one again."""

SOAKING = settings().max_examples > 1_000
FEW = settings(
    suppress_health_check=list(HealthCheck),
    max_examples=500 if SOAKING else 6,
    phases=tuple(Phase) if SOAKING else (Phase.explicit, Phase.reuse, Phase.generate),
)
"""There are a hundred wire forms, and each has all its fields in every example."""


@pytest.mark.parametrize("each", RECORDS, ids=lambda each: each.name)
def test_every_aggregate_comes_back_as_it_was(each):
    """Stored and read again it is equal, and its text is the one text that it has."""

    @FEW
    @given(made(each.cls))
    def law(aggregate):
        body = each.body(aggregate, 3, version=2)
        again, seq = each.read(each.id_of(aggregate), body)
        assert again == aggregate and type(again) is type(aggregate) and seq == 3
        assert each.body(again, 3, version=2) == body
        assert sound(body, 2) and not sound(body, 3)
        assert canonical(from_json(body)) == body
        assume(each.name != "products" or aggregate.variants)  # the first one names its row
        row = each.row(again)
        assert set(row) == {column.name for column in each.collection.columns}

    law()


READERS = {"standard": json.loads, "fast": pytest.importorskip("msgspec.json").Decoder().decode}


@pytest.mark.parametrize("each", RECORDS, ids=lambda each: each.name)
def test_the_fast_extra_reads_the_same(each, monkeypatch):
    """Whichever library reads the text, the aggregate is the same, to the type of each value in it."""

    @FEW
    @given(made(each.cls))
    def law(aggregate):
        body, read = each.body(aggregate, 1, version=1), []
        for reader in READERS.values():
            monkeypatch.setattr("tokolib.records.record.from_own", reader)
            read.append(each.read(each.id_of(aggregate), body)[0])
        assert repr(read[0]) == repr(read[1]) and read[0] == read[1] == aggregate

    law()


REMEMBERING = [Registration, Component, TaxCategory, Buyer, Certificate]


@pytest.mark.parametrize("kind", REMEMBERING, ids=lambda kind: kind.__name__)
@FEW
@given(data=st.data())
def test_what_remembers_its_hash_has_it_when_it_comes_back(kind, data):
    """So that it can be a key, of `uncredited` for one."""
    value = data.draw(of(kind))

    assert {value} == {load(json.loads(dump(value)), kind)}


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
def test_an_order_of_ten_lines_comes_back_equal(reader, monkeypatch, play_in_memory):
    """As it was placed, with its quote; every event of its history; and none of it can be changed."""
    monkeypatch.setattr("tokolib.records.record.from_own", reader)

    async def body(toko):
        goods = {f"TEN-{number}": 10_000 + number for number in range(10)}
        await toko.given.goods(goods)
        order = await toko.given.order(dict.fromkeys(goods, 2))
        quote = await toko.carts.quoted(order.quote_id)
        assert 10 == len(order.lines) == len(quote.lines)
        for name, value in (("orders", order), ("quotes", quote)):
            again, _ = record(name).read(value.id, record(name).body(value, 1, version=1))
            assert again == value and hash(again) == hash(value)
            assert [type(each) for each in again.lines] == [type(each) for each in value.lines]
            with pytest.raises(attrs.exceptions.FrozenInstanceError):
                again.lines[0].id = "other"
        history = await toko.orders.history(order)
        state = None
        for each in history:
            state = record("orders").replay(state, [each.event])
        assert order == state

    play_in_memory(body)


@pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.topic)
def test_every_event_comes_back_as_it_was(kind):
    """A row of a history is its event, its actor, its request and its instant."""
    home = next(each for each in RECORDS if kind in each.events)

    @FEW
    @given(made(kind), TEXT, INSTANTS)
    def law(event, by, at):
        (stored,) = store_events("agg_1", 6, [event], at=at, by=by, request_id="req")
        assert sound_event(stored)
        said = home.read_event(stored)
        assert (said.event, said.by, said.request_id, said.at, said.seq) == (event, by, "req", at, 7)
        assert canonical(from_json(stored.payload)) == stored.payload
        assert not sound_event(attrs.evolve(stored, at=at + timedelta(microseconds=1)))
        assert not sound_event(attrs.evolve(stored, payload=b"{}"))

    law()


@pytest.mark.parametrize("kind", [*(each.cls for each in RECORDS), *EVENTS], ids=lambda kind: kind.__name__)
def test_hosts_are_given_the_same_form(kind):
    """What `json_converter` makes of an aggregate or an event is what is stored of it, and comes back the same."""

    @FEW
    @given(made(kind))
    def law(value):
        data = CONVERTER.unstructure(value)
        assert json.loads(dump(value)) == json.loads(json.dumps(data))
        assert value == CONVERTER.structure(json.loads(json.dumps(data)), kind)

    law()


def test_topics_are_unique_and_tell_their_room():
    """One topic, one event; `room.what_happened`."""
    topics = [kind.topic for kind in EVENTS]
    assert len(set(topics)) == len(topics)
    assert all(topic.count(".") == 1 and kind.schema >= 1 for topic, kind in zip(topics, EVENTS, strict=True))


@given(made(Reason, 3))
def test_explanations_come_back(why):
    """A tree of reasons with values of every kind."""
    assert load(from_json(dump(why)), Reason) == why


# What is refused


@attrs.frozen
class Pot:
    """A made-up value."""

    id: str
    liters: int
    lid: bool = False
    price: Money | None = None
    at: datetime | None = None
    anything: str | int | bool | Decimal | Money | datetime | date | Fraction | None = None
    weight: Decimal = Decimal(1)
    unit: UnitOfMeasure = PIECE
    tags: tuple[str, ...] = ()


@attrs.frozen
class PotMade(Event):
    """A made-up event."""

    topic: ClassVar[str] = "pots.pot_made"
    schema: ClassVar[int] = 2
    pot: Pot


def evolve(state, event):
    """A pot is as it was made."""
    return event.pot


POTS = Record(
    collection=Collection("pots"),
    noun="pot",
    cls=Pot,
    evolve=evolve,
    events=(PotMade,),
    form=3,
    upcasters={
        1: lambda data: {**data, "liters": data["l"]} | {},
        2: lambda data: {name: value for name, value in data.items() if name != "l"},
    },
    event_upcasters={("pots.pot_made", 1): lambda data: {"pot": {"id": data["id"], "liters": 1}}},
)


def body(data, **envelope):
    """A stored body, by hand."""
    whole = {"data": data, "form": 3, "seq": 1, "sum": "", "version": 1} | envelope
    return json.dumps({name: value for name, value in whole.items() if value is not ...}).encode()


def test_older_forms_are_read_through_upcasters():
    """Form 1 becomes form 2 becomes form 3; a newer one asks for a newer library."""
    assert POTS.read("pot_1", body({"id": "pot_1", "l": 5}, form=1)) == (Pot("pot_1", 5), 1)
    assert POTS.read("pot_1", body({"id": "pot_1", "l": 5, "liters": 6}, form=2)) == (Pot("pot_1", 6), 1)
    with pytest.raises(RecordTooNew) as newer:
        POTS.read("pot_1", body({"id": "pot_1", "liters": 5}, form=4))
    assert (newer.value.found, newer.value.known, "upgrade" in newer.value.hint) == (4, 3, True)


def test_older_events_are_read_through_upcasters():
    """The same for the rows of a history."""

    def stored(schema, data):
        payload = {"by": "b", "data": data, "request": "r", "schema": schema, "sum": ""}
        return StoredEvent("pot_1.1", "pot_1", 1, "pots.pot_made", json.dumps(payload).encode(), NOW)

    assert POTS.read_event(stored(1, {"id": "pot_1"})).event == PotMade(Pot("pot_1", 1))
    assert POTS.read_event(stored(2, {"pot": {"id": "pot_1", "liters": 2}})).event == PotMade(Pot("pot_1", 2))
    with pytest.raises(RecordTooNew):
        POTS.read_event(stored(3, {}))
    with pytest.raises(RecordDamaged):
        POTS.read_event(attrs.evolve(stored(2, {}), topic="pots.unknown"))
    with pytest.raises(RecordDamaged):
        POTS.read_event(stored(2, {"pot": {"id": "pot_1", "liters": "2"}}))


GOOD = {"id": "pot_1", "liters": 5}


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"null",
        b'{"data":{},"data":{}}',
        body(GOOD, form=...),
        body(GOOD, extra=1),
        body(GOOD, seq="1"),
        body(GOOD, form=True),
        body(GOOD, form=0),
        body({"id": "pot_1"}),
        body({**GOOD, "unknown": 1}),
        body({**GOOD, "liters": 5.0}),
        body({**GOOD, "liters": "5"}),
        body({**GOOD, "liters": True}),
        body({**GOOD, "liters": None}),
        body({**GOOD, "id": 7}),
        body({**GOOD, "lid": "no"}),
        body({**GOOD, "lid": 0}),
        body({**GOOD, "tags": [1]}),
        body({**GOOD, "price": [5]}),
        body({**GOOD, "price": [5, "IDR", "x"]}),
        body({**GOOD, "price": [5, "ZZZ"]}),
        body({**GOOD, "price": ["5", "IDR"]}),
        body({**GOOD, "at": "2026-03-02T02:00:00"}),
        body({**GOOD, "at": 7}),
        body({**GOOD, "weight": "NaN"}),
        body({**GOOD, "weight": 1}),
        body({**GOOD, "unit": ["pcs", "-1"]}),
        body({**GOOD, "unit": [1, "1"]}),
        body({**GOOD, "anything": [1]}),
        body({**GOOD, "anything": {"float": "1.0"}}),
        body({**GOOD, "anything": {"instant": "2026-03-02T02:00:00"}}),
        b'{"data":NaN,"form":3,"seq":1,"sum":"","version":1}',
        b'{"data":' + b"[" * 3000 + b"]" * 3000 + b"}",
    ],
)
def test_a_damaged_body_says_so(text):
    """Whatever was done to it, it is told as damage, and never half read."""
    with pytest.raises(RecordDamaged) as damaged:
        POTS.read("pot_1", text)
    assert (damaged.value.kind, damaged.value.id) == ("pot", "pot_1")
    assert "verify" in damaged.value.hint and not sound(text, 1)


@pytest.mark.parametrize(
    "value",
    [None, "x", 5, True, Decimal("1.50"), Fraction(1, 3), IDR(5), NOW, date(2026, 3, 2)],
)
def test_a_scalar_of_any_kind_keeps_its_kind(value):
    """Text, numbers, money and instants in one field come back as what they were."""
    again = load(from_json(dump(Pot("p", 1, anything=value))), Pot)
    assert (again.anything, type(again.anything)) == (value, type(value))


def test_a_naive_instant_is_not_stored():
    """Python would read it in the host's own zone."""
    with pytest.raises(NaiveDatetime):
        dump(Pot("p", 1, at=datetime(2026, 3, 2)))  # noqa: DTZ001
    with pytest.raises(NaiveDatetime):
        dump(Pot("p", 1, anything=datetime(2026, 3, 2)))  # noqa: DTZ001


@attrs.frozen
class Sack:
    """A made-up value with a default that is made anew each time."""

    things: list[int] = attrs.field(factory=list)


@attrs.frozen
class Rack:
    """A made-up value of a class, or a number."""

    pot: Pot | int


@attrs.frozen
class Cupboard:
    """A made-up value of one of two classes, and perhaps of another."""

    first: FixedPrice | Percent
    second: FixedPrice | Percent | None = None


@attrs.frozen
class Barrel:
    """A made-up value with a default that follows from another field."""

    litres: int
    label: str = attrs.field()

    @label.default
    def _of_the_size(self) -> str:
        return f"{self.litres} l"


@pytest.mark.parametrize("barrel", [Barrel(5), Barrel(5, "wine")])
def test_a_default_that_follows_from_other_fields_is_stored(barrel: Barrel):
    """A library that reckons it otherwise one day leaves what was stored as it was."""
    assert barrel == load(from_json(dump(barrel)), Barrel)
    assert b'"label"' in dump(barrel)
    with pytest.raises(KeyError):
        load({"litres": 5}, Barrel)


def test_one_of_several_classes_says_which():
    """The text names the class, so that it is read back as what it was."""
    cupboard = Cupboard(Percent(5), FixedPrice(IDR(7)))

    assert cupboard == load(from_json(dump(cupboard)), Cupboard)
    assert Cupboard(Percent(5)) == load(from_json(dump(Cupboard(Percent(5)))), Cupboard)
    assert b'{"first":{"percent":{"percent":"5"}}}' == dump(Cupboard(Percent(5)))


@pytest.mark.parametrize(
    "wrong", [{"first": {}}, {"first": {"percent": {"percent": "5"}, "x": 1}}, {"first": {"off": {}}}]
)
def test_a_class_that_is_none_of_them_is_refused(wrong):
    """No tag, two of them, an unknown one: damage is told, never guessed away."""
    with pytest.raises(TypeError, match="one of fixed_price, percent"):
        load(wrong, Cupboard)


@pytest.mark.parametrize("value", [Sack(), Rack(5), object()])
def test_what_has_no_wire_form_is_told_at_once(value):
    """A list, a class or a number, no class of ours: a fault of the library, found when it is first stored."""
    with pytest.raises(TypeError, match="no wire form"):
        dump(value)


@pytest.mark.parametrize(
    "wrong",
    [
        Pot("p", "5"),
        Pot("p", Decimal(5)),
        Pot("p", None),
        Pot(7, 5),
        Pot("p", 5, lid="yes"),
        Pot("p", 5, price=5),
        Pot("p", 5, weight=1.5),
        Pot("p", 5, anything=1.5),
        Pot("p", 5, at="2026-03-02"),
        Pot("p", 5, tags=(1,)),
    ],
)
def test_a_value_of_another_type_is_not_written(wrong):
    """No validator looks at these fields; what stands in them is held to its type before it is stored."""
    with pytest.raises((TypeError, AttributeError, KeyError)):
        dump(wrong)


def test_what_holds_nothing_is_one_value():
    """Most sets of units are empty: each is the same frozen value, and nothing else passes for one."""
    assert NO_UNITS == load({}, UnitSet)
    assert load({}, UnitSet) is load({}, UnitSet)
    for wrong in ([], None, 0):
        with pytest.raises(TypeError):
            load(wrong, UnitSet)


def test_only_nothing_is_left_out():
    """A default that is something is written, so that a changed default rewrites no stored value."""
    assert dump(Pot("p", 1)) == b'{"id":"p","liters":1,"unit":["pcs","1"],"weight":"1"}'


def test_values_that_never_change_have_no_replay():
    """A quote is kept; an aggregate without events is nothing."""
    with pytest.raises(Misuse):
        record("quotes").replay(None, [])
    with pytest.raises(Misuse):
        POTS.replay(None, [])


def test_every_record_is_declared_once():
    """Names, collections and classes match."""
    assert len({each.name for each in RECORDS}) == len(RECORDS) == 45
    assert all(each.collection.name == each.name and attrs.has(each.cls) for each in RECORDS)
