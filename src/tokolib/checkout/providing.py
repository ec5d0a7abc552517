"""Taxes from outside: who works them out for a sale, what they have answered so far, and how they are asked.

Nobody is asked while a unit is open. A bargain that lacks an answer says so (`Unestimated`), its unit ends with
nothing written, the provider is asked, and the bargain is struck again with the answer; where the amounts have
changed with it, once more.
"""

from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

import attrs

from tokolib.checkout.errors import TaxNeverSettled
from tokolib.checkout.model import Bargain
from tokolib.effects.outside import OutsideError, Unknown
from tokolib.kernel.errors import Fault, InvalidInput, NaiveDatetime, TokolibError, shortened
from tokolib.kernel.explain import Reason, reason
from tokolib.kernel.hosting import resolved
from tokolib.kernel.policies import TaxOutage
from tokolib.kernel.rounding import DEFAULT_ROUNDING
from tokolib.kernel.settings import Settings
from tokolib.kernel.work import Work
from tokolib.pricing.outside import NOTHING_TOLD, Told
from tokolib.tax.errors import TaxAnswerRefused, TaxUnavailable
from tokolib.tax.estimates import TaxEstimate, TaxRequest
from tokolib.tax.kept import KeptEstimate, estimate_of, keep
from tokolib.tax.model import Assessment
from tokolib.tax.outage import is_outage, may_stand_in, standing_in
from tokolib.tax.ports import TaxProvider
from tokolib.tax.rules import has_rules

T = TypeVar("T")
MOST_ANSWERS: Final = 4
"""How often a provider is asked for one bargain: charges that go by taxes settle in two rounds."""


@attrs.frozen
class Provided:
    """Who works taxes out in place of the shop's own tables, and what they have answered so far."""

    name: str
    countries: frozenset[str]
    """Whose tax they know; empty for the whole world."""
    kept: KeptEstimate | None = None

    @classmethod
    def of(cls, provider: TaxProvider) -> "Provided":
        """*provider*, who has answered nothing yet."""
        return cls(provider.name, provider.capabilities.countries)

    @classmethod
    def by(cls, kept: KeptEstimate, destination: str) -> "Provided":
        """Who answered *kept*, for what goes to *destination*; nobody is going to ask them again."""
        return cls(kept.fact.provider, frozenset({destination}), kept)

    def is_for(self, destination: str, home: str) -> bool:
        """Whether taxes of what goes to *destination* are theirs: *home* keeps its own table unless they name it."""
        if self.countries:
            return destination in self.countries
        return destination != home or not has_rules(home)

    def answers(self, request: TaxRequest) -> bool:
        """Whether what they have answered is about exactly *request*."""
        return self.kept is not None and self.kept.fact.digest == request.digest

    @property
    def told(self) -> Told:
        """The taxes that they have told so far."""
        return NOTHING_TOLD if self.kept is None else self.kept.told

    def assessment(self, tax_class: str) -> Assessment:
        """What the shop's own tables say about a tax class: nothing, but who does."""
        return Assessment((), DEFAULT_ROUNDING, self._reason)

    @property
    def _reason(self) -> Reason:
        """Who works the taxes out: once they have answered, who really did."""
        if self.kept is None or not self.kept.fact.stand_in:
            return reason("checkout.taxes_by", provider=self.name)
        return reason("checkout.taxes_in_place", stand_in=self.kept.fact.stand_in, provider=self.name)


class Unestimated(Exception):
    """A bargain whose taxes nobody has worked out yet, and that was struck without them; or nobody who should have."""

    def __init__(self, bargain: Bargain, request: TaxRequest, settings: Settings) -> None:
        super().__init__(bargain, request, settings)
        self.bargain = bargain
        self.request = request
        self.zone = settings.zone
        self.policy = settings.policies.tax_outage


@attrs.frozen
class TaxDesk:
    """The tax provider of a shop, and who stands in for it."""

    provider: TaxProvider | None = None
    fallback: TaxProvider | None = None

    @property
    def provided(self) -> Provided | None:
        """Who works taxes out; None in a shop whose taxes are its own tables'."""
        return None if self.provider is None else Provided.of(self.provider)

    async def settled(
        self, work: Work, command: str, run: Callable[[Provided | None], Awaitable[T]], *, placing: bool = False
    ) -> T:
        """What *run* answers, which opens a unit; the provider is asked between its tries.

        *placing* an order, nothing may stand in for them where the policy is to ask again.

        Raises:
            TaxUnavailable, TaxAnswerRefused, TaxNeverSettled: there is no answer to rest on.
            OutsideError: a definite no of the provider.
            InsideTransaction: an answer is needed within a transaction of the host. In all cases nothing was stored.
        """
        provided = self.provided
        if self.provider is None or provided is None:
            return await run(None)
        for _ in range(MOST_ANSWERS):
            try:
                return await run(provided)
            except Unestimated as turn:
                asked = turn
            work.must_be_outside(command)
            provided = attrs.evolve(provided, kept=await self._answer(self.provider, asked, work, placing))
        raise TaxNeverSettled(self.provider.name, MOST_ANSWERS)

    async def _answer(self, provider: TaxProvider, asked: Unestimated, work: Work, placing: bool) -> KeptEstimate:
        found, stand_in = await self._asked(provider, asked.request, asked.policy, placing)
        return keep(provider.name, asked.request, found, now=work.clock.now(), zone=asked.zone, stand_in=stand_in)

    async def _asked(
        self, provider: TaxProvider, request: TaxRequest, policy: TaxOutage, placing: bool
    ) -> tuple[TaxEstimate, str]:
        """The answer, and the name of who gave it in the provider's place; nothing where the provider did."""
        stands = may_stand_in(policy, placing=placing)
        try:
            found = await self._estimate(provider, request)
        except OutsideError as error:
            other = await self._stand_in(request) if stands and is_outage(error) else None
            found = standing_in(policy, error, other, placing=placing)
            return found, "" if self.fallback is None else self.fallback.name
        if found.degraded and not stands:
            raise TaxUnavailable(policy, "tax.degraded", placing)
        return found, ""

    async def _estimate(self, provider: TaxProvider, request: TaxRequest) -> TaxEstimate:
        """What *provider* says.

        Raises:
            TaxAnswerRefused: no estimate, or one that can't even be made.
            OutsideError: what it raises; `Unknown` for a time-out or lost connection that its adapter let through.
        """
        try:
            answer: object = await resolved(provider.estimate(request))
        except (InvalidInput, NaiveDatetime) as error:
            faults = error.faults if isinstance(error, InvalidInput) else (Fault("answer", error.code, str(error)),)
            raise TaxAnswerRefused(provider.name, faults) from error
        except OSError as error:
            raise Unknown(provider.name, request.digest, type(error).__name__) from error
        except TokolibError:
            raise
        except Exception as error:
            told = shortened(f"it raised {type(error).__name__}: {error}", 200)
            raise TaxAnswerRefused(provider.name, (Fault("estimate", "tax.raised", told),)) from error
        return estimate_of(provider.name, answer)

    async def _stand_in(self, request: TaxRequest) -> TaxEstimate | None:
        """What the one who stands in says; None where nobody does, or answers."""
        if self.fallback is None:
            return None
        try:
            return await self._estimate(self.fallback, request)
        except OutsideError as error:
            if is_outage(error):
                return None
            raise
