"""Asking again: before an order is placed, whoever was stood in for is to say that the quote's taxes are right.

The quote stays as the customer agreed to it. The provider is asked exactly what the one who stood in was asked, and
their word is kept beside the answer; where they say otherwise, the customer has to agree anew.
"""

from collections.abc import Iterator, Mapping
from datetime import date

import attrs

from tokolib.checkout.agreement import Difference
from tokolib.checkout.errors import QuoteChanged
from tokolib.checkout.model import Quote
from tokolib.checkout.providing import Provided, Unestimated
from tokolib.checkout.situations import exactly, situation_of
from tokolib.kernel.settings import Settings
from tokolib.pricing.outside import line_names
from tokolib.tax.estimates import RequestLine, TaxRequest
from tokolib.tax.kept import AnsweredLine, KeptEstimate
from tokolib.tax.model import TaxAmount
from tokolib.tax.outage import may_stand_in


def unconfirmed(quote: Quote, settings: Settings) -> KeptEstimate | None:
    """The answer that the taxes of *quote* rest on, if by policy it is to be asked for again; None where it isn't.

    The policy of the day counts: a shop that blocks by now doesn't go by what it took before.
    """
    kept = quote.grounds.estimate
    asks = kept is not None and kept.fact.degraded and not may_stand_in(settings.policies.tax_outage, placing=True)
    return kept if asks else None


def confirm(
    quote: Quote, kept: KeptEstimate, settings: Settings, today: date, provided: Provided | None
) -> KeptEstimate:
    """*kept*, on which the taxes of *quote* rest, with the word of whoever is *provided* that it is right.

    Raises:
        QuoteChanged: they say otherwise, or there is nobody to ask any longer.
        Unestimated: they have to be asked first.
    """
    wishes, lines = quote.wishes, tuple([each.asked for each in kept.lines])
    place = exactly(situation_of(settings, wishes), wishes.goes_to)
    if provided is None or not provided.is_for(place.destination.country, settings.country):
        was = f"worked out in place of {kept.fact.provider}"
        raise QuoteChanged(quote.id, (str(Difference("tax_estimate", was, "nobody to ask again")),))
    request = TaxRequest(lines=lines, currency=quote.currency.code, on=today, situation=place)
    word = provided.kept
    if word is None or not provided.answers(request):
        raise Unestimated(quote, request, settings)
    if differences := tuple(_differences(quote, kept, word)):
        raise QuoteChanged(quote.id, tuple(map(str, differences)))
    return attrs.evolve(kept, confirmed=word.fact)


def _differences(quote: Quote, was: KeptEstimate, now: KeptEstimate) -> Iterator[Difference]:
    names = line_names(line.id for line in quote.lines)
    skus = {names[line.id]: line.sku for line in quote.lines}
    for old, new in zip(was.lines, now.lines, strict=True):
        before, after = _told(old), _told(new)
        if before != after:
            yield Difference(f"{_path(old.asked, skus)}.taxes", before, after)
    sums = [sum(tax.amount for line in each.lines for tax in line.taxes) for each in (was, now)]
    if len({*sums}) > 1:
        yield Difference("tax", *map(str, sums))


def _path(asked: RequestLine, skus: Mapping[str, str]) -> str:
    """Where it stands what was *asked* about: in a line, by its SKU, in a component of one, or in a charge."""
    name, _, part = asked.id.partition("/")
    if (sku := skus.get(name)) is None:
        return f"charges[{asked.id.removeprefix('charge:')}]"
    return f"lines[{sku}].components[{asked.sku}]" if part else f"lines[{sku}]"


def _told(line: AnsweredLine) -> str:
    """All that an invoice states of the taxes of *line*, in words that are equal where it is; where there are none,
    why.
    """
    return " + ".join(sorted(map(_stated, line.taxes))) or f"none ({line.reason})"


def _stated(tax: TaxAmount) -> str:
    figures = f"{tax.code} {tax.amount} ({tax.jurisdiction or '-'}, {tax.category}, {tax.rate} % of {tax.base})"
    beside = [f"waived {tax.waived}"] if tax.waived else []
    return ", ".join([figures, *beside, *([f"facility {tax.facility}"] if tax.facility else [])])
