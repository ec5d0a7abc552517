"""Laws of document totals, by any order that can be and any way in which it comes back."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import attrs
from hypothesis import given
from hypothesis import strategies as st

from tokolib import IDR, Policies, UnitPrice
from tokolib.checkout.lines import QuoteCharge, QuoteLine
from tokolib.documents import (
    DocumentItem,
    DocumentKind,
    Invoice,
    ItemKind,
    TaxCategory,
    faktur_totals,
    plain_totals,
    rule_misses,
    uncredited,
)
from tokolib.documents.charges import charge_lines
from tokolib.documents.crediting import overdrawn
from tokolib.documents.filing.told import takes_all, told_invoice, told_note
from tokolib.documents.stated import AllowanceLevel, StatedLine, StatedTax
from tokolib.documents.stating import credit_lines, sale_lines
from tokolib.documents.totals import DocumentTotals, expected_tax, stated_totals
from tokolib.kernel.explain import reason
from tokolib.kernel.policies import TaxBase
from tokolib.kernel.quantity import PIECE
from tokolib.kernel.rounding import RoundingLevel, RoundingMode, RoundingProfile
from tokolib.kernel.spread import spread
from tokolib.orders.lines import OrderLine, Run
from tokolib.orders.model import Order, OrderState
from tokolib.orders.shares import everything, worths
from tokolib.pricing.model import ChargeKind
from tokolib.pricing.parts import ChargePart
from tokolib.pricing.promotions.model import AppliedDiscount
from tokolib.tax.estimates import overdrawn as drawn_too_much
from tokolib.tax.model import Assessment, Component, TaxAmount
from tokolib.tax.settle import Taxable, settle

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
PROMOTIONS = ("prm_order", "prm_line", "prm_funded")


def component(code: str, rate: str, fraction: Fraction, letter: str) -> Component:
    return Component(code, code, Decimal(rate), fraction, letter, f"the law of {code} {letter}")


CLASSES = {
    "courier": (component("PPN", "12", Fraction(11, 120), "S"),),
    "exempt": (component("PPN", "0", Fraction(1), "E"),),
    "export": (component("PPN", "0", Fraction(1), "G"),),
    "luxury": (component("PPN", "12", Fraction(1), "S"), component("PPnBM", "20", Fraction(1), "S")),
    "none": (),
    "reduced": (component("VAT", "7", Fraction(1), "S"),),
    "relieved": (attrs.evolve(component("PPN", "12", Fraction(11, 12), "E"), waived=True, facility="02"),),
    "standard": (component("PPN", "12", Fraction(11, 12), "S"),),
}
PROFILES = st.builds(RoundingProfile, st.sampled_from(RoundingMode), st.sampled_from(RoundingLevel))
HALF_UP_BY_GROUP = RoundingProfile(RoundingMode.HALF_UP, RoundingLevel.RATE_GROUP)


def assessed(tax_class: str, profile: RoundingProfile) -> Assessment:
    return Assessment(CLASSES[tax_class], profile, reason("tax.exempt"))


@attrs.frozen
class Given:
    """A line or charge before its tax is known."""

    amount: int
    discounts: tuple[AppliedDiscount, ...]
    classes: tuple[str, ...]
    units: int = 1

    @property
    def rest(self) -> int:
        return self.amount - sum(each.amount for each in self.discounts)

    def after_tax(self, policy: TaxBase) -> int:
        if policy is TaxBase.AFTER_DISCOUNTS:
            return 0
        return sum(each.amount for each in self.discounts if policy is TaxBase.BEFORE_DISCOUNTS or each.funder)


# Strategies are made once: making one takes longer than drawing from it.
NAMES = st.lists(st.sampled_from(PROMOTIONS), unique=True, max_size=3)
FUNDERS = st.sampled_from(("", "bank"))
TENTHS = st.integers(1, 10)
AMOUNTS = st.one_of(st.integers(0, 200), st.integers(0, 10**9))
KINDS = st.sampled_from(sorted(CLASSES))
MIXES = {most: st.lists(KINDS, min_size=1, max_size=most, unique=True).map(sorted) for most in (1, 3)}
UNITS = st.integers(1, 40)
POLICIES = st.sampled_from(TaxBase)
FLAGS = st.booleans()
LINES, CHARGES = st.integers(1, 3), st.integers(0, 2)


def given_off(draw, amount: int) -> tuple[AppliedDiscount, ...]:
    """Discounts of *amount*: a tenth of what is left, or more, up to all of it."""
    made, left = [], amount
    for id in draw(NAMES):
        if part := left * draw(TENTHS) // 10:
            funder = draw(FUNDERS) if id == "prm_funded" else ""
            made.append(AppliedDiscount(id, id, "", part, funder))
            left -= part
    return tuple(made)


def drawn(draw, classes, units=1) -> Given:
    amount = draw(AMOUNTS)
    return Given(amount, given_off(draw, amount), tuple(classes), units)


@st.composite
def orders(draw, profiles=PROFILES, included=None, refundable=None, most=3) -> Order:
    """An order as checkout makes it: discounts, then taxes settled together, then charges spread over the lines."""
    policy, profile = draw(POLICIES), draw(profiles)

    def flag(fixed):
        return draw(FLAGS) if fixed is None else fixed

    goods = [drawn(draw, [draw(KINDS)], draw(UNITS)) for _ in range(draw(LINES))]
    extras = [drawn(draw, draw(MIXES[most])) for _ in range(draw(CHARGES))]
    sides, whole = [flag(included) for _ in goods], flag(included)

    items, owners = [], []
    for n, (each, side) in enumerate([*zip(goods, sides, strict=True), *((each, whole) for each in extras)]):
        taxable = each.rest + each.after_tax(policy)
        parts = spread(taxable, [draw(TENTHS) for _ in each.classes])
        for tax_class, part in zip(each.classes, parts, strict=True):
            items.append(Taxable(part, assessed(tax_class, profile), each.units, side))
            owners.append(n)
    taxes = dict.fromkeys(range(len(goods) + len(extras)), ())
    parts = dict.fromkeys(taxes, ())
    for n, item, own in zip(owners, items, settle(items, included, None), strict=True):
        taxes[n] += own
        contained = sum(tax.amount for tax in own) if item.includes_tax else 0
        parts[n] += (ChargePart(f"class {len(parts[n])}", item.amount - contained, own),)

    def sides_of(n, rest, contains):
        tax = sum(each.amount for each in taxes[n])
        return (rest - tax, rest) if contains else (rest, rest + tax)

    lines = []
    for n, (each, side) in enumerate(zip(goods, sides, strict=True)):
        net, total = sides_of(n, each.rest, side)
        lines.append(
            QuoteLine(
                id=f"l{n}",
                key=f"k{n}",
                sku=f"K{n}",
                name=f"goods {n}",
                product_id="",
                steps=each.units,
                unit=PIECE,
                unit_price=UnitPrice.of(IDR(1)),
                base=each.amount,
                net=net,
                total=total,
                tax_class=each.classes[0],
                includes_tax=side,
                discounts=each.discounts,
                taxes=taxes[n],
            )
        )
    charges = []
    for n, each in enumerate(extras):
        net, total = sides_of(len(goods) + n, each.rest, whole)
        charges.append(
            QuoteCharge(
                id=f"c{n}",
                kind=ChargeKind.SHIPPING,
                label=f"charge {n}",
                amount=each.amount,
                base=each.amount,
                includes_tax=whole,
                net=net,
                total=total,
                tax_class="shipping",
                refundable=flag(refundable),
                shares=spread(total, [line.total for line in lines]),
                parts=parts[len(goods) + n],
                discounts=each.discounts,
            )
        )
    policies = Policies(tax_base=policy)
    return attrs.evolve(PLAIN, lines=tuple(map(OrderLine, lines)), charges=tuple(charges), policies=policies)


PLAIN = Order(
    id="ord_1",
    version=1,
    reference="A",
    intent_id="int_1",
    customer=None,
    channel="web",
    currency=IDR,
    lines=(
        OrderLine(
            QuoteLine("l", "k", "K", "", "", 1, PIECE, UnitPrice.of(IDR(100)), 100, 100, 100, "none", includes_tax=True)
        ),
    ),
    charges=(),
    tender="cash",
    uses=(),
    policies=Policies(tax_base=TaxBase.BEFORE_DISCOUNTS),
    tax_date=date(2026, 3, 2),
    location="main",
    requested_at=NOW,
    state=OrderState.PLACED,
)


NOTES, CUTS = st.integers(1, 4), st.lists(UNITS, max_size=6)


@st.composite
def returns(draw, order: Order) -> list[list[Run]]:
    """All units of all lines, dealt into up to four notes."""
    parts: list[list[Run]] = [[] for _ in range(draw(NOTES))]
    for line in order.lines:
        cuts = sorted({0, line.units, *(cut % line.units for cut in draw(CUTS))})
        for first, beyond in pairwise(cuts):
            parts[draw(NOTES) % len(parts)].append(Run(line.id, first, beyond))
    return parts


LEVELS = st.sets(st.sampled_from(PROMOTIONS))


def document(order: Order, lines, kind=DocumentKind.INVOICE) -> Invoice:
    totals = stated_totals(lines)
    return Invoice(
        "inv_1", 1, kind, "INV/2026/000001", "INV/2026", 1, order.id, order.reference, NOW, date(2026, 3, 2),
        order.tax_date, order.currency, lines, totals,
    )  # fmt: skip


def invoice(order: Order, on_document=()) -> Invoice:
    return document(order, sale_lines(order, on_document))


def note(order: Order, runs, on_document=(), charges=True) -> Invoice:
    shares = worths(order, runs, charges=charges)
    return document(order, credit_lines(order, shares, runs, on_document), DocumentKind.CREDIT_NOTE)


def figures(totals: DocumentTotals) -> dict[object, object]:
    """Every figure that is a sum; a row's rounding is what its own document's rounding left."""
    plain = attrs.asdict(totals, filter=lambda field, _: field.name not in {"breakdown"}, recurse=False)
    return plain | {row.category: (row.taxable, row.tax, row.waived) for row in totals.breakdown}


def nonzero(found: dict[object, object]) -> dict[object, object]:
    return {name: figure for name, figure in found.items() if figure not in (0, (0, 0, 0))}


@given(st.data())
def test_the_last_note_closes_every_category_at_zero(data):
    """Whatever comes back when, all notes together are the invoice: in every total, and by category and rate."""
    order = data.draw(orders(refundable=True))
    on_document = data.draw(LEVELS)
    sold = invoice(order, on_document)

    notes = [note(order, runs, on_document) for runs in data.draw(returns(order))]

    left = uncredited(sold, notes)
    assert {} == nonzero(figures(left))
    assert [row.category for row in sold.totals.breakdown] == [row.category for row in left.breakdown]
    for name in ("lines", "allowances", "charges", "without_tax", "tax", "with_tax", "prepaid", "borne", "payable"):
        assert getattr(sold.totals, name) == sum(getattr(each.totals, name) for each in notes)


@given(st.data())
def test_no_notes_take_more_of_a_category_than_there_is(data):
    """Whichever notes are there, one of them a second time is found out, and each by itself is within the invoice."""
    order = data.draw(orders(refundable=True))
    sold = invoice(order)

    notes = [note(order, runs) for runs in data.draw(returns(order))]

    for made in range(len(notes) + 1):
        assert () == overdrawn(sold, notes[:made])
    largest = max(notes, key=lambda each: each.totals.with_tax)
    assert (largest.totals.with_tax > largest.totals.borne) == bool(
        [each for each in overdrawn(sold, [*notes, largest]) if each.figure == "with_tax"]
    )


@given(st.data())
def test_what_stands_in_the_lines_closes_too(data):
    """Discounts, what was taken off where and by whom, and DPP nilai lain: no figure of the invoice stays behind."""
    order = data.draw(orders(refundable=True))
    on_document = data.draw(LEVELS)

    def summed(documents):
        sums: dict[object, int] = {}
        for each in documents:
            for line in each.lines:
                key = (line.name, line.sku, tuple(tax.category for tax in line.taxes))
                rows = {(key, "discount"): line.discount, (key, "total"): line.total, (key, "net"): line.net}
                rows |= {(key, "base", n): tax.base for n, tax in enumerate(line.taxes)}
                rows |= {(key, "waived", n): tax.waived for n, tax in enumerate(line.taxes)}
                rows |= {(key, a.promotion_id, a.funder, a.level): a.amount for a in line.allowances}
                for row, amount in rows.items():
                    sums[row] = sums.get(row, 0) + amount
        return {row: amount for row, amount in sums.items() if amount}

    notes = [note(order, runs, on_document) for runs in data.draw(returns(order))]

    assert summed([invoice(order, on_document)]) == summed(notes)


@given(st.data())
def test_a_note_is_the_shares_that_are_paid_back(data):
    """Its total and its tax are those of the order's shares; what was taken off is never less than nothing."""
    order = data.draw(orders())
    charges = data.draw(st.booleans())
    for runs in data.draw(returns(order)):
        shares = worths(order, runs, charges=charges)
        made = note(order, runs, data.draw(LEVELS), charges)
        tax = sum(each.amount for worth in shares for each in worth.taxes)
        tax += sum(each.amount for worth in shares for charge in worth.charges for each in charge.taxes)
        assert (sum(worth.total for worth in shares), tax) == (made.total.minor_units, made.tax.minor_units)
        assert all(each.amount >= 0 for line in made.lines for each in line.allowances)


@given(orders(), LEVELS)
def test_the_rules_hold_but_for_rounding(order, on_document):
    """Every rule of the standard holds exactly, but BR-CO-17 where the rounding field says by how much."""
    sold = invoice(order, on_document)

    misses = rule_misses(sold.items, sold.totals)

    assert {(row.category, row.rounding) for row in sold.totals.breakdown if row.rounding} == {
        (miss.category, miss.off_by) for miss in misses
    }
    assert {"BR-CO-17"} >= {miss.rule for miss in misses}
    assert sold.totals.tax == sum(
        expected_tax(row.category, row.taxable) + row.rounding for row in sold.totals.breakdown
    )


@given(orders())
def test_an_invoice_states_what_was_agreed(order):
    """The total is the order's, and each line's; the taxable amounts and taxes are those that were settled."""
    sold = invoice(order)
    taxes = [tax for each in (*(line.line for line in order.lines), *order.charges) for tax in each.taxes]

    assert order.total == sold.total
    assert sum(tax.amount for tax in taxes) == sold.tax.minor_units
    assert sum(tax.base for tax in taxes) == sum(tax.base for line in sold.lines for tax in line.taxes)
    assert sum(tax.waived for tax in taxes) == sum(row.waived for row in sold.totals.breakdown)
    assert all(line.total == line.net + sum(tax.amount for tax in line.taxes) for line in sold.lines)


@given(orders(), LEVELS)
def test_where_a_discount_is_shown_changes_no_sum(order, on_document):
    """On the line or on the document: what is taxed, the tax and what is payable are alike."""
    plain, shown = invoice(order).totals, invoice(order, on_document).totals

    assert figures(plain) | {"lines": 0, "allowances": 0} == figures(shown) | {"lines": 0, "allowances": 0}
    assert plain.lines - plain.allowances == shown.lines - shown.allowances
    assert shown.allowances - plain.allowances == sum(
        each.amount
        for line in invoice(order, on_document).lines
        if not line.is_charge
        for each in line.allowances
        if each.level is AllowanceLevel.DOCUMENT
    )


@given(orders(profiles=st.just(HALF_UP_BY_GROUP), included=False, most=1))
def test_taxes_rounded_by_rate_group_are_those_of_a_plain_bill(order):
    """On net prices, settled by category as the standard does it, both ways in give the same and nothing is missed."""
    sold = invoice(order)
    plain = plain_totals(sold.items, prepaid=sold.totals.prepaid)

    assert [(row.category, row.tax, 0) for row in plain.breakdown] == [
        (row.category, row.tax, row.rounding) for row in sold.totals.breakdown
    ]
    assert (sold.totals.with_tax, sold.totals.payable) == (plain.with_tax, plain.payable)


@given(orders())
def test_a_charge_by_the_goods_mix_loses_nothing(order):
    """Its lines, one for each class, add up to it; each class states exactly what it was taxed on, outside tax too."""
    policy = order.policies.tax_base
    for charge in order.charges:
        lines = charge_lines(charge, policy)
        assert [(part.taxable, part.with_tax) for part in charge.parts] == [
            (line.taxable, line.total + line.taken(AllowanceLevel.AFTER_TAX)) for line in lines
        ]
        assert all(line.total >= 0 for line in lines)
        assert (charge.net, charge.total) == (sum(line.net for line in lines), sum(line.total for line in lines))
        assert list(charge.taxes) == [
            attrs.evolve(tax, amount=stated.amount, base=stated.base)
            for tax, stated in zip(charge.taxes, (tax for line in lines for tax in line.taxes), strict=True)
        ]


@given(st.data())
def test_no_note_takes_more_of_a_class_of_a_charge_than_there_is(data):
    """Whatever part of the goods comes back, of no class less than nothing goes back, and never more than it has."""
    order = data.draw(orders(refundable=True))

    def by_class(made):
        found = {}
        for line in made.lines:
            if line.is_charge:
                key = line.name, line.categories, tuple(tax.source for tax in line.taxes)
                found[key] = found.get(key, 0) + line.total
        return found

    left = by_class(invoice(order))
    for runs in data.draw(returns(order)):
        for key, total in by_class(note(order, runs)).items():
            assert 0 <= total <= left[key]
            left[key] -= total
    assert set(left.values()) <= {0}


@given(orders(), LEVELS)
def test_the_header_of_a_faktur_is_the_sum_of_its_lines(order, on_document):
    """ETAX-20028: so e-Faktur takes it; and no PPN is lost between the invoice and its fakturs."""
    sold = invoice(order, on_document)
    made = faktur_totals(sold)
    for faktur in made:
        for name in ("dpp", "dpp_other", "ppn", "ppnbm"):
            assert getattr(faktur, name) == sum(getattr(line, name) for line in faktur.lines)
        assert all(line.dpp == line.price - line.discount for line in faktur.lines)
    assert sum(faktur.ppn for faktur in made) == sum(
        row.tax for row in sold.totals.breakdown if row.category.code == "PPN"
    )


amounts = st.integers(-(10**9), 10**9)


@given(st.lists(st.tuples(st.sampled_from(ItemKind), amounts, st.sampled_from(sorted(CLASSES)))), amounts, amounts)
def test_a_plain_bill_keeps_every_rule(rows, prepaid, rounding):
    """Whatever the amounts, signs and categories: no rule is missed, and no category goes without its row."""
    items = [
        DocumentItem(kind, amount, tuple(TaxCategory(c.code, c.name, c.category, c.rate, c.base_fraction) for c in of))
        for kind, amount, name in rows
        if (of := CLASSES[name])
    ]

    totals = plain_totals(items, prepaid=prepaid, rounding=rounding)

    assert () == rule_misses(items, totals)
    assert {row.category for row in totals.breakdown} == {each for item in items for each in item.categories}


@given(
    orders(), st.sampled_from(["lines", "allowances", "charges", "without_tax", "tax", "with_tax", "payable"]), amounts
)
def test_a_wrong_total_is_named_with_its_size(order, name, off_by):
    """Whichever figure is changed, a rule that it belongs to is told, off by that much."""
    sold = invoice(order)
    wrong = attrs.evolve(sold.totals, **{name: getattr(sold.totals, name) + off_by})

    found = {miss.off_by for miss in rule_misses(sold.items, wrong)} - {
        miss.off_by for miss in rule_misses(sold.items, sold.totals)
    }

    assert bool(found) == bool(off_by) or off_by in {row.rounding for row in sold.totals.breakdown}


def test_a_share_of_nothing_but_tax_is_credited():
    """A charge that was given free, and is taxed all the same, has a total of 0; its note states the tax."""
    order = attrs.evolve(
        PLAIN,
        charges=(
            QuoteCharge(
                id="c",
                kind=ChargeKind.SHIPPING,
                label="delivery",
                amount=1,
                base=1,
                includes_tax=True,
                net=-1,
                total=0,
                tax_class="shipping",
                refundable=True,
                shares=(0,),
                parts=(ChargePart("a", 0, (TaxAmount("VAT", "VAT", Decimal(7), Fraction(1), 0, 1, "S", "a law"),)),),
                discounts=(AppliedDiscount("prm_line", "free", "", 1),),
            ),
        ),
    )

    sold, made = invoice(order), note(order, everything(order))

    assert (1, 1, 100) == (made.totals.tax, made.totals.borne, made.total.minor_units)
    assert sold.lines == made.lines
    assert sold.totals == made.totals


@given(st.data())
def test_what_a_tax_provider_is_told_of_notes_is_never_more_than_is_left(data):
    """Each tax of a note to the unit, what is taxed within its line; with the last note both are all of the invoice."""
    order = data.draw(orders(refundable=True))
    sold = invoice(order)
    told, taken, notes = told_invoice(sold), [], []
    assert len(told.lines) == len({line.id for line in told.lines})

    for runs in data.draw(returns(order)):
        notes.append(note(order, runs))
        slices = told_note(told, notes, taken)
        assert [] == [*drawn_too_much(told, slices, taken)]
        stated = {line.id: tuple(tax.amount for tax in line.taxes) for line in notes[-1].lines}
        assert {id: taxes for id, taxes in stated.items() if any(taxes)} == {
            each.line_id: each.taxes for each in slices if any(each.taxes)
        }
        taken.extend(slices)

    assert takes_all(told, taken)
    assert told.tax == sold.tax.minor_units == sum(sum(each.taxes) for each in taken)


def test_a_note_that_states_a_unit_too_much_is_held_within_its_line():
    """Two taxes of one unit rounded up leave a note less than nothing to be taxed; the next one makes up for it."""

    def stated(net: int, *amounts: int) -> Invoice:
        taxes = tuple(StatedTax("T", "T", Decimal(1), Fraction(1), "S", 0, each, "law") for each in amounts)
        line = StatedLine("A", "A", "1 pcs", 0, net, net + sum(amounts), taxes, (), "l0")
        return document(PLAIN, (line,))

    told, first, second = told_invoice(stated(1, 1, 1)), stated(2, 0, 1), stated(-1, 1, 0)
    taken = told_note(told, [first], [])
    assert [("l0", 1, (0, 1))] == [(each.line_id, each.net, each.taxes) for each in taken]
    last = told_note(told, [first, second], taken)
    assert [("l0", 0, (1, 0))] == [(each.line_id, each.net, each.taxes) for each in last]
    assert takes_all(told, [*taken, *last])
    assert [("l0", 0, (1, 0))] == [(each.line_id, each.net, each.taxes) for each in told_note(told, [second], [])]
