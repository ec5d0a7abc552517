"""The arithmetic of tax on one figure: contained in a price, or on top of it. Net and tax always add up to gross.

Rates meet as whole numbers over one denominator, so that nothing is rounded before the published figure.
"""

from collections.abc import Sequence
from fractions import Fraction
from functools import cached_property, lru_cache
from math import lcm
from typing import Final

import attrs

from tokolib.kernel.rounding import RoundingMode, divide
from tokolib.kernel.spread import spread
from tokolib.tax.model import Component, TaxAmount

REMEMBERED: Final = 256
"""Shares of components: a country has few."""

MIRROR: Final = {
    RoundingMode.DOWN: RoundingMode.UP,
    RoundingMode.UP: RoundingMode.DOWN,
    RoundingMode.HALF_UP: RoundingMode.HALF_UP,
    RoundingMode.HALF_EVEN: RoundingMode.HALF_EVEN,
}
"""How the net is rounded where the tax is contained: down for the tax is up for the net. A tie goes to the net."""


@attrs.frozen
class TaxShares:
    """Each component's tax as a fraction of the net, compounding worked out: numerators over one denominator."""

    components: tuple[Component, ...]
    parts: tuple[int, ...]
    net: int
    """The denominator: what stands for the net itself."""
    fractions: tuple[tuple[int, int], ...]
    """The part of the net that each component is taken of, as numerator and denominator."""

    @classmethod
    @lru_cache(maxsize=REMEMBERED)
    def of(cls, components: tuple[Component, ...]) -> "TaxShares":
        """The shares of *components*, in their order."""
        fractions: list[Fraction] = []
        for component in components:
            base = 1 + sum(fractions) if component.compound else Fraction(1)
            fractions.append(base * component.effective)
        net = lcm(*(share.denominator for share in fractions))
        taken = tuple(component.base_fraction.as_integer_ratio() for component in components)
        return cls(components, tuple(int(share * net) for share in fractions), net, taken)

    @cached_property
    def gross(self) -> int:
        """What stands for the net with all taxes."""
        return self.net + sum(self.parts)

    def contained(self, gross: int, mode: RoundingMode) -> tuple[int, ...]:
        """The tax amounts in *gross*; see the function of that name."""
        tax = gross - divide(gross * self.net, self.gross, MIRROR[mode])
        return (tax,) if len(self.parts) == 1 else spread(tax, self.parts)

    def on_top(self, net: int, mode: RoundingMode) -> tuple[int, ...]:
        """The tax amounts on *net*; see the function of that name."""
        return tuple(divide(net * part, self.net, mode) for part in self.parts)

    def published(
        self, amount: int, taxes: Sequence[int], mode: RoundingMode, *, included: bool
    ) -> tuple[TaxAmount, ...]:
        """*taxes* of *amount* with the figures that are printed beside them.

        Where all of the net is taxed, the base is the net as printed; a fraction is taken of the exact net.
        """
        numerator, denominator = amount * self.net, self.gross if included else self.net
        net = amount - sum(taxes) if included else amount
        printed: list[TaxAmount] = []
        earlier, weight = 0, self.net
        for component, part, (of, parts), tax in zip(self.components, self.parts, self.fractions, taxes, strict=True):
            base = net + earlier if component.compound else net
            if of != parts:
                whole = weight if component.compound else self.net
                base = divide(numerator * whole * of, denominator * self.net * parts, mode)
            printed.append(_published(component, base, tax))
            earlier, weight = earlier + tax, weight + part
        return tuple(printed)


def contained(gross: int, components: Sequence[Component], mode: RoundingMode) -> tuple[TaxAmount, ...]:
    """The taxes that *gross* (minor units) contains; *gross* less them is the net.

    The tax is the residual: gross − round(gross / (1 + rate)), so that both printed figures add up. With half
    rounding a tie goes to the net (1,400,014 at 12 % is 1,250,013 + 150,001); `DOWN` and `UP` name the tax's
    direction. Several components share the residual by their exact amounts.
    """
    shares = TaxShares.of(tuple(components))
    return shares.published(gross, shares.contained(gross, mode), mode, included=True)


def on_top(net: int, components: Sequence[Component], mode: RoundingMode) -> tuple[TaxAmount, ...]:
    """The taxes that come on top of *net* (minor units), each rounded once from its exact amount."""
    shares = TaxShares.of(tuple(components))
    return shares.published(net, shares.on_top(net, mode), mode, included=False)


def _published(component: Component, base: int, amount: int) -> TaxAmount:
    return TaxAmount(
        code=component.code,
        name=component.name,
        rate=component.rate,
        base_fraction=component.base_fraction,
        base=base,
        amount=amount,
        category=component.category,
        source=component.source,
    )
