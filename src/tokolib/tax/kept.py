"""An estimate as a sale keeps it: by value, beside what was asked, so that nobody need be asked again to reckon by it.

What comes from outside is held against the question before anything rests on it.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import cached_property
from typing import Final

import attrs

from tokolib.kernel.annotations import faults_within
from tokolib.kernel.clock import aware
from tokolib.kernel.errors import Fault, shown
from tokolib.kernel.explain import Reason, reason
from tokolib.kernel.lines import line_faults
from tokolib.kernel.money import LARGEST
from tokolib.tax.errors import TaxAnswerRefused
from tokolib.tax.estimates import RequestLine, TaxEstimate, TaxRequest
from tokolib.tax.model import TaxAmount

FASTEST: Final = timedelta(hours=1)
"""How far a provider's clock may be ahead of ours."""
_SAID: Final = {
    "tax.outside": "tax.outside_by_provider",
    "tax.no_rate": "tax.no_rate_by_provider",
    "tax.not_registered": "tax.not_registered_by_provider",
}
"""Why there is no tax: the codes that have words of ours; any other is shown as the provider said it."""


@attrs.frozen(kw_only=True)
class TaxFact:
    """Whose answer the taxes of a sale are: a fact from outside, with its source and its term."""

    provider: str
    """The name under which the shop knows who was asked."""
    source: str
    """Who answered: a service and its version, a table and its date."""
    as_of: datetime
    valid_until: datetime
    """The instant from which nothing new may rest on it."""
    digest: str
    """A fingerprint of what was asked: amounts, classes, places, seller and buyer."""
    degraded: bool = False
    """Whether somebody answered in the place of the one who should have."""
    stand_in: str = ""
    """The name of who answered because the provider didn't; nothing where the provider did."""
    reference: str = ""
    """The provider's own name for it."""

    @property
    def answered_by(self) -> str:
        """Whose word the taxes are: the provider's, or that of the one who stands in."""
        return self.stand_in or self.provider

    def is_valid(self, at: datetime) -> bool:
        """Whether a sale may rest on it at that instant."""
        return at < self.valid_until


@attrs.frozen
class AnsweredLine:
    """What was asked about one line or charge, and its taxes."""

    asked: RequestLine
    taxes: tuple[TaxAmount, ...]
    reason: str = ""
    """Why there is no tax at all, in the provider's word."""


@attrs.frozen
class KeptEstimate:
    """All that was asked and answered."""

    fact: TaxFact
    lines: tuple[AnsweredLine, ...]
    zone: str
    """The shop's zone, in which its instants are told."""
    confirmed: TaxFact | None = None
    """The provider's own word, asked again after somebody had stood in for it: that it is all so."""

    @property
    def stands(self) -> TaxFact:
        """Whose word it is by now."""
        return self.confirmed or self.fact

    @cached_property
    def told(self) -> Mapping[RequestLine, tuple[TaxAmount, ...]]:
        """The taxes of each line, by what was asked about it."""
        return {each.asked: each.taxes for each in self.lines}

    @cached_property
    def untaxed(self) -> Mapping[str, Reason]:
        """Why lines bear no tax at all, by the ids they were asked by; those that bear some are not in it."""
        return {each.asked.id: self._why(each.reason) for each in self.lines if not each.taxes}

    def _why(self, said: str) -> Reason:
        code = _SAID.get(said, "tax.untaxed_by_provider")
        return reason(code, provider=self.fact.answered_by, why=said)

    @property
    def reason(self) -> Reason:
        """Whose answer it is, and for how long it holds."""
        fact = self.fact
        return reason(
            "tax.estimate",
            None,
            *self._stood_in,
            provider=fact.provider,
            source=fact.source,
            as_of=fact.as_of,
            valid_until=fact.valid_until,
            time_zone=self.zone,
        )

    @property
    def _stood_in(self) -> Iterator[Reason]:
        """That the figures stand in for others, where they do, and what these turned out to be."""
        if self.fact.stand_in:
            yield reason("tax.stood_in", provider=self.fact.provider, stand_in=self.fact.stand_in)
        elif self.fact.degraded:
            yield reason("tax.degraded", provider=self.fact.provider)
        if (word := self.confirmed) is not None:
            yield reason(
                "tax.confirmed", provider=word.provider, source=word.source, as_of=word.as_of, time_zone=self.zone
            )


def estimate_of(provider: str, answer: object) -> TaxEstimate:
    """What *provider* answered, where it is an estimate at all, with fields of their kinds.

    Raises:
        TaxAnswerRefused: it is none.
    """
    if not isinstance(answer, TaxEstimate):
        raise TaxAnswerRefused(provider, (Fault("answer", "tax.no_estimate", "must be a TaxEstimate", shown(answer)),))
    if faults := tuple(faults_within("", answer)):
        raise TaxAnswerRefused(provider, faults)
    return answer


def keep(
    provider: str, request: TaxRequest, answer: TaxEstimate, *, now: datetime, zone: str, stand_in: str = ""
) -> KeptEstimate:
    """What *provider*, or a *stand_in* for it, answered to *request*, in the shop's *zone*, to be kept.

    Raises:
        TaxAnswerRefused: it doesn't answer what was asked, doesn't add up, or holds no longer at *now*.
    """
    if faults := tuple(_faults(request, answer, now)):
        raise TaxAnswerRefused(stand_in or provider, faults)
    fact = TaxFact(
        provider=provider,
        source=answer.source,
        as_of=answer.as_of,
        valid_until=answer.valid_until,
        digest=request.digest,
        degraded=answer.degraded,
        stand_in=stand_in,
        reference=answer.reference,
    )
    lines = tuple(
        [AnsweredLine(asked, line.taxes, line.reason) for asked, line in zip(request.lines, answer.lines, strict=True)]
    )
    return KeptEstimate(fact, lines, zone)


def _faults(request: TaxRequest, answer: TaxEstimate, now: datetime) -> Iterator[Fault]:
    wanted, found = [line.id for line in request.lines], [line.id for line in answer.lines]
    if wanted != found:
        yield Fault("lines", "tax.other_lines", f"must be of {', '.join(wanted)}, in this order", ", ".join(found))
    else:
        for at, (asked, line) in enumerate(zip(request.lines, answer.lines, strict=True)):
            if not line.taxes:
                yield from line_faults(f"lines[{at}].reason", line.reason, required=True)
            if any(tax.amount < 0 for tax in line.taxes):
                yield Fault(f"lines[{at}].taxes", "tax.negative_tax", "must not be below zero", shown(line.tax))
            elif line.tax > LARGEST:
                yield Fault(f"lines[{at}].taxes", "tax.too_much", "must be at most 10^15 minor units", shown(line.tax))
            elif asked.includes_tax and line.tax > asked.amount:
                message = f"a price of {asked.amount} can't contain so much"
                yield Fault(f"lines[{at}].taxes", "tax.more_than_price", message, shown(line.tax))
    yield from line_faults("source", answer.source, required=True)
    yield from line_faults("reference", answer.reference)
    if answer.as_of > now + FASTEST:
        yield Fault("as_of", "tax.not_yet", f"must not be after {now.isoformat()}", answer.as_of.isoformat())
    if (total := sum(line.tax for line in answer.lines)) != answer.total:
        yield Fault("total", "tax.other_total", f"the lines add up to {total}", shown(answer.total))
    if aware(answer.valid_until, "valid_until") <= now:
        yield Fault(
            "valid_until", "tax.lapsed", f"must be later than {now.isoformat()}", answer.valid_until.isoformat()
        )
