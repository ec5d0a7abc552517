"""What a shop is configured by, held to sense at birth: every rule that shops do differently has a name here."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import ClassVar, Final

import attrs

from tokolib.kernel.book_rates import BookRate, rate_faults
from tokolib.kernel.clock import zone as time_zone
from tokolib.kernel.count_limit import CountLimit
from tokolib.kernel.errors import Fault, TokolibError, shortened, shown
from tokolib.kernel.limits import Limits
from tokolib.kernel.money import Currency, Money
from tokolib.kernel.money import currency as known_currency
from tokolib.kernel.money_errors import UnknownCurrency
from tokolib.kernel.policies import Policies
from tokolib.kernel.refinement import Refinement
from tokolib.kernel.registration import Registration
from tokolib.kernel.return_limit import limit_faults
from tokolib.kernel.return_policy import ReturnPolicy
from tokolib.kernel.rounding import RoundingProfile
from tokolib.kernel.setting_faults import day_fault, number_fault, refuse_faults, tax_id_fault
from tokolib.kernel.sourcing_rules import SourcingRules
from tokolib.kernel.tolerance import Tolerance, tolerance_faults
from tokolib.kernel.verification import VerificationRule, verification_faults

TERMS: Final[Mapping[str, int]] = {"hold_minutes": 5_256_000, "transfer_hours": 87_600, "quote_minutes": 5_256_000}
"""The longest of each: ten years of 365 days. What comes later than that is no term."""

MOST_DAYS_LEFT: Final = 3_650

LONGEST_PREFIX: Final = 12

NO_MONEY: Final = frozenset({"XXX", "XTS"})
"""Codes of ISO 4217 that nobody can pay in: for no currency at all, and for tests."""

MOST_CURRENCIES: Final = 50
"""Currencies that a shop may sell in beside that of its books."""


def _prefix_fault(values: "Settings", name: str) -> Fault | None:
    text = getattr(values, name)
    if isinstance(text, str) and re.fullmatch(rf"[A-Za-z0-9/-]{{0,{LONGEST_PREFIX}}}", text):
        return None
    message = f"must be at most {LONGEST_PREFIX} letters, digits, - and /"
    return Fault(name, "kernel.bad_prefix", message, shown(text))


def _days_left_fault(days: object) -> Fault | None:
    if type(days) is int and 0 <= days <= MOST_DAYS_LEFT:
        return None
    message = f"must be a whole number of days, at most {MOST_DAYS_LEFT}"
    return Fault("lot_days_left", "kernel.not_a_term", message, shown(days))


def _country_fault(country: str) -> Fault | None:
    if re.fullmatch("[A-Z]{2}", str(country)):
        return None
    return Fault("country", "kernel.unknown_country", "must be an ISO 3166-1 alpha-2 code", str(country))


def _currency_faults(values: "Settings") -> tuple[Fault | None, ...]:
    codes: object = values.currencies
    if not isinstance(codes, tuple) or len(codes) > MOST_CURRENCIES:
        message = f"must be a tuple of at most {MOST_CURRENCIES} ISO 4217 codes"
        return (Fault("currencies", "kernel.wrong_type", message, shown(codes)),)
    known = [_code_fault(f"currencies[{at}]", code) for at, code in enumerate(codes)]
    twice = [
        Fault(f"currencies[{at}]", "kernel.repeated", "is named before, or is the currency of the books", shown(code))
        for at, code in enumerate(codes)
        if code in (values.currency, *codes[:at])
    ]
    return (_code_fault("currency", values.currency), *known, *twice)


def _code_fault(path: str, code: str) -> Fault | None:
    try:
        known_currency(code)
    except UnknownCurrency as error:
        return Fault(path, error.code, str(error), shown(code)) if path != "currency" else None
    return Fault(path, "kernel.no_money", "nobody can pay in it", code) if code in NO_MONEY else None


def _pkp_faults(values: "Settings") -> tuple[Fault | None, ...]:
    since, until = values.pkp_since, values.pkp_until
    faults = day_fault(values, "pkp_since"), day_fault(values, "pkp_until")
    if faults != (None, None) or until is None or (since is not None and since < until):
        return faults
    return (Fault("pkp_until", "kernel.not_after", "must be later than pkp_since", until.isoformat()),)


@attrs.frozen
class Settings:
    """The configuration values of a shop."""

    country: str
    """ISO 3166-1 alpha-2."""
    currency: str
    """ISO 4217 code of the books: that of a cart that names none."""
    zone: str
    """IANA zone; tax dates, invoice years and opening hours go by it."""
    prices_include_tax: bool = True
    """Whether prices state what the customer pays, or the amount before tax; a price list may differ."""
    pkp_since: date | None = None
    """The day from which the seller is registered for the consumption tax of its country (PKP in Indonesia)."""
    pkp_until: date | None = None
    """The first day on which it no longer is."""
    tax_id: str = ""
    """The seller's own tax id in its country, as invoices print it: an NPWP, a VAT id with its prefix."""
    currencies: tuple[str, ...] = ()
    """ISO 4217 codes of the other currencies that the shop sells in; each has prices, fees and rates of its own."""
    registrations: tuple[Registration, ...] = ()
    """Registrations for tax in other countries, and by special schemes (`Registration`)."""
    tax_rounding: RoundingProfile | None = None
    """Overrides the jurisdiction's own rounding profile."""
    hold_minutes: int = 60
    """How long an unpaid order holds its stock when its tender names no other term."""
    transfer_hours: int = 24
    """How long a bank transfer may take."""
    quote_minutes: int = 60
    """How long a quote is valid."""
    reference_prefix: str = ""
    """What an order's reference begins with."""
    invoice_prefix: str = "INV"
    """What the number series of invoices begins with: `INV/2026/000001`."""
    credit_note_prefix: str = "CN"
    """The same for credit notes."""
    policies: Policies = Policies()
    short_tolerance: tuple[Tolerance, ...] = ()
    """Up to how much, of each currency, an order may be paid too little: it is placed, and the rest written off."""
    over_tolerance: tuple[Tolerance, ...] = ()
    """Up to how much, of each currency, the shop keeps what was paid too much."""
    count_limit: CountLimit = CountLimit()
    """Above how much of a variance a stock count has to be approved by somebody who didn't count (`CountLimit`)."""
    lot_days_left: int = 0
    """How many days before its expiry date a lot may leave at the latest; 0: on that very day it still may."""
    limits: Limits = Limits()
    sourcing: SourcingRules = SourcingRules()
    """From which locations goods are sent where nobody names one (`SourcingRules`); without places, from `main`."""
    refinements: tuple[Refinement, ...] = ()
    """The shop's own sub-states of our states (`Refinement`); an order keeps those that it was placed under."""
    book_rates: tuple[BookRate, ...] = ()
    """At what the books state orders in other currencies (`BookRate`), one for each at most; an order keeps its own."""
    verification: tuple[VerificationRule, ...] = ()
    """Which orders are stopped as they are placed, until somebody has looked at them (`VerificationRule`)."""
    return_policy: ReturnPolicy = ReturnPolicy()
    """What may come back, and until when (`ReturnPolicy`); an order keeps the one that it was placed under."""
    return_limit: tuple[Money, ...] = ()
    """Above which refund, of each currency, a return has to be approved by somebody else than who asked for it."""

    def __attrs_post_init__(self) -> None:
        """Every fault at once, as `InvalidInput`; the rooms may then rely on what they read here."""
        refuse_faults(
            (
                *(number_fault(self, name, most) for name, most in TERMS.items()),
                *(_prefix_fault(self, name) for name in ("reference_prefix", "invoice_prefix", "credit_note_prefix")),
                _days_left_fault(self.lot_days_left),
                _country_fault(self.country),
                *_pkp_faults(self),
                tax_id_fault(self, "tax_id"),
                *_currency_faults(self),
                *rate_faults(self.book_rates, self.currency, self.currencies),
                *tolerance_faults("short_tolerance", self.short_tolerance),
                *tolerance_faults("over_tolerance", self.over_tolerance),
                *verification_faults(self.verification, (self.currency, *self.currencies)),
                *limit_faults("return_limit", self.return_limit, (self.currency, *self.currencies)),
            )
        )
        known_currency(self.currency)
        time_zone(self.zone)

    @property
    def sold_in(self) -> tuple[str, ...]:
        """The codes of all currencies that the shop sells in, that of its books first."""
        return (self.currency, *self.currencies)

    def money(self, code: str | None = None) -> Currency:
        """A currency that the shop sells in; without a *code*, that of its books.

        Raises:
            CurrencyNotAccepted: it doesn't sell in it.
        """
        if code is not None and code not in self.sold_in:
            raise CurrencyNotAccepted(code, self.sold_in)
        return known_currency(code or self.currency)

    def currency_faults(self, path: str, code: str) -> Iterator[Fault]:
        """That the shop doesn't sell in the currency *code*, so that what *path* names could never count."""
        if code not in self.sold_in:
            error = CurrencyNotAccepted(code, self.sold_in)
            yield Fault(path, error.code, f"{error}; {error.hint}", error.currency)

    def book_rate(self, code: str) -> BookRate | None:
        """At what the books state an order in the currency *code*; None: they keep it in its own currency alone."""
        return next((each for each in self.book_rates if each.currency == code), None)

    @property
    def hold_for(self) -> timedelta:
        """How long an unpaid order holds its stock."""
        return timedelta(minutes=self.hold_minutes)


@attrs.frozen
class CurrencyNotAccepted(TokolibError):
    """The shop doesn't sell in this currency; nothing was changed."""

    code: ClassVar[str] = "kernel.currency_not_accepted"
    currency: str = attrs.field(converter=shortened)
    accepted: tuple[str, ...]

    def __str__(self) -> str:
        return f"the shop sells in {', '.join(self.accepted)}, not in {self.currency!r}"

    @property
    def hint(self) -> str:
        return "shop.settings.change(currencies=(...)) names the currencies that it sells in beside that of its books"
