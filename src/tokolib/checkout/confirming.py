"""Asking again: before an order is placed, whoever was stood in for is to say that the quote's taxes are right.

The quote stays as the customer agreed to it. The provider is asked exactly what the one who stood in was asked, and
their word is kept beside the answer; where they say otherwise, the customer has to agree anew.
"""

from collections.abc import Iterator, Mapping
from datetime import date

import attrs

from tokolib.checkout.errors import QuoteChanged
from tokolib.checkout.model import Difference, Quote
from tokolib.checkout.providing import Provided, Unestimated
from tokolib.checkout.situations import exactly, situation_of
from tokolib.kernel.policies import TaxOutage
from tokolib.kernel.settings import Settings
from tokolib.pricing.outside import line_names
from tokolib.tax.estimates import TaxRequest
from tokolib.tax.kept import KeptEstimate
from tokolib.tax.model import TaxAmount


def unconfirmed(quote: Quote, settings: Settings) -> KeptEstimate | None:
    """The answer that the taxes of *quote* rest on, if by policy it is to be asked for again; None where it isn't."""
    kept = quote.grounds.estimate
    asks = kept is not None and kept.fact.degraded and settings.policies.tax_outage is TaxOutage.ASK_AGAIN
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
    place = exactly(situation_of(settings, wishes), wishes.ship_to)
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
        if _figures(old.taxes) != _figures(new.taxes):
            yield Difference(f"{_path(old.asked.id, skus)}.taxes", _told(old.taxes), _told(new.taxes))


def _path(asked: str, skus: Mapping[str, str]) -> str:
    """Where it stands what was *asked* by that name: in a line, by its SKU, or in a charge."""
    sku = skus.get(asked.split("/")[0])
    return f"charges[{asked.removeprefix('charge:')}]" if sku is None else f"lines[{sku}]"


def _figures(taxes: tuple[TaxAmount, ...]) -> list[tuple[str, int]]:
    """What a customer agrees to: which tax, and how much."""
    return sorted((tax.code, tax.amount) for tax in taxes if tax.amount)


def _told(taxes: tuple[TaxAmount, ...]) -> str:
    return " + ".join(f"{code} {amount}" for code, amount in _figures(taxes)) or "0"
