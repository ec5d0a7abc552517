"""What a method asks for a consignment: pure, from the method, the rows that may concern it, and the question.

A method that doesn't serve the consignment answers with the reason, so that a list of offers can say what was
tried; asked by name, the same reason is raised as a typed error.
"""

from collections.abc import Mapping, Sequence

from tokolib.conditions import Facts, holds, why_not
from tokolib.kernel.errors import TokolibError
from tokolib.kernel.explain import Reason, ReasonValue, reason
from tokolib.kernel.money import Money
from tokolib.kernel.money_errors import CurrencyMismatch
from tokolib.shipping.errors import FeeNotOffered, MissingWeight, NoRate, OverMaxWeight
from tokolib.shipping.fees import Fee, FeeKind, FeeRule, fee
from tokolib.shipping.model import Consignment, DeliveryMethod, MethodCode, MethodKind, Offers, Rate
from tokolib.shipping.table import RateRow, choose
from tokolib.shipping.weight import Billed, WeightRule, billed_all


def rate(method: DeliveryMethod, rows: Sequence[RateRow], consignment: Consignment, facts: Facts) -> Rate:
    """What *method* asks for *consignment*. *rows* are its rates that may concern the destination.

    Raises:
        MissingWeight: it charges by weight, and some goods have none.
        OverMaxWeight: a parcel is heavier than it takes.
        NoRate: it doesn't deliver there, not for these facts, or not in this currency.
    """
    answer = ask(method, rows, consignment, facts)
    if isinstance(answer, Rate):
        return answer
    raise error_of(answer, method, consignment)


def error_of(refusal: Reason, method: DeliveryMethod, consignment: Consignment) -> TokolibError:
    """A refusal of *method* as the typed error that it is raised as."""
    match refusal.code:
        case "shipping.weightless":
            return MissingWeight(consignment.weightless)
        case "shipping.too_heavy":
            heaviest = max(parcel.chargeable_grams for parcel in _billed(method, consignment))
            return OverMaxWeight(method.id, heaviest, method.terms.weight_rule.maximum_grams or 0)
        case _:
            return NoRate(str(consignment.destination), (tried(refusal),), consignment.currency.code)


def offers(
    methods: Sequence[DeliveryMethod],
    rows: Mapping[MethodCode, Sequence[RateRow]],
    consignment: Consignment,
    facts: Facts,
) -> Offers:
    """What each of *methods* answers; the cheapest first, of equal ones by code."""
    answers = [ask(method, rows.get(method.id, ()), consignment, facts) for method in methods]
    rates = sorted(
        (answer for answer in answers if isinstance(answer, Rate)), key=lambda one: (one.amount.minor_units, one.method)
    )
    return Offers(tuple(rates), tuple(answer for answer in answers if isinstance(answer, Reason)))


def tried(refusal: Reason) -> str:
    """A refusal in a few plain words, for an error's list of what was tried."""
    words = refusal.code.removeprefix("shipping.").replace("_", " ")
    return f"{refusal['method']} ({words})"


def ask(method: DeliveryMethod, rows: Sequence[RateRow], consignment: Consignment, facts: Facts) -> Rate | Reason:
    """The rate, or why there is none."""
    refusal = _refusal(method, consignment, facts)
    if refusal is not None:
        return refusal
    terms = method.terms
    if terms.kind is MethodKind.FLAT:
        return _rate(method, consignment, terms.price, reason("shipping.flat", Money(terms.price, terms.currency)))
    parcels = _billed(method, consignment)
    grams = sum(parcel.chargeable_grams for parcel in parcels)
    row = choose(rows, consignment.destination, grams)
    if row is None:
        return reason("shipping.no_zone", method=method.id, destination=str(consignment.destination), grams=grams)
    step = terms.weight_rule.step_grams
    why = (_zone(row, grams, step, method), *(_weighed(parcel, terms.weight_rule) for parcel in parcels))
    return _rate(method, consignment, row.cost(grams, step), *why, row=row, grams=grams)


def cod_fee(method: DeliveryMethod, amount: Money) -> Fee | None:
    """What cash on delivery of *amount* costs; None if the method charges nothing for it.

    Raises:
        FeeNotOffered: no cash on delivery by this method, or not for this amount.
    """
    terms = method.terms
    if not terms.cod:
        raise FeeNotOffered(method.id, FeeKind.COD.value, amount.minor_units, None, None)
    if terms.cod_fee is None:
        return None
    return _fee(method, FeeKind.COD, terms.cod_fee, amount)


def insurance(method: DeliveryMethod, value: Money) -> Fee:
    """What insuring goods of *value* costs.

    Raises:
        FeeNotOffered: no insurance by this method, or not for this value.
    """
    if method.terms.insurance is None:
        raise FeeNotOffered(method.id, FeeKind.INSURANCE.value, value.minor_units, None, None)
    return _fee(method, FeeKind.INSURANCE, method.terms.insurance, value)


def _fee(method: DeliveryMethod, kind: FeeKind, rule: FeeRule, amount: Money) -> Fee:
    if amount.currency != method.terms.currency:
        raise CurrencyMismatch(method.terms.currency.code, amount.currency.code)
    if not rule.takes(amount.minor_units):
        raise FeeNotOffered(method.id, kind.value, amount.minor_units, rule.least, rule.most)
    return fee(kind, method.id, rule, amount.minor_units, amount.currency)


def _refusal(method: DeliveryMethod, consignment: Consignment, facts: Facts) -> Reason | None:
    terms, place = method.terms, consignment.destination
    if terms.currency != consignment.currency:
        return reason("shipping.other_currency", method=method.id, currency=terms.currency.code)
    if terms.areas and all(area.match(place) is None for area in terms.areas):
        return reason("shipping.not_there", method=method.id, destination=str(place))
    if not holds(terms.conditions, facts):
        return reason("shipping.conditions", None, *why_not(terms.conditions, facts), method=method.id)
    if terms.kind is MethodKind.TABLE and consignment.weightless:
        return reason("shipping.weightless", method=method.id, skus=", ".join(consignment.weightless))
    maximum = terms.weight_rule.maximum_grams
    heaviest = max((parcel.chargeable_grams for parcel in _billed(method, consignment)), default=0)
    if maximum is not None and heaviest > maximum:
        return reason("shipping.too_heavy", method=method.id, grams=heaviest, maximum=maximum)
    return None


def _billed(method: DeliveryMethod, consignment: Consignment) -> tuple[Billed, ...]:
    return billed_all(consignment.parcels, method.terms.weight_rule)


def _rate(
    method: DeliveryMethod,
    consignment: Consignment,
    cost: int,
    *why: Reason,
    row: RateRow | None = None,
    grams: int = 0,
) -> Rate:
    terms = method.terms
    if terms.free_from is not None and consignment.goods >= terms.free_from:
        threshold, goods = Money(terms.free_from, terms.currency), Money(consignment.goods, terms.currency)
        free = reason("shipping.free_from", Money(-cost, terms.currency), threshold=threshold, goods=goods)
        cost, why = 0, (*why, free)
    amount = Money(cost, terms.currency)
    place = str(consignment.destination)
    return Rate(
        method=method.id,
        name=terms.name,
        amount=amount,
        tax_class=terms.tax_class,
        zone=row.zone if row else "",
        etd=(row.etd if row else "") or terms.etd,
        actual_grams=consignment.grams,
        chargeable_grams=grams,
        cod=terms.cod,
        insured=terms.insurance is not None,
        reason=reason("shipping.rate", amount, *why, method=method.id, name=terms.name, destination=place),
    )


def _zone(row: RateRow, grams: int, step: int, method: DeliveryMethod) -> Reason:
    currency = method.terms.currency
    further = row.further_grams(grams, step)
    amount = Money(row.cost(grams, step), currency)
    values: dict[str, ReasonValue] = {
        "area": row.zone or str(row.area),
        "chargeable": grams,
        "included": row.included_grams,
        "price": Money(row.price, currency),
    }
    if not further or not row.per_kg:
        return reason("shipping.zone", amount, **values)
    values |= {"further": further, "step": step, "per_kg": Money(row.per_kg, currency)}
    return reason("shipping.zone_by_kg", amount, **values)


def _weighed(parcel: Billed, rule: WeightRule) -> Reason:
    values: dict[str, ReasonValue] = {
        "rule": rule.name,
        "actual": parcel.actual_grams,
        "chargeable": parcel.chargeable_grams,
        "step": rule.step_grams,
        "tolerance": rule.tolerance_grams,
        "minimum": rule.minimum_grams,
    }
    if parcel.volumetric_grams <= parcel.actual_grams:
        return reason("shipping.parcel_by_weight", None, **values)
    values |= {"volumetric": parcel.volumetric_grams, "divisor": rule.divisor or 0}
    return reason("shipping.parcel_by_volume", None, **values)
