"""Whatever is done to an order: money and stock close to zero, in books that know none of our rules."""

import copy
import itertools
import os
from datetime import timedelta
from functools import reduce
from operator import add
from random import Random

import pytest
from sequences.care import STAYS
from sequences.opening import raise_stage
from sequences.oracle import Impossible, OrderBooks
from sequences.play import KINDS, close, history, play_many, shelves
from sequences.scene import Scene

from tokolib import IDR
from tokolib.returns import Disposition, Finding
from tokolib.returns.claims import ClaimKind, ClaimRemedy

LEVEL = os.environ.get("TOKOLIB_HYPOTHESIS_PROFILE", "dev")
IN_MEMORY = {"dev": 12, "ci": 225, "soak": 11_250}[LEVEL]
ON_FILES = {"dev": 12, "ci": 100, "soak": 5_000}[LEVEL]
SEEDS, FILE_SEEDS = range(8), (100, 101)
RARE = 0.05
"""Of so many sequences each kind of command has to be a part."""


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """What came of a seed, played once."""
    known = {}

    def of(seed):
        if seed not in known:
            known[seed] = _played(seed, tmp_path_factory)
        return known[seed]

    return of


def _played(seed, directories):
    if seed in SEEDS:
        return play_many(itertools.repeat("memory://"), IN_MEMORY, seed)
    folder = directories.mktemp("shops")
    # Not made durable: nothing is cut off here, and the disk would take nine tenths of the time.
    return play_many((f"sqlite:///{folder}/{number}.db?durable=0" for number in itertools.count()), ON_FILES, seed)


@pytest.mark.parametrize("seed", [*SEEDS, *FILE_SEEDS])
def test_books_of_their_own_close_at_zero(seed, played):
    """Captures, shipments, edits, cancellations, returns, exchanges, claims, refunds: in memory, and in SQLite."""
    told = played(seed)

    assert told.faults == []
    assert told.fewest >= 12


ENOUGH = {"memory": SEEDS} | ({} if LEVEL == "dev" else {"files": FILE_SEEDS})
"""Where so many sequences are played that each kind of command must be among them."""


@pytest.mark.parametrize("where", ENOUGH)
def test_each_kind_of_command_is_a_part_of_enough_sequences(where, played, count):
    """What was played says something of each."""
    told = reduce(add, map(played, ENOUGH[where]))

    count(told)
    assert set() == set(told.having) - set(KINDS)
    assert [] == [f"{kind}: {told.having[kind]}" for kind in KINDS if told.having[kind] < RARE * told.sequences]


HISTORY = [
    (
        "",
        "orders.order_requested",
        {"order": {"lines": [{"line": {"id": "l", "key": "teh", "steps": 2, "total": 100}}]}},
    ),
    ("", "orders.order_placed", {}),
    ("", "orders.payment_captured", {"account": "money:cash", "amount": 100}),
    ("", "orders.goods_shipped", {"runs": [{"line_id": "l", "beyond": 2}]}),
    ("", "orders.payment_reversed", {"account": "money:cash", "amount": 50}),
    ("", "orders.allowance_granted", {"amount": 50, "reason": "a dent"}),
]


def test_books_that_close_are_told_from_those_that_do_not():
    """The control: a rupiah or a unit more or less in a history is a fault."""
    assert OrderBooks().tell(HISTORY).faults([("teh", -2)]) == []
    assert len(OrderBooks().tell(HISTORY).faults([("teh", -1)])) == 1
    for at, (subject, topic, said) in enumerate(HISTORY):
        if "amount" in said:
            wrong = [*HISTORY[:at], (subject, topic, {**said, "amount": said["amount"] + 1}), *HISTORY[at + 1 :]]
            assert OrderBooks().tell(wrong).faults([("teh", -2)]) != []


@pytest.fixture(scope="module")
def cared_for():
    """The history of an order with a case of every kind, and what the house has more since: a true one."""
    stage = raise_stage("memory://", Random(7))
    before, shop = shelves(stage), stage.shop
    quote = shop.carts.quote(shop.carts.start({"CANGKIR": 9, "PAKET": 3}))
    scene = Scene(shop, stage.world, stage.clock, Random(7), shop.orders.place(quote, tender="cash", key="k"))
    order, week = scene.order, stage.clock.now() + timedelta(days=7)
    shop.shipments.hand_over(order)
    asked = shop.returns.authorise(shop.returns.request(order, {"CANGKIR": 2, "PAKET": 1}, reason="odd"))
    shop.returns.receive(asked)
    shop.returns.inspect(asked, {"CANGKIR": [Finding(Disposition.DAMAGED, 1), Finding(Disposition.REFUSED)]})
    shop.returns.accept(asked)
    for pricing, units in (("now", 1), ("even", 2)):
        goods = {"CANGKIR": units}
        swap = shop.exchanges.request(order, goods, goods, until=week, reason="odd", pricing=pricing)
        shop.exchanges.complete(swap)
    dropped = shop.exchanges.request(order, {"CANGKIR": 1}, {"TEH-50": 1}, until=week, reason="odd")
    shop.exchanges.cancel(dropped, reason="keeps it")

    def claim(remedy, **more):
        terms = {"kind": ClaimKind.DAMAGED, "remedy": remedy, "reason": "torn"}
        return shop.claims.open(order, {"PAKET": 1}, **terms, **more)

    shop.claims.approve(claim(ClaimRemedy.ALLOWANCE, amount=IDR(5_000)))
    shop.claims.approve(claim(ClaimRemedy.REPLACEMENT, until=week))
    back = shop.claims.approve(claim(ClaimRemedy.REFUND, goods_back=True))
    shop.returns.accept(back.return_id)
    shop.claims.approve(shop.claims.open(order, {"CANGKIR": 1}, kind="missing", remedy="refund", reason="none came"))
    shop.claims.reject(shop.claims.open(order, {"CANGKIR": 1}, kind="damaged", remedy="refund", reason="no"), note="no")
    close(scene, empty=False)
    after = shelves(stage)
    return history(scene), [(key, after[key] - before[key]) for key in before]


def found(told, moved):
    """What books of their own find in a history."""
    try:
        return OrderBooks().tell(told).faults(moved)
    except Impossible as error:
        return [str(error)]


SIDES = ("returns.", "orders.goods_returned", "orders.allowance_granted")
"""What is told of cases: by themselves, and by the order."""
AGAIN = ("returns.return_inspected",)
"""What may be said twice."""
DECLINED = "no"
"""The reason of a claim that came to nothing: of what it would have been, nobody can tell."""


def parts(value, path=()):
    """Every dictionary within *value*, with the way to it."""
    if isinstance(value, dict):
        yield path, value
    for name, each in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from parts(each, (*path, name))


def changed(said, path, name, value):
    """*said*, in which one thing is another."""
    made = copy.deepcopy(said)
    reduce(lambda inside, step: inside[step], path, made)[name] = value
    return made


def plants(topic, said):
    """What an event may say wrongly: a sum by one, one unit less or more, another place for goods."""
    for path, part in parts(said):
        for name, value in part.items():
            if name == "beyond":
                yield changed(said, path, name, value - 1)
                if not (topic == "returns.return_requested" or said.get("claim", {}).get("remedy") == "allowance"):
                    yield changed(said, path, name, value + 1)  # not all has to come; an amount is of any units
            elif name in ("credited", "goods", "total", "amount") and isinstance(value, int):
                yield changed(said, path, name, value + 1)
            elif isinstance(value, list) and value[1:] == ["IDR"]:
                yield changed(said, path, name, [value[0] + 1, "IDR"])
            elif name == "disposition" and topic == "returns.return_accepted":
                yield changed(said, path, name, "restock" if value in STAYS else "kept")
            elif name in ("return_id", "exchange_id", "amendment_id", "part_of") and value:
                yield changed(said, path, name, "ret_nobody")


def test_what_is_told_wrongly_of_returns_exchanges_and_claims_is_found(cared_for, count):
    """The control of what customers ask for: an event that is missing or said twice, and whatever one says wrongly."""
    told, moved = cared_for
    assert found(told, moved) == []
    tried, missed = 0, []
    for at, (subject, topic, said) in enumerate(told):
        if not topic.startswith(SIDES):
            continue
        wrong = [()] if topic in AGAIN else [(), ((subject, topic, said), (subject, topic, said))]
        if said.get("claim", {}).get("reason") != DECLINED:
            wrong += [((subject, topic, each),) for each in plants(topic, said)]
        for each in wrong:
            tried += 1
            if not found([*told[:at], *each, *told[at + 1 :]], moved):
                missed.append(f"{topic}: {[one for *_, one in each]} for {said}")
    count(f"{tried} histories with one fault each")
    assert missed == []
    assert tried > 150
