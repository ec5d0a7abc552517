"""The arithmetic of tax on one figure: contained in a price, or on top of it. Net and tax always add up to gross.

Rates meet as whole numbers over one denominator, so that nothing is rounded before the published figure.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cached_property, lru_cache
from math import lcm
from typing import Final

import attrs

from tokolib.kernel.policies import ContainedTax
from tokolib.kernel.quick import quick, stamp
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
    """What each is charged; zero where it is at 0 % or waived."""
    net: int
    """The denominator: what stands for the net itself."""
    fractions: tuple[tuple[int, int], ...]
    """The part of the net that each component is taken of, as numerator and denominator."""
    waived: tuple[int, ...]
    """What each would be charged if it weren't waived; zero where it is charged."""

    @classmethod
    @lru_cache(maxsize=REMEMBERED)
    def of(cls, components: tuple[Component, ...]) -> "TaxShares":
        """The shares of *components*, in their order."""
        charged: list[Fraction] = []
        waived: list[Fraction] = []
        for component in components:
            base = 1 + sum(charged) if component.compound else Fraction(1)
            charged.append(base * component.charged)
            waived.append(base * (component.effective - component.charged))
        net = lcm(*(share.denominator for share in (*charged, *waived)))
        taken = tuple(component.base_fraction.as_integer_ratio() for component in components)
        parts, left = (tuple(int(share * net) for share in shares) for shares in (charged, waived))
        return cls(components, parts, net, taken, left)

    @cached_property
    def tax(self) -> int:
        """What stands for all taxes."""
        return sum(self.parts)

    @cached_property
    def gross(self) -> int:
        """What stands for the net with all taxes."""
        return self.net + self.tax

    @cached_property
    def plain(self) -> Component | None:
        """The component, where it is the only one and nothing of it is waived: so it is for nearly all that is sold."""
        return self.components[0] if len(self.components) == 1 and not self.waived[0] else None

    @cached_property
    def tax_amount(self) -> Callable[[int, int], TaxAmount]:
        """Makes the tax of the one component: of its base and its amount."""
        (one,) = self.components
        return stamp(
            TaxAmount,
            code=one.code,
            name=one.name,
            rate=one.rate,
            base_fraction=one.base_fraction,
            category=one.category,
            source=one.source,
            waived=0,
            jurisdiction=one.jurisdiction,
            facility=one.facility,
        )

    def contained(self, gross: int, mode: RoundingMode, rounded: ContainedTax = ContainedTax.NET) -> tuple[int, ...]:
        """The tax amounts in *gross*; see the function of that name."""
        tax = contained_in(gross, gross * self.tax, self.gross, mode, rounded)
        return (tax,) if len(self.parts) == 1 else spread(tax, self.parts)

    def on_top(self, net: int, mode: RoundingMode, *, together: bool = False) -> tuple[int, ...]:
        """The tax amounts on *net*; see the function of that name. *together* rounds their sum, once."""
        if together and len(self.parts) > 1:
            return spread(divide(net * self.tax, self.net, mode), self.parts)
        return tuple([divide(net * part, self.net, mode) for part in self.parts])

    @cached_property
    def half_up(self) -> Callable[[int, bool], tuple[TaxAmount, ...]]:
        """The one tax of an amount that isn't negative, rounded half up: what is sold most, in one step.

        The same as `contained` or `on_top` and then `published`.
        """
        net, gross, tax, made = self.net, self.gross, self.parts[0], self.tax_amount
        of, parts = self.fractions[0]
        whole = of == parts

        def taxes(amount: int, included: bool) -> tuple[TaxAmount, ...]:
            if included:
                left = (2 * amount * net + gross) // (2 * gross)
                base = left if whole else (2 * left * of + parts) // (2 * parts)
                return (made(base, amount - left),)
            base = amount if whole else (2 * amount * of + parts) // (2 * parts)
            return (made(base, (2 * amount * tax + net) // (2 * net)),)

        return taxes

    def published(
        self, amount: int, taxes: Sequence[int], mode: RoundingMode, *, included: bool
    ) -> tuple[TaxAmount, ...]:
        """*taxes* of *amount* with the figures that are printed beside them.

        A base is taken of the net as printed: of Rp192,568 eleven twelfths are Rp176,521, and whoever holds the
        invoice finds them so, as Coretax does (`OtherTaxBase` is `TaxBase` × 11/12).
        """
        plain = self.plain
        if plain is not None:
            of, parts = self.fractions[0]
            net = amount - taxes[0] if included else amount
            base = net if of == parts else divide(net * of, parts, mode)
            return (self.tax_amount(base, taxes[0]),)
        net = amount - sum(taxes) if included else amount
        printed: list[TaxAmount] = []
        earlier, denominator = 0, self.gross if included else self.net
        for at, (component, tax) in enumerate(zip(self.components, taxes, strict=True)):
            of, parts = self.fractions[at]
            base = net + earlier if component.compound else net
            if of != parts:
                base = divide(base * of, parts, mode)
            waived = divide(amount * self.waived[at], denominator, mode) if self.waived[at] else 0
            printed.append(_published(component, base, tax, waived))
            earlier += tax
        return tuple(printed)


def contained(
    gross: int, components: Sequence[Component], mode: RoundingMode, rounded: ContainedTax = ContainedTax.NET
) -> tuple[TaxAmount, ...]:
    """The taxes that *gross* (minor units) contains; *gross* less them is the net.

    The tax is the residual: gross − round(gross / (1 + rate)), so that both printed figures add up. With half
    rounding a tie goes to the net (1,400,014 at 12 % is 1,250,013 + 150,001); `DOWN` and `UP` name the tax's
    direction. Where the tax is what is *rounded*, the net is the residual, and a tie goes to the tax (1,250,012 +
    150,002). Several components share the tax by their exact amounts.
    """
    shares = TaxShares.of(tuple(components))
    return shares.published(gross, shares.contained(gross, mode, rounded), mode, included=True)


def contained_in(gross: int, numerator: int, denominator: int, mode: RoundingMode, rounded: ContainedTax) -> int:
    """The whole tax in *gross*, of which *numerator* / *denominator* is the exact tax."""
    if rounded is ContainedTax.TAX:
        return divide(numerator, denominator, mode)
    return gross - divide(gross * denominator - numerator, denominator, MIRROR[mode])


def on_top(
    net: int, components: Sequence[Component], mode: RoundingMode, *, together: bool = False
) -> tuple[TaxAmount, ...]:
    """The taxes that come on top of *net* (minor units), each rounded once from its exact amount.

    *together*, their sum is what is rounded once, and they share it by their exact amounts.
    """
    shares = TaxShares.of(tuple(components))
    return shares.published(net, shares.on_top(net, mode, together=together), mode, included=False)


_tax_amount: Final = quick(TaxAmount)


def _published(component: Component, base: int, amount: int, waived: int = 0) -> TaxAmount:
    return _tax_amount(
        component.code,
        component.name,
        component.rate,
        component.base_fraction,
        base,
        amount,
        component.category,
        component.source,
        waived,
        component.jurisdiction,
        component.facility,
    )
