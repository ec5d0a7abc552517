"""The prior price of a reduction: the lowest that the shelf showed in the 30 days before the present price began.

What was shown is worked out again, from the histories of prices, lists and promotions, by what shows it now: at every
instant at which any of them changed, or time changed what they say. A promotion that is on the shelf is a price there,
so that one after another can't make each other's prior price; what coupons, carts and quantities take off is not.

Source: Directive 98/6/EC, art. 6a(1) and (2), as inserted by Directive (EU) 2019/2161, art. 2, applied from 28 May
2022: an announced reduction names the prior price, which is the lowest one applied in a period not shorter than 30
days prior to the application of the reduction.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

import attrs

from tokolib.conditions import Facts, moments, verdict
from tokolib.kernel.money import Money
from tokolib.kernel.unit_price import UnitPrice
from tokolib.pricing.facts import line_facts
from tokolib.pricing.model import PriceLine
from tokolib.pricing.prices.archive import Archive
from tokolib.pricing.prices.history import KEPT, began, joined, lowest
from tokolib.pricing.prices.model import Shown
from tokolib.pricing.promotions.benefits import Benefit, Off
from tokolib.pricing.shelf import Shelf
from tokolib.pricing.what_if.rules import RulesOverTime, Turn

LEAST: Final = timedelta(microseconds=1)


@attrs.frozen
class Past:
    """What decided about one SKU on the shelf, whenever it was."""

    archive: Archive
    """Its rows in all lists of the currency, and what those lists were."""
    rules: RulesOverTime
    """The promotions that were on the shelf."""
    line: PriceLine
    shelf: Shelf

    def price_at(self, at: datetime) -> Money | None:
        """What the shelf showed at an instant; None for nothing."""
        book = self.archive.book(self.shelf.currency.code, at)
        return self.shelf.at(at).amount(self.line, book, self.rules.at(at).offers((), {}))

    def turns(self, since: datetime, until: datetime) -> list[datetime]:
        """The instants in `since` < t < `until` at which the price may have changed."""
        conditions = {turn.promotion.terms.conditions for turn in self._turns()}
        conditions |= {state.conditions for states in self.archive.lists.values() for _, state in states}
        timed = {each for predicate in conditions for each in moments(predicate, since, until)}
        return sorted(each for each in {*self.archive.instants(), *self._dates(), *timed} if since < each < until)

    def _dates(self) -> Iterator[datetime]:
        for turn in self._turns():
            terms = turn.promotion.terms
            yield from (each for each in (turn.since, terms.since, terms.until) if each is not None)

    def _turns(self) -> Iterator[Turn]:
        """All turns of the promotions that were ever about the goods, whatever these cost then."""
        known = line_facts(self.line, 0)
        about = {name: value for name, value in known.items() if name not in ("unit_price", "quantity")}
        ids = {turn.promotion.id for turn in self.rules.turns if _may_be(turn.promotion.terms.benefit, about)}
        yield from (turn for turn in self.rules.turns if turn.promotion.id in ids)


def _may_be(benefit: Benefit, about: Facts) -> bool:
    return isinstance(benefit, Off) and verdict(benefit.target, about) is not False


def prior_price(past: Past, now: datetime, span: timedelta = KEPT) -> Money | None:
    """The lowest price in the *span* of time before the price of *now* began; None: nothing was shown before."""
    first = min(past.archive.instants(), default=now)
    found: list[Shown] = []
    end = now + LEAST
    while True:
        begin = max(first, end - span)
        found = joined([*_shown(past, begin, end), *found])
        start = began(found, now)
        if begin <= first or start - span >= begin:
            least = lowest(found, start - span, start)
            return None if least is None else Money(least.times(1), least.currency)
        end = begin


def _shown(past: Past, begin: datetime, end: datetime) -> Iterator[Shown]:
    """What was shown from *begin* to *end*, in the order of time."""
    for since, until in pairwise([begin, *past.turns(begin, end), end]):
        price = past.price_at(since)
        if price is not None:
            yield Shown(UnitPrice.of(price), since, until)
