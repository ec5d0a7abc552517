"""A quote that staff has promised to somebody: its figures hold up to a day of their own, whatever prices say by then.

What nobody can promise is the law, and the word of those outside: a tax that changes, a rate that lapses.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, time

from tokolib.checkout.agreement import Difference
from tokolib.checkout.model import Quote, Wishes
from tokolib.checkout.situations import situation_of
from tokolib.kernel.clock import zone
from tokolib.kernel.settings import Settings
from tokolib.tax.model import Assessment
from tokolib.tax.rules import assess_sale, next_change_of


def next_change(now: datetime, settings: Settings, wishes: Wishes) -> datetime | None:
    """The instant from which a tax rule, the seller's status or a certificate of the buyer may say otherwise."""
    home = zone(settings.zone)
    change = next_change_of(situation_of(settings, wishes), now.astimezone(home).date())
    return None if change is None else datetime.combine(change, time(), home).astimezone(UTC)


def latest_term(quote: Quote, settings: Settings, now: datetime) -> datetime | None:
    """Up to when the figures of *quote* can be promised: a tax rule, an answer about taxes or an exchange rate that
    they rest on ends there; None where nothing is known to end.
    """
    ends = [next_change(now, settings, quote.wishes), *(own.until for own in quote.grounds.lines)]
    if quote.tax_fact is not None:
        ends.append(quote.tax_fact.valid_until)
    return min((end for end in ends if end is not None), default=None)


def retaxed(quote: Quote, settings: Settings, now: datetime) -> Iterator[Difference]:
    """Where the taxes of *quote* are no longer what the rules say, by tax class: the shop's own status has changed."""
    if quote.grounds.estimate is not None:
        return
    situation, today = situation_of(settings, quote.wishes), now.astimezone(zone(settings.zone)).date()
    for own in quote.grounds.taxes:
        law = assess_sale(situation, own.tax_class, today)
        if law.components != own.assessment.components:
            yield Difference(f"taxes[{own.tax_class}]", _told(own.assessment), _told(law))


def _told(assessment: Assessment) -> str:
    return " + ".join(f"{each.code} {each.rate} % of {each.base_fraction}" for each in assessment.components) or "none"
