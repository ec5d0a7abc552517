"""Why a tender, a courier's collecting, or something wished for beside the goods can't be had."""

from collections.abc import Iterable

import attrs

from tokolib.catalog.model import Sellable
from tokolib.checkout.errors import WishNotOffered
from tokolib.checkout.lines import QuoteLine
from tokolib.checkout.table import Table
from tokolib.checkout.wording import explained
from tokolib.conditions import Facts
from tokolib.kernel.errors import TokolibError
from tokolib.kernel.explain import Reason, reason
from tokolib.kernel.money import Money
from tokolib.payments.errors import TenderRefused
from tokolib.payments.tenders import COD
from tokolib.pricing.charges.tariff import Unmet
from tokolib.shipping.model import DeliveryMethod
from tokolib.shipping.points import CollectionPoint, no_cash


@attrs.frozen
class Hindrance:
    """Why it can't be had so: the reason, and the error that a quote raises."""

    because: Reason
    error: TokolibError


def unmet_refusal(unmet: Unmet) -> Hindrance | None:
    """That something is wished for which no rule offers."""
    if not unmet.wishes:
        return None
    told = reason("checkout.wish_not_offered", wishes=", ".join(unmet.wishes))
    return Hindrance(told, WishNotOffered(unmet.wishes, unmet.instead))


def tender_refusal(table: Table, tender: str, total: int, facts: Facts) -> Hindrance | None:
    """Why the shop doesn't accept *tender* for a *total*; None where it does."""
    refusal = table.acceptance.refusal(tender, Money(total, table.money), facts)
    if refusal is None:
        return None
    return _refused(tender, refusal)


def collecting_refusal(
    method: DeliveryMethod | None, point: CollectionPoint | None, collected: Money
) -> Hindrance | None:
    """That the courier, where there is one, doesn't collect *collected* on delivery, or not at that *point*."""
    if refusal := no_cash(point):
        return _refused(COD.name, refusal)
    if method is None or takes_cod(method, collected.minor_units):
        return None
    return cod_refusal(method.id, collected)


def cod_refusal(method: str, collected: Money) -> Hindrance:
    """That the courier of *method* doesn't collect the sum *collected* on delivery."""
    return _refused(COD.name, reason("checkout.no_cod", method=method, total=collected))


def _refused(tender: str, because: Reason) -> Hindrance:
    words = "; ".join(line.strip() for line in explained(because, "en").splitlines())
    return Hindrance(because, TenderRefused(tender, because.code, words))


def keys_refusal(bought: Iterable[Sellable | QuoteLine]) -> Hindrance | None:
    """That no courier brings what is digital of what is *bought*, and so collects nothing for it."""
    if not (digital := dict.fromkeys(each.sku for each in bought if each.digital)):
        return None
    return _refused(COD.name, reason("checkout.no_cod_for_digital", skus=", ".join(digital)))


def uncollected(
    bought: Iterable[Sellable], method: DeliveryMethod | None, point: CollectionPoint | None, collected: Money
) -> Hindrance | None:
    """Why nobody collects *collected* on delivery for what is *bought*; None where somebody does."""
    return keys_refusal(bought) or collecting_refusal(method, point, collected)


def takes_cod(method: DeliveryMethod, total: int) -> bool:
    """Whether *method* collects *total* on delivery."""
    terms = method.terms
    return terms.cod and (terms.cod_fee is None or terms.cod_fee.takes(total))
