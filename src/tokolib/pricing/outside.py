"""Taxes that somebody outside works out: what is asked about each line and charge, and what was told of it.

What is asked is made of the same amounts that the rules would tax. A line bears what was told of exactly its
question; one that wasn't asked about so far bears nothing yet, and the questions say so.

Lines are asked about by their place in the order of their ids: a basket that is priced anew gives its lines new ids,
and asks the same.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import attrs

from tokolib.kernel.rounding import RoundingMode, divide
from tokolib.pricing.kits import Kit
from tokolib.pricing.model import ChargeLine, PriceLine
from tokolib.tax.estimates import RequestLine
from tokolib.tax.model import TaxAmount

Told = Mapping[RequestLine, tuple[TaxAmount, ...]]
"""The taxes that were told, by what was asked."""

NOTHING_TOLD: Final[Told] = {}
"""Somebody outside works the taxes out, and was not asked yet."""


class InProportion(Mapping[RequestLine, tuple[TaxAmount, ...]]):
    """What was *told* of each line and charge; where its amount is another one now, each tax in the same proportion.

    What wasn't asked about then, or was free, bears none.
    """

    def __init__(self, told: Iterable[tuple[RequestLine, tuple[TaxAmount, ...]]]) -> None:
        self._told: Final = {asked.id: (asked, taxes) for asked, taxes in told}

    def __getitem__(self, asked: RequestLine) -> tuple[TaxAmount, ...]:
        was, taxes = self._told[asked.id]
        if asked.amount == was.amount:
            return taxes
        return tuple([_in_proportion(tax, asked.amount, was.amount) for tax in taxes])

    def __iter__(self) -> Iterator[RequestLine]:
        return (asked for asked, _ in self._told.values())

    def __len__(self) -> int:
        return len(self._told)


def _in_proportion(tax: TaxAmount, now: int, was: int) -> TaxAmount:
    def scaled(figure: int) -> int:
        return divide(figure * now, was, RoundingMode.HALF_UP) if was else 0

    return attrs.evolve(tax, base=scaled(tax.base), amount=scaled(tax.amount), waived=scaled(tax.waived))


def line_names(ids: Iterable[str]) -> dict[str, str]:
    """What lines are asked by, by their *ids*."""
    return {id: str(at) for at, id in enumerate(sorted(ids), start=1)}


def part_name(line: str, at: int) -> str:
    """What the component *at* that place of a kit is asked by, which is itself asked by *line*."""
    return f"{line}/{at}"


def charge_names(id: str, tax_classes: Iterable[str]) -> tuple[str, ...]:
    """What a charge is asked by: once for each of the tax classes that it is taxed by."""
    names = tuple(tax_classes)
    return (f"charge:{id}",) if len(names) == 1 else tuple([f"charge:{id}/{name}" for name in names])


def of_line(
    name: str, line: PriceLine, kit: Kit | None, amount: int, units: int, *, included: bool
) -> Iterator[RequestLine]:
    """The question about a line whose taxable *amount* is shared by so many *units*; of a kit, one for each part."""
    if kit is None:
        yield RequestLine(
            id=name, amount=amount, tax_class=line.tax_class, units=units, includes_tax=included, sku=line.key
        )
        return
    for at, (part, share) in enumerate(zip(line.parts, kit.spread(amount), strict=True)):
        yield RequestLine(
            id=part_name(name, at),
            amount=share,
            tax_class=part.tax_class,
            units=units * part.quantity if part.per_step == 1 else 1,
            includes_tax=included,
            sku=part.key,
        )


def of_charge(charge: ChargeLine, shares: tuple[tuple[str, int], ...], *, included: bool) -> Iterator[RequestLine]:
    """The question about a charge; one for each of the tax classes that it is taxed by."""
    ids = charge_names(charge.id, [name for name, _ in shares])
    for id, (name, amount) in zip(ids, shares, strict=True):
        yield RequestLine(id=id, amount=amount, tax_class=name, includes_tax=included)
