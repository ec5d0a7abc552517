"""Which sale a return belongs to: the file never says, so customer, SKU and price must agree.

The latest sale is taken first, since what comes back was most likely bought last, and one return may be split over
several sales. The order changes nothing in the sum: of one customer, SKU and price all sales are worth the same.
"""

from collections.abc import Iterable
from enum import StrEnum

import attrs


class Unmatched(StrEnum):
    """Why units that came back belong to no sale in the file."""

    NO_CUSTOMER = "no customer on the cancellation"
    NEVER_BOUGHT = "the customer had not bought it before, in this file"
    OTHER_PRICE = "the customer had bought it at other prices only"
    TOO_MANY = "more came back than was left of what the customer had bought"


@attrs.define
class _Left:
    """What is left of one sale."""

    price: int
    order: int
    position: int
    units: int


@attrs.frozen
class Match:
    """So many units of one line of one order."""

    order: int
    """The order, by its number in the replay."""
    position: int
    """The line, counted from 0."""
    units: int


@attrs.frozen
class Matched:
    """Where units that came back belong, and why the others belong nowhere."""

    matches: tuple[Match, ...]
    left: int = 0
    """Units that match no sale."""
    why: Unmatched | None = None
    """Set when some are left."""


class Sales:
    """What each customer has bought and not brought back yet."""

    def __init__(self) -> None:
        self._bought: dict[tuple[str, str], list[_Left]] = {}

    def sell(self, customer: str, key: str, price: int, *, order: int, position: int, units: int) -> None:
        """Note a sale. Without a customer it can't be found again, and is not kept."""
        if customer:
            self._bought.setdefault((customer, key), []).append(_Left(price, order, position, units))

    def take_back(self, customer: str, key: str, price: int, units: int) -> Matched:
        """Match *units* that came back: the latest sale first, over as many sales as it takes."""
        if not customer:
            return Matched((), units, Unmatched.NO_CUSTOMER)
        bought = self._bought.get((customer, key))
        if bought is None:
            return Matched((), units, Unmatched.NEVER_BOUGHT)
        matches: list[Match] = []
        left = units
        for sale in reversed(bought):
            if not left:
                break
            if sale.price == price and (taken := min(left, sale.units)):
                sale.units -= taken
                left -= taken
                matches.append(Match(sale.order, sale.position, taken))
        if not left:
            return Matched(tuple(matches))
        same_price = any(sale.price == price for sale in bought)
        return Matched(tuple(matches), left, Unmatched.TOO_MANY if same_price else Unmatched.OTHER_PRICE)


def by_order(matched: Iterable[Matched]) -> dict[int, dict[int, int]]:
    """Matches gathered by order: how many units of which line."""
    found: dict[int, dict[int, int]] = {}
    for match in (match for each in matched for match in each.matches):
        lines = found.setdefault(match.order, {})
        lines[match.position] = lines.get(match.position, 0) + match.units
    return found
