"""What the tax room refuses."""

from datetime import date
from typing import ClassVar

import attrs

from tokolib.effects.model import EffectState
from tokolib.effects.outside import OutsideError
from tokolib.kernel.errors import Fault, TokolibError, named


@attrs.frozen
class NoTaxRules(TokolibError):
    """The rules say nothing about this country, class and day; no tax was assumed in their place."""

    code: ClassVar[str] = "tax.no_rules"
    country: str
    region: str
    tax_class: str
    on: date

    def __str__(self) -> str:
        place = f"{self.country}-{self.region}" if self.region else self.country
        return f"no tax rule for class {self.tax_class!r} in {place} on {self.on}"

    @property
    def hint(self) -> str:
        return (
            "give open(tax=) a provider that knows the place, such as tokolib.adapters.tax_table.TableTaxProvider, "
            "or use tax class 'none' for what is outside tax"
        )


@attrs.frozen
class UnknownTaxClass(TokolibError):
    """The country's rules have no such class."""

    code: ClassVar[str] = "tax.unknown_class"
    country: str
    tax_class: str = attrs.field(converter=named)
    known: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.country} has no tax class {self.tax_class!r}; known: {', '.join(self.known)}"


@attrs.frozen
class InvalidTaxRule(TokolibError):
    """A rule that can't be applied exactly."""

    code: ClassVar[str] = "tax.invalid_rule"
    name: str
    value: str
    reason: str

    def __str__(self) -> str:
        return f"{self.name} {self.value}: {self.reason}"


@attrs.frozen
class InvalidCertificate(TokolibError):
    """An exemption certificate that can't be one."""

    code: ClassVar[str] = "tax.invalid_certificate"
    number: str = attrs.field(converter=named)
    reason: str

    def __str__(self) -> str:
        return f"certificate {self.number!r}: {self.reason}"


@attrs.frozen
class NotRegisteredThere(TokolibError):
    """The sale bears the destination's tax, and the seller holds no registration to charge it. Nothing was sold."""

    code: ClassVar[str] = "tax.not_registered_there"
    origin: str
    destination: str
    on: date

    def __str__(self) -> str:
        return (
            f"a distance sale from {self.origin} to {self.destination} on {self.on} bears the tax of "
            f"{self.destination}, and the seller is registered neither there nor for the one-stop shop"
        )

    @property
    def hint(self) -> str:
        return f'add Registration("{self.origin}", since, scheme="oss"), or one for {self.destination}, to the settings'


@attrs.frozen
class TaxUnavailable(TokolibError):
    """The tax provider is down, and the policy lets nothing stand in for it. Nothing was stored."""

    code: ClassVar[str] = "tax.unavailable"
    status: ClassVar[int] = 503
    policy: str
    failure: str
    placing: bool = False
    """Whether an order was to be placed, and not only a quote to be made."""

    def __str__(self) -> str:
        stands = "and no table answered in its place"
        if self.policy == "block":
            stands = "which blocks"
        elif self.policy == "ask_again" and self.placing:
            stands = "and without an answer no order is placed"
        return f"no tax could be worked out ({self.failure}); the policy is {self.policy}, {stands}"

    @property
    def hint(self) -> str:
        return "try again; or set the policy tax_outage to fallback_table, and give open() a tax_fallback"


@attrs.frozen
class TaxStateUnknown(OutsideError):
    """Taxes of the country go by the state, and the address doesn't say which: nothing was stored."""

    code: ClassVar[str] = "tax.state_unknown"
    status: ClassVar[int] = 422
    means: ClassVar[EffectState] = EffectState.FAILED
    provider: str
    country: str

    def __str__(self) -> str:
        return f"{self.provider} can't tell the tax in {self.country}: the address names no state by its code"

    @property
    def hint(self) -> str:
        return (
            "write the state as its code, such as province='OR'; for goods that are fetched, give ship_to= the address "
            "of the shop"
        )


@attrs.frozen
class TaxAnswerRefused(TokolibError):
    """What the tax provider answered can't be right. Nothing rests on it."""

    code: ClassVar[str] = "tax.answer_refused"
    status: ClassVar[int] = 502
    provider: str
    faults: tuple[Fault, ...]

    def __str__(self) -> str:
        told = "; ".join(f"{each.path}: {each.message}" for each in self.faults)
        return f"the answer of {self.provider} is no answer: {told}"

    @property
    def hint(self) -> str:
        return "run TaxProviderKit (tokolib.testing) against the adapter: it checks every sentence of the port"
