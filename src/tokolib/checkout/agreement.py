"""What a customer agrees to of a quote, as a hash, and what of it changed."""

import attrs

from tokolib.checkout.lines import QuoteCharge, QuoteLine
from tokolib.checkout.model import Quote, Wishes
from tokolib.kernel.canonical import fingerprint
from tokolib.kernel.money import Currency
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
        )
        for line in lines
    ]
    extras = [
        (c.kind, c.amount, c.net, c.total, _given(c.discounts), [(t.code, t.amount) for t in c.taxes]) for c in charges
    ]
    where = "" if wishes.sourced else wishes.location  # what the shop chose, it may choose otherwise
    return fingerprint(currency.code, goods, extras, wishes.ship_to, wishes.delivery, where, wishes.buyer)


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
