"""What a shop takes back, and until when: rules as data, which an order keeps as they were when it was placed.

The first rule that is for a line holds for it; where none is, the line may come back whenever the customer likes. A law
stands beside the rules: what it gives the customer, no rule takes away.
"""

import re
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Final

import attrs

from tokolib.kernel.errors import Fault, InvalidInput, shown
from tokolib.kernel.lines import line_faults, name_faults
from tokolib.kernel.money import Currency, Money
from tokolib.kernel.return_fees import ReturnFee, ReturnFeeKind

MOST_RULES: Final = 50
MOST_DAYS: Final = 3_650
"""No window is longer: ten years of 365 days."""

FAULTLESS: Final = ("damaged", "wrong item", "not as described")
"""Reasons for which the customer can do nothing."""


def reason_word(text: str) -> str:
    """A reason as policies compare it: `Wrong_Item` and `wrong item` are one."""
    return " ".join(re.split(r"[\s_-]+", text.strip().casefold())).strip()


def is_among(reason: str, reasons: Iterable[str]) -> bool:
    """Whether *reason* is one of *reasons*."""
    return reason_word(reason) in {reason_word(each) for each in reasons}


@attrs.frozen(kw_only=True)
class ReturnRule:
    """Until when some of the goods may come back.

    Raises:
        InvalidInput: a code or name that can't be kept, days that are none, days of what never comes back, or fees
            that are none.
    """

    code: str
    """The shop's word for it: a refusal names it."""
    categories: tuple[str, ...] = ()
    """The goods of these categories and of those below them, by their ids."""
    tags: tuple[str, ...] = ()
    """The goods with these tags; with neither categories nor tags it is for all goods."""
    days: int | None = None
    """Until how many days after the one on which they arrived; None: there is no end."""
    final_sale: bool = False
    """Whether they don't come back at all."""
    fees: tuple[ReturnFee, ...] = ()
    """What is kept of their refund."""

    def __attrs_post_init__(self) -> None:
        if faults := tuple(self._faults()):
            raise InvalidInput(faults)

    def _faults(self) -> Iterator[Fault]:
        yield from line_faults("code", self.code, required=True)
        yield from name_faults("categories", self.categories)
        yield from name_faults("tags", self.tags)
        if self.days is not None:
            yield from day_faults("days", self.days)
        final: object = self.final_sale
        if not isinstance(final, bool):
            yield Fault("final_sale", "kernel.wrong_type", "must be True or False", shown(final))
        elif final and self.days is not None:
            yield Fault("days", "kernel.never_counts", "must be None: what is final sale never comes back", "")
        yield from _tuple_faults("fees", self.fees, ReturnFee)

    @property
    def for_all(self) -> bool:
        """Whether it is for all goods."""
        return not self.categories and not self.tags

    def fits(self, categories: Iterable[str], tags: Iterable[str]) -> bool:
        """Whether it is for goods of these categories and tags."""
        return self.for_all or not {*self.categories}.isdisjoint(categories) or not {*self.tags}.isdisjoint(tags)


@attrs.frozen(kw_only=True)
class ConsumerLaw:
    """What a law gives every consumer: so many days to give goods back, without a reason.

    Raises:
        InvalidInput: a code, source or name that can't be kept, days or countries that are none.
    """

    code: str
    source: str
    """Law, article and date: where it is written."""
    days: int
    """Days after the one on which the last of the order's goods arrived."""
    countries: tuple[str, ...]
    """Where the goods go for it to hold, ISO 3166-1 alpha-2; what goes nowhere is in the shop's own country."""
    except_categories: tuple[str, ...] = ()
    """Goods to which it doesn't extend, by category: the shop says which these are."""
    except_tags: tuple[str, ...] = ()
    """The same by tag."""
    fees: tuple[ReturnFeeKind, ...] = ()
    """What the shop may keep all the same of a refund within these days."""

    def __attrs_post_init__(self) -> None:
        if faults := tuple(self._faults()):
            raise InvalidInput(faults)

    def _faults(self) -> Iterator[Fault]:
        yield from line_faults("code", self.code, required=True)
        yield from line_faults("source", self.source, required=True)
        yield from day_faults("days", self.days)
        for path in ("countries", "except_categories", "except_tags"):
            yield from name_faults(path, getattr(self, path))
        if not self.countries or not all(re.fullmatch("[A-Z]{2}", str(each)) for each in self.countries):
            yield Fault(
                "countries", "kernel.unknown_country", "must be ISO 3166-1 alpha-2 codes", shown(self.countries)
            )

    def extends_to(self, categories: Iterable[str], tags: Iterable[str]) -> bool:
        """Whether goods of these categories and tags are under it."""
        return {*self.except_categories}.isdisjoint(categories) and {*self.except_tags}.isdisjoint(tags)


class ClawBack(StrEnum):
    """What becomes of a discount on goods that stay, once they no longer earn it."""

    NEVER = "never"
    """It stays: every unit is credited with what was paid for it."""
    WHEN_UNEARNED = "when_unearned"
    """Where a promotion's conditions or minimum are no longer met, what it gave to the goods that stay is kept of the
    refund; if these come back too, it is given back.
    """


class GiftReturn(StrEnum):
    """What becomes of a gift, once the goods that stay no longer earn it."""

    STAYS = "stays"
    FOLLOWS = "follows"
    """It comes back with the goods, or its worth (`gift_worths`) is kept of the refund."""


@attrs.frozen
class GiftWorth:
    """What is kept of a refund for one unit of measure of a gift that doesn't come back.

    Raises:
        InvalidInput: a SKU that can't be kept, or an amount that isn't more than nothing.
    """

    sku: str
    worth: Money

    def __attrs_post_init__(self) -> None:
        faults = list(line_faults("sku", self.sku, required=True))
        worth: object = self.worth
        if not isinstance(worth, Money) or worth.minor_units <= 0:
            faults.append(Fault("worth", "kernel.not_positive", "must be an amount of more than zero", shown(worth)))
        if faults:
            raise InvalidInput(tuple(faults))


@attrs.frozen(kw_only=True)
class ReturnPolicy:
    """What a shop takes back, and until when; as it comes, all of it whenever the customer likes.

    Raises:
        InvalidInput: too many rules, two of one code, one that is never reached, reasons that can't be kept.
    """

    rules: tuple[ReturnRule, ...] = ()
    """The first one that is for a line holds for it."""
    faultless: tuple[str, ...] = FAULTLESS
    """Reasons for which goods come back whatever a rule says: the customer can do nothing for them. Neither case nor
    `_` and `-` count.
    """
    laws: tuple[ConsumerLaw, ...] = ()
    """What consumers may do whatever a rule says."""
    claw_back: ClawBack = ClawBack.NEVER
    gifts: GiftReturn = GiftReturn.STAYS
    gift_worths: tuple[GiftWorth, ...] = ()
    """Where gifts follow: those that may stay, for what they are worth. Of one SKU and currency, the first."""

    def __attrs_post_init__(self) -> None:
        if faults := tuple(self._faults()):
            raise InvalidInput(faults)

    def _faults(self) -> Iterator[Fault]:
        yield from name_faults("faultless", self.faultless)
        bad = (*_tuple_faults("rules", self.rules, ReturnRule), *_tuple_faults("laws", self.laws, ConsumerLaw))
        yield from bad
        if not bad:
            yield from _rule_faults(self.rules)
            yield from _code_faults("laws", self.laws)
        yield from _tuple_faults("gift_worths", self.gift_worths, GiftWorth)
        for name, kind in (("claw_back", ClawBack), ("gifts", GiftReturn)):
            if not isinstance(getattr(self, name), kind):
                yield Fault(name, "kernel.wrong_type", f"must be a {kind.__name__}", shown(getattr(self, name)))

    def rule(self, code: str) -> ReturnRule | None:
        """The rule of that code; None where no rule is meant."""
        return next((each for each in self.rules if each.code == code), None)

    def rule_for(self, categories: Iterable[str], tags: Iterable[str]) -> str:
        """The code of the first rule that is for such goods; empty where none is."""
        return next((each.code for each in self.rules if each.fits(categories, tags)), "")

    def gift_worth(self, key: str, currency: Currency) -> Money | None:
        """What a gift of that SKU key is worth; None where it has to come back."""
        named = (each.worth for each in self.gift_worths if each.sku.strip().casefold() == key)
        return next((worth for worth in named if worth.currency == currency), None)

    def is_faultless(self, reason: str) -> bool:
        """Whether goods come back for this *reason* whatever a rule says."""
        return is_among(reason, self.faultless)


def day_faults(path: str, days: object) -> Iterator[Fault]:
    """What is wrong with a number of *days*."""
    if type(days) is not int or not 0 <= days <= MOST_DAYS:
        yield Fault(path, "kernel.not_a_term", f"must be a whole number of days, at most {MOST_DAYS}", shown(days))


def _tuple_faults(path: str, values: object, kind: type) -> Iterator[Fault]:
    if not isinstance(values, tuple) or not all(isinstance(each, kind) for each in values):
        yield Fault(path, "kernel.wrong_type", f"must be a tuple of {kind.__name__}", shown(values))
    elif len(values) > MOST_RULES:
        yield Fault(path, "kernel.too_many", f"must be at most {MOST_RULES}", str(len(values)))


def _code_faults(path: str, values: tuple["ReturnRule | ConsumerLaw", ...]) -> Iterator[Fault]:
    codes = [each.code for each in values]
    for at, code in enumerate(codes):
        if code in codes[:at]:
            yield Fault(f"{path}[{at}]", "kernel.repeated", "is of a code that was named before", code)


def _rule_faults(rules: tuple[ReturnRule, ...]) -> Iterator[Fault]:
    yield from _code_faults("rules", rules)
    for at, rule in enumerate(rules[:-1]):
        if rule.for_all:
            message = "must be the last one: it is for all goods, so that no rule behind it is ever reached"
            yield Fault(f"rules[{at}]", "kernel.never_reached", message, rule.code)
