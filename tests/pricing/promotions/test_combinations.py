"""Combinations against an oracle: as many as there can be, made of the units that they should be made of."""

from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from tokolib.conditions import equal, one_of
from tokolib.conditions.model import ALWAYS
from tokolib.kernel.money import IDR
from tokolib.kernel.policies import CombinationShare, Policies
from tokolib.pricing.model import PriceLine
from tokolib.pricing.promotions.benefits import AmountOff, Combination, FixedPrice, Part, Percent, Pick
from tokolib.pricing.promotions.giving.applying import apply
from tokolib.pricing.promotions.giving.combos import make
from tokolib.pricing.promotions.model import Promotion, Terms

SKUS = ("kopi", "teh", "gula")

prices = st.fixed_dictionaries({key: st.integers(1, 9) for key in SKUS})
targets = st.sampled_from([ALWAYS, equal("sku", "kopi"), one_of("sku", "kopi", "teh"), one_of("sku", "teh", "gula")])
values = st.one_of(
    st.builds(Percent, st.integers(1, 100)),
    st.builds(AmountOff, st.integers(1, 9).map(IDR)),
    st.builds(FixedPrice, st.integers(0, 9).map(IDR)),
)
parts = st.builds(Part, st.integers(1, 3), targets, st.none() | values, st.sampled_from(Pick))
valued = st.builds(Part, st.integers(1, 3), targets, values, st.sampled_from(Pick))
plain = st.builds(Part, st.integers(1, 3), targets, st.none(), st.sampled_from(Pick))
combinations = st.one_of(
    st.builds(Combination, st.tuples(valued), st.none(), st.none() | st.integers(1, 3)),
    st.builds(Combination, st.tuples(valued, parts), st.none(), st.none() | st.integers(1, 3)),
    st.builds(Combination, st.tuples(parts, parts, valued), st.none(), st.none() | st.integers(1, 3)),
    st.builds(Combination, st.lists(plain, min_size=1, max_size=3), values, st.none() | st.integers(1, 3)),
)
shares = st.builds(Policies, combination_share=st.sampled_from(CombinationShare))


@st.composite
def carts(draw, most=7):
    """Lines of at most so many units together; a SKU may be on two of them."""
    lines, left = [], most
    for id in "abcd":
        quantity = draw(st.integers(0, left))
        if quantity:
            lines.append(PriceLine(id, draw(st.sampled_from(SKUS)), "", quantity))
            left -= quantity
    return lines or [PriceLine("a", "kopi", "", 1)]


def promotion(benefit, id="prm_p", **more):
    return Promotion(id, 1, Terms("p", benefit, currency="IDR", **more))


def split(units: int, fits: list[bool]) -> Iterator[tuple[int, ...]]:
    """Every way to let at most so many units serve in the parts that they fit."""
    if not fits:
        yield ()
        return
    for own in range(units + 1 if fits[0] else 1):
        for others in split(units - own, fits[1:]):
            yield (own, *others)


def assignments(units: list[int], fits: list[list[bool]]) -> Iterator[list[tuple[int, ...]]]:
    """Every way to let the units of all lines serve: for each line, how many in each part."""
    if not units:
        yield []
        return
    for own in split(units[0], fits[0]):
        for others in assignments(units[1:], fits[1:]):
            yield [own, *others]


def oracle(candidate, benefit, workings):
    """The most combinations, and of each part, valued ones first, the best units: every assignment is looked at."""
    needs = [part.quantity for part in benefit.parts]
    free = [units - used for units, used in zip(workings.units, workings.used, strict=True)]
    fits = [[i in row for row in candidate.targets] for i in range(len(free))]
    order = sorted(range(len(needs)), key=lambda k: (benefit.parts[k].value is None, k))
    best = (0, ())
    for rows in assignments(free, fits):
        counts = [sum(row[k] for row in rows) for k in range(len(needs))]
        times = counts[0] // needs[0]
        if counts != [times * need for need in needs] or times > (benefit.times or times):
            continue
        picked = tuple(
            tuple(sorted(_worth(benefit.parts[k], i, workings) for i, row in enumerate(rows) for _ in range(row[k])))
            for k in order
        )
        if times > best[0] or (times == best[0] and picked < best[1]):
            best = (times, picked)
    return best


def _worth(part, i, workings):
    price = workings.rest[i] // workings.units[i]
    return (price if part.pick is Pick.CHEAPEST else -price, i)


@settings(max_examples=200)
@given(carts(), prices, combinations, st.data())
def test_as_many_as_can_be_of_the_right_units(bench, lines, shelf, benefit, data):
    """Every assignment of units to parts was compared: none makes more, or of cheaper (dearer) ones."""
    ground = bench.ground(lines, shelf)
    candidate = bench.candidate(promotion(benefit), lines, ground)
    if candidate is None:
        return
    used = [data.draw(st.integers(0, line.quantity)) for line in lines]
    workings = bench.with_used(ground, used).lines

    made = make(candidate, benefit, workings)

    order = sorted(range(len(benefit.parts)), key=lambda k: (benefit.parts[k].value is None, k))
    picked = tuple(
        tuple(sorted(_worth(benefit.parts[k], i, workings) for i, units in made.served[k] for _ in range(units)))
        for k in order
    )
    times, best = oracle(candidate, benefit, workings)
    assert (times, best if times else ((),) * len(order)) == (made.times, picked)


@given(carts(most=12), prices, st.lists(combinations, min_size=1, max_size=4), shares)
def test_no_unit_serves_twice(bench, lines, shelf, benefits, policies):
    """However many combinations ask for it; and each consumes what it says."""
    ground = bench.ground(lines, shelf, policies=policies)
    offered = [promotion(benefit, f"prm_{n}") for n, benefit in enumerate(benefits)]

    applied = apply(bench.sift(lines, ground, offered).candidates, ground)

    used = applied.terrain.lines.used
    assert all(0 <= served <= line.quantity for served, line in zip(used, lines, strict=True))
    assert sum(used) == sum(granted.units for _, granted in applied.granted)


@given(carts(), prices, combinations, st.integers(1, 5), st.integers(1, 100))
def test_units_that_fit_nothing_change_nothing(counter, lines, shelf, benefit, quantity, price):
    """Whatever they cost, and however many they are."""
    fitting = Combination(
        [
            Part(each.quantity, one_of("sku", *SKUS) if each.which is ALWAYS else each.which, each.value, each.pick)
            for each in benefit.parts
        ],
        benefit.value,
        benefit.times,
    )
    offered = [promotion(fitting)]
    more = [*lines, PriceLine("0", "susu", "", quantity)]

    without = counter.ask(lines, prices=shelf, promotions=offered)
    with_it = counter.ask(more, prices={**shelf, "susu": price}, promotions=offered)

    assert without.granted == with_it.granted
    assert without.total + quantity * price == with_it.total


@given(carts(most=12), prices, st.integers(1, 4), st.integers(0, 40), targets)
def test_any_so_many_for_a_price_are_never_dearer(counter, lines, shelf, quantity, price, target):
    """What was cheaper already stays so, and each set that was made costs its price at most."""
    offered = promotion(Combination((Part(quantity, target),), FixedPrice(IDR(price))))

    priced = counter.ask(lines, prices=shelf, promotions=[offered])

    assert priced.discount >= 0
    for granted in priced.granted:
        assert granted.amount == granted.base - price * (granted.units // quantity)


def test_what_is_got_leaves_what_must_be_bought(counter):
    """The cheapest unit isn't free where it is the only one that can be bought for it."""
    offered = counter.promotion(
        "p", benefit=Combination((Part(1, equal("sku", "teh")), Part(1, value=Percent(100), pick=Pick.CHEAPEST)))
    )
    shelf = {"kopi": 50, "teh": 30}

    def discount(coffees: int, teas: int) -> int:
        lines = [counter.line("a", "kopi", coffees), counter.line("b", "teh", teas)]
        return counter.ask(lines, prices=shelf, promotions=[offered]).discount

    assert [50, 30, 80, 130] == [discount(1, 1), discount(1, 2), discount(1, 3), discount(2, 4)]


def test_three_for_two(counter):
    """Of every three the cheapest is free; a fourth and a fifth are paid."""
    offered = counter.promotion("p", benefit=Combination((Part(2), Part(1, value=Percent(100), pick=Pick.CHEAPEST))))
    shelf = {"kopi": 50, "teh": 30, "gula": 20}
    cart = [counter.line("a", "kopi", 2), counter.line("b", "teh", 1), counter.line("c", "gula", 2)]

    priced = counter.ask(cart, prices=shelf, promotions=[offered])

    assert 20 == priced.discount
    assert 40 == counter.ask([*cart, counter.line("d", "kopi")], prices=shelf, promotions=[offered]).discount


def test_buy_coffee_get_tea(counter):
    """The tea is free for every two coffees; without tea in the cart nothing is."""
    offered = counter.promotion(
        "p",
        benefit=Combination((Part(2, equal("sku", "kopi")), Part(1, equal("sku", "teh"), Percent(100), Pick.CHEAPEST))),
    )
    shelf = {"kopi": 50, "teh": 30}

    def discount(coffees: int, teas: int) -> int:
        lines = [counter.line("a", "kopi", coffees), *([counter.line("b", "teh", teas)] if teas else [])]
        return counter.ask(lines, prices=shelf, promotions=[offered]).discount

    assert [0, 30, 30, 60] == [discount(4, 0), discount(3, 2), discount(4, 1), discount(4, 3)]


def test_the_second_at_half_price(counter):
    """Of two units the cheaper one; a unit that was bought for it can't be got as well."""
    offered = counter.promotion("p", benefit=Combination((Part(1), Part(1, value=Percent(50), pick=Pick.CHEAPEST))))
    shelf = {"kopi": 50, "teh": 30}

    priced = counter.ask([counter.line("a", "kopi"), counter.line("b", "teh", 2)], prices=shelf, promotions=[offered])

    assert 15 == priced.discount
    assert 0 == counter.ask([counter.line("a", "kopi")], prices=shelf, promotions=[offered]).discount


def test_a_set_is_cheaper_together(counter):
    """One coffee and two cups for a price, as many times as the cart has all of them."""
    offered = counter.promotion(
        "p", benefit=Combination((Part(1, equal("sku", "kopi")), Part(2, equal("sku", "cup"))), FixedPrice(IDR(100)))
    )
    shelf = {"kopi": 70, "cup": 20}

    priced = counter.ask(
        [counter.line("a", "kopi", 3), counter.line("b", "cup", 5)], prices=shelf, promotions=[offered]
    )

    assert (20, 6) == (priced.discount, priced.granted[0].units)


def test_whose_discount_it_is_goes_by_policy(counter):
    """The line whose unit was got bears it all, or all that served in it do, by what they cost."""
    offered = counter.promotion(
        "p",
        benefit=Combination((Part(1, equal("sku", "kopi")), Part(1, equal("sku", "teh"), Percent(100), Pick.CHEAPEST))),
    )
    cart, shelf = [counter.line("a", "kopi"), counter.line("b", "teh")], {"kopi": 90, "teh": 30}

    def bearing(share: CombinationShare) -> list[int]:
        settings = counter.settings(Policies(combination_share=share))
        priced = counter.ask(cart, prices=shelf, promotions=[offered], settings=settings)
        return [sum(each.amount for each in line.discounts) for line in priced.lines]

    assert [0, 30] == bearing(CombinationShare.GOT)
    assert [23, 7] == bearing(CombinationShare.CONSUMED)
