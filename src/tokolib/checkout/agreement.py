"""What a customer agrees to of a quote, as a hash, and what of it changed."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import attrs

from tokolib.checkout.lines import Awaited, QuoteCharge, QuoteLine
from tokolib.checkout.model import Bargain, Quote, Wishes
from tokolib.kernel.canonical import fingerprint
from tokolib.kernel.ids import LineId
from tokolib.kernel.money import Currency
from tokolib.kernel.quantity import Quantity
from tokolib.pricing.promotions.model import AppliedDiscount


def agreed(lines: tuple[QuoteLine, ...], charges: tuple[QuoteCharge, ...], wishes: Wishes, currency: Currency) -> str:
    """The hash of what a customer agrees to: goods, amounts, promotions, address, delivery and who buys for tax.

    Neither ids nor wording are in it.
    """
    goods = [
        (
            line.key,
            line.steps,
            line.unit.code,
            line.unit_price.scaled,
            line.base,
            line.net,
            line.total,
            _given(line.discounts),
            [(t.code, t.amount) for t in line.taxes],
            [(part.sku, part.quantity) for part in line.components],
            [(share.sku, share.total) for share in line.shares],
            [(each.on, len(each.units)) for each in line.awaited],
        )
        for line in lines
    ]
    extras = [
        (c.kind, c.amount, c.net, c.total, _given(c.discounts), [(t.code, t.amount) for t in c.taxes]) for c in charges
    ]
    where = "" if wishes.sourced else wishes.location  # what the shop chose, it may choose otherwise
    return fingerprint(currency.code, goods, extras, wishes.ship_to, wishes.delivery, wishes.point, where, wishes.buyer)


def _given(discounts: tuple[AppliedDiscount, ...]) -> list[tuple[str, str, int]]:
    return [(each.promotion_id, each.coupon, each.amount) for each in discounts]


@attrs.frozen
class Difference:
    """One thing that is no longer as the quote had it."""

    path: str
    """Such as `lines[KOPI-250].total`."""
    was: str
    now: str

    def __str__(self) -> str:
        return f"{self.path}: {self.was} → {self.now}"


def _discount(line: QuoteLine) -> int:
    return sum(each.amount for each in line.discounts)


def _told(line: QuoteLine, awaited: Sequence[Awaited]) -> str:
    return ", ".join(f"{Quantity(len(each.units), line.unit)} for {each.on}" for each in awaited) or "all there"


def _contents(line: QuoteLine) -> str:
    return ", ".join(f"{part.quantity} × {part.sku}" for part in line.components)


def differences(old: Quote, new: Quote, *, taxed: bool = True) -> tuple[Difference, ...]:
    """What changed from *old* to *new*, as the customer would see it; where *new* isn't *taxed*, all but totals."""
    found: list[Difference] = []

    def compare(path: str, was: object, now: object) -> None:
        if was != now:
            found.append(Difference(path, str(was), str(now)))

    before, after = {line.id: line for line in old.lines}, {line.id: line for line in new.lines}
    for id in [*before, *(id for id in after if id not in before)]:
        was, now = before.get(id), after.get(id)
        name = (now or was or old.lines[0]).sku
        compare(f"lines[{name}].quantity", was and str(was.quantity), now and str(now.quantity))
        compare(f"lines[{name}].unit_price", was and str(was.unit_price), now and str(now.unit_price))
        if taxed:
            compare(f"lines[{name}].total", was and was.total, now and now.total)
        else:
            compare(f"lines[{name}].discount", was and _discount(was), now and _discount(now))
        compare(f"lines[{name}].awaited", was and _told(was, was.awaited), now and _told(now, now.awaited))
        compare(f"lines[{name}].contents", was and _contents(was), now and _contents(now))
    for kind in dict.fromkeys([c.kind for c in (*old.charges, *new.charges)]):
        figure = "total" if taxed else "amount"
        compare(
            f"charges[{kind}].{figure}",
            sum(getattr(c, figure) for c in old.charges if c.kind == kind),
            sum(getattr(c, figure) for c in new.charges if c.kind == kind),
        )
    if not taxed:
        return tuple(found)
    compare("tax", old.tax.minor_units, new.tax.minor_units)
    compare("total", old.total, new.total)
    if not found:
        compare("details", old.hash, new.hash)
    return tuple(found)


def no_later(agreed: Sequence[Awaited], now: Sequence[Awaited]) -> bool:
    """Whether no unit comes later *now* than it was *agreed*, and none that was there has to come."""
    days = {each.on for each in (*agreed, *now)}
    return _after(None, now) <= _after(None, agreed) and all(_after(on, now) <= _after(on, agreed) for on in days)


def _after(day: date | None, awaited: Sequence[Awaited]) -> int:
    """How many units come after *day*; None: how many have to come at all."""
    return sum(len(each.units) for each in awaited if day is None or each.on > day)


def later(quote: Bargain, awaited: Mapping[LineId, Sequence[Awaited]]) -> Iterator[Difference]:
    """Which lines of *quote* would come later than it promises."""
    for line in quote.lines:
        if not no_later(line.awaited, now := awaited.get(line.id, ())):
            yield Difference(f"lines[{line.sku}].awaited", _told(line, line.awaited), _told(line, now))
