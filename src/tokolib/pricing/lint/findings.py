"""What a look over the promotions finds, and what it has to go by."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

import attrs

from tokolib.kernel.explain import Reason, ReasonValue
from tokolib.kernel.formats import said
from tokolib.kernel.ids import PromotionId
from tokolib.kernel.policies import Policies
from tokolib.pricing.lint.wording import WORDING
from tokolib.pricing.promotions.model import Coupon, Promotion


class Severity(StrEnum):
    """How much a finding matters."""

    ERROR = "error"
    """It does not do what it was made for, or loses money."""
    WARNING = "warning"
    """It most likely does something else than was meant."""
    NOTE = "note"
    """It could be written more clearly."""


@attrs.frozen
class Finding:
    """One thing that is wrong, with the promotions concerned and the figures."""

    severity: Severity
    certain: bool
    """Whether it is so for every cart; otherwise it is so for most, or for some that can be."""
    promotions: tuple[PromotionId, ...]
    reason: Reason
    """Its code and its values; `explain` puts it in words."""

    @property
    def code(self) -> str:
        """What kind of thing it is, such as `lint.over`."""
        return self.reason.code

    @property
    def data(self) -> Mapping[str, ReasonValue]:
        """The values of its sentence."""
        return dict(self.reason.values)

    def explain(self, locale: str = "en") -> str:
        """It in one sentence, in `id` or `en`.

        Raises:
            UnknownLocale: neither of the two.
        """
        return said(self.reason, locale, WORDING)


@attrs.frozen
class Good:
    """What is known of one SKU of the catalogue. Amounts are minor units."""

    key: str
    """The SKU, case-folded."""
    product_id: str = ""
    categories: tuple[str, ...] = ()
    """With all their ancestors."""
    tags: tuple[str, ...] = ()
    attributes: tuple[str, ...] | None = None
    """As `name=value`; None where they aren't known."""
    price: int | None = None
    """Of one unit: the lowest that a list states."""
    cost: int | None = None
    """Of one unit, in the terms of the price: with tax where that contains tax."""


@attrs.frozen
class Known:
    """What the promotions are held against."""

    now: datetime
    currency: str
    """ISO 4217; that of the shop's books, and of all amounts here."""
    policies: Policies = attrs.field(factory=Policies)
    coupons: tuple[Coupon, ...] = ()
    """All that may still be given."""
    used: Mapping[str, int] = attrs.field(factory=dict)
    """How often limited promotions were used so far, by counter."""
    goods: tuple[Good, ...] | None = None
    """The whole catalogue; None where it isn't known."""
    shipping: int | None = None
    """What a delivery costs the customer before promotions, in minor units."""
    currencies: tuple[str, ...] = ()
    """The others that the shop sells in."""


def finding(
    severity: Severity, code: str, *promotions: Promotion, certain: bool = True, **values: ReasonValue
) -> Finding:
    """A finding about *promotions*, of which the sentence names the first as `name`."""
    named: dict[str, ReasonValue] = {"name": promotions[0].terms.name, **values}
    return Finding(severity, certain, tuple(each.id for each in promotions), Reason(code, tuple(named.items())))
