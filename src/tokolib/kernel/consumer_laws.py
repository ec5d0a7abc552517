"""Consumer laws that a shop can take as they are: those that a source with its date stands for."""

from typing import Final

from tokolib.kernel.return_fees import ReturnFeeKind
from tokolib.kernel.return_policy import ConsumerLaw

EU_COUNTRIES: Final = (
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU",
    "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
)  # fmt: skip
"""The member states of the European Union."""


def eu_withdrawal(*, except_categories: tuple[str, ...] = (), except_tags: tuple[str, ...] = ()) -> ConsumerLaw:
    """The right to withdraw from a distance contract: 14 days from the day on which the last of the goods arrived.

    The goods that art. 16 takes out of it (made to measure, sealed for hygiene and opened, ...) are for the shop to
    name, by category or tag. Within these days the customer bears nothing but the direct cost of the way back.

    Raises:
        InvalidInput: names that can't be kept.
    Source: Directive 2011/83/EU of 25 October 2011, art. 9(1), 9(2)(b) and 14(1).
    """
    return ConsumerLaw(
        code="eu_withdrawal",
        source="Directive 2011/83/EU of 25 October 2011, art. 9(1), 9(2)(b) and 14(1)",
        days=14,
        countries=EU_COUNTRIES,
        except_categories=except_categories,
        except_tags=except_tags,
        fees=(ReturnFeeKind.RETURN_SHIPPING,),
    )
