"""What units of an order are worth: sums of shares that were fixed when the order was made.

A cancellation, a return or a refund only adds up shares: no price, discount or tax is ever computed again. The
shares of all units close to the line's totals exactly.
"""

from collections.abc import Iterable, Iterator, Sequence

import attrs

from tokolib.checkout.lines import QuoteCharge, QuoteLine
from tokolib.kernel.spread import Shares, spread
from tokolib.orders.lines import OrderLine, Run
from tokolib.orders.model import Order
from tokolib.pricing.model import ChargeKind


@attrs.frozen
class TaxShare:
    """So much of one tax."""

    code: str
    amount: int


@attrs.frozen
class ChargeShare:
    """So much of one charge, tax included, and of that so much tax."""

    charge_id: str
    kind: str
    total: int
    taxes: tuple[TaxShare, ...]


@attrs.frozen
class Worth:
    """What some units of one line amount to, tax included."""

    line_id: str
    units: int
    goods: int
    """What the customer paid for the goods, tax included."""
    taxes: tuple[TaxShare, ...]
    charges: tuple[ChargeShare, ...]

    @property
    def total(self) -> int:
        """Goods and charges together."""
        return self.goods + sum(charge.total for charge in self.charges)


def worths(order: Order, runs: Iterable[Run], *, charges: bool, kept: bool = False) -> tuple[Worth, ...]:
    """What the *runs* of units amount to, line by line; with their shares of the charges when asked for.

    Charges that are not refundable stay out, unless what the shop has *kept* is asked for too. What the total of an
    order from elsewhere has beside its parts always goes with the goods: without it more might go back than came.
    """
    wanted: dict[str, list[tuple[int, int]]] = {}
    for run in runs:
        wanted.setdefault(run.line_id, []).append((run.first, run.beyond))
    spreads = [_spread_of(charge) for charge in order.charges if _goes_along(charge, charges=charges, kept=kept)]
    return tuple(
        _worth(line, wanted[line.id], [part for each in spreads for part in _part_of(each, at)])
        for at, line in enumerate(order.lines)
        if line.id in wanted
    )


def _goes_along(charge: QuoteCharge, *, charges: bool, kept: bool) -> bool:
    """Whether a charge is asked for; what an order from elsewhere differs by is a part of its goods' price."""
    return charge.kind is ChargeKind.DIFFERENCE or (charges and (kept or charge.refundable))


def with_charges(found: Iterable[Worth]) -> bool:
    """Whether *found* has shares of charges beside those that always go with the goods."""
    return any(charge.kind != ChargeKind.DIFFERENCE for worth in found for charge in worth.charges)


def _part_of(spread: "_Spread", at: int) -> Iterator["_Part"]:
    """What the order's line *at* that place has of a charge; a charge of which it bears nothing isn't its own."""
    charge, totals, taxes = spread
    if totals[at] or not charge.total:
        yield charge, totals[at], [tax[at] for tax in taxes]


def unsold(order: Order, runs: Iterable[Run]) -> tuple[Worth, ...]:
    """What *runs* of units amount to that never leave: with them go their shares of every charge, refundable or not."""
    return worths(order, runs, charges=True, kept=True)


_Spread = tuple[QuoteCharge, tuple[int, ...], list[tuple[int, ...]]]
_Part = tuple[QuoteCharge, int, list[int]]


def _spread_of(charge: QuoteCharge) -> _Spread:
    return charge, charge.shares, [spread(tax.amount, charge.shares) for tax in charge.taxes]


def _worth(line: OrderLine, runs: Sequence[tuple[int, int]], parts: Sequence[_Part]) -> Worth:
    quoted = line.line
    flat = [amount for _, total, taxes in parts for amount in (total, *taxes)]
    shares = Shares(
        units=quoted.steps,
        base=quoted.base,
        deductions=tuple(discount.amount for discount in quoted.discounts),
        additions=(*(tax.amount for tax in quoted.taxes), *flat),
    )
    slice_ = shares.of(runs)
    own = slice_.additions[: len(quoted.taxes)]
    rest = iter(slice_.additions[len(quoted.taxes) :])
    return Worth(
        line_id=line.id,
        units=slice_.units,
        goods=slice_.rest + (0 if quoted.includes_tax else sum(own)),
        taxes=tuple(TaxShare(tax.code, amount) for tax, amount in zip(quoted.taxes, own, strict=True)),
        charges=tuple(
            ChargeShare(
                charge.id,
                charge.kind,
                next(rest),
                tuple(TaxShare(tax.code, next(rest)) for tax in charge.taxes),
            )
            for charge, _, _ in parts
        ),
    )


def part_of(line: QuoteLine, runs: Sequence[tuple[int, int]], other: QuoteLine) -> QuoteLine:
    """*other*, of as many units, with the shares that *runs* of units have of *line*: what takes their place."""
    shares = Shares(
        units=line.steps,
        base=line.base,
        deductions=tuple(discount.amount for discount in line.discounts),
        additions=tuple(tax.amount for tax in line.taxes),
    ).of(runs)
    taxes = tuple(
        attrs.evolve(
            tax,
            amount=amount,
            base=_of_units(tax.base, line.steps, runs),
            waived=_of_units(tax.waived, line.steps, runs),
        )
        for tax, amount in zip(line.taxes, shares.additions, strict=True)
    )
    tax = sum(shares.additions)
    return attrs.evolve(
        other,
        unit_price=line.unit_price,
        base=shares.base,
        net=shares.rest - (tax if line.includes_tax else 0),
        total=shares.rest + (0 if line.includes_tax else tax),
        tax_class=line.tax_class,
        includes_tax=line.includes_tax,
        discounts=tuple(
            attrs.evolve(discount, amount=amount)
            for discount, amount in zip(line.discounts, shares.deductions, strict=True)
            if amount
        ),
        taxes=taxes,
        shares=(),
    )


def _of_units(total: int, units: int, runs: Sequence[tuple[int, int]]) -> int:
    """What *runs* of units have of a figure that is only printed, spread evenly over all *units*."""
    return sum(total * beyond // units - total * first // units for first, beyond in runs)


def everything(order: Order) -> tuple[Run, ...]:
    """All units of all lines."""
    return tuple(Run(line.id, 0, line.units) for line in order.lines)
