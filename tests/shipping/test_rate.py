"""What methods ask, why, and what they refuse."""

from fractions import Fraction
from string import Formatter

import attrs
import pytest

from tokolib.catalog.model import Dimensions
from tokolib.conditions import at_least
from tokolib.kernel.address import Address
from tokolib.kernel.explain import render
from tokolib.kernel.money import IDR, USD
from tokolib.shipping.errors import InvalidMethod, InvalidParcel, MissingWeight, NoRate, OverMaxWeight
from tokolib.shipping.fees import FeeRule
from tokolib.shipping.model import Consignment, DeliveryMethod, MethodKind, Rate, Terms, method_code
from tokolib.shipping.places import Area, Destination
from tokolib.shipping.points import CollectionPoint, no_cash, unsuitable
from tokolib.shipping.presets import COD_FEES, JNE, JNE_INSURANCE, LION_INTERPACK
from tokolib.shipping.rate import ask, cod_fee, insurance, offers, rate
from tokolib.shipping.table import RateRow
from tokolib.shipping.weight import Goods, Parcel
from tokolib.shipping.wording import WORDING

JOGJA = Destination("ID", city="Kota Yogyakarta", postal_code="55271")
ROWS = [RateRow(Area("ID", city="Yogyakarta"), 10_000, 8_000, zone="JOG", etd="2-3 hari"), RateRow(Area("ID"), 30_000)]


def flat(code: str = "jne:reg", **terms) -> DeliveryMethod:
    return DeliveryMethod(
        method_code(code),
        1,
        Terms(**({"name": code, "kind": MethodKind.FLAT, "currency": IDR, "price": 18_000} | terms)),
    )


def table(code: str = "jne:yes", **terms) -> DeliveryMethod:
    return flat(code, **({"kind": MethodKind.TABLE, "price": 0, "weight_rule": JNE} | terms))


def asked(*grams: int, **more) -> Consignment:
    return Consignment(**({"destination": JOGJA, "currency": IDR, "parcels": tuple(map(Parcel, grams))} | more))


def test_a_flat_method_asks_its_price():
    """Whatever it weighs, also when nobody knows."""
    found = rate(flat(etd="1 hari"), [], asked(weightless=("KOPI",)), {})

    assert (IDR(18_000), "shipping", (1, 1), True, False) == (
        found.amount,
        found.tax_class,
        found.days,
        found.cod,
        found.insured,
    )


def test_a_table_charges_by_zone_and_chargeable_weight():
    """Two parcels of 1.4 kg count 2 kg each: 10,000 and three further kilograms at 8,000."""
    found = rate(table(), ROWS, asked(1400, 1400), {})

    assert (IDR(34_000), "JOG", 2800, 4000, (2, 3)) == (
        found.amount,
        found.zone,
        found.actual_grams,
        found.chargeable_grams,
        found.days,
    )
    assert ["shipping.rate", "shipping.zone_by_kg", "shipping.parcel_by_weight", "shipping.parcel_by_weight"] == [
        node.code for node in found.reason.walk()
    ]


def test_free_from_a_threshold():
    """The reason keeps what it would have cost."""
    method = table(free_from=500_000)

    assert IDR(10_000) == rate(method, ROWS, asked(900, goods=499_999), {}).amount
    free = rate(method, ROWS, asked(900, goods=500_000), {})
    assert (IDR(0), IDR(-10_000)) == (free.amount, free.reason.children[-1].amount)


@pytest.mark.parametrize(
    ("method", "consignment", "facts", "code"),
    [
        (flat(), asked(1, currency=USD), {}, "other_currency"),
        (flat(areas=(Area("SG"),)), asked(1), {}, "not_there"),
        (flat(conditions=at_least("subtotal", 100)), asked(1), {"subtotal": 99}, "conditions"),
        (flat(conditions=at_least("subtotal", 100)), asked(1), {}, "conditions"),
        (table(), asked(1, destination=Destination("SG")), {}, "no_zone"),
    ],
)
def test_no_rate_says_what_was_tried(method, consignment, facts, code):
    """The method, the reason, and how to add a rate."""
    with pytest.raises(NoRate, match=f"{method.id}.*{code.replace('_', ' ')}") as caught:
        rate(method, ROWS, consignment, facts)

    assert "shop.delivery.flat" in caught.value.hint
    assert f"shipping.{code}" == ask(method, ROWS, consignment, facts).code


def test_conditions_that_hold_let_the_method_serve():
    """And areas that match."""
    method = flat(conditions=at_least("subtotal", 100), areas=(Area("SG"), Area("ID", city="Yogyakarta")))

    assert isinstance(rate(method, [], asked(1), {"subtotal": 100}), Rate)


def test_a_table_needs_weights_and_heeds_the_maximum():
    """Each its own error, with the values in it."""
    with pytest.raises(MissingWeight, match="KOPI"):
        rate(table(), ROWS, asked(1, weightless=("KOPI",)), {})
    with pytest.raises(OverMaxWeight, match="at most 30000 g a parcel, this one counts as 31000 g") as caught:
        rate(flat("lion:interpack", weight_rule=LION_INTERPACK), [], asked(1, 30_001), {})
    assert "split" in caught.value.hint


def test_offers_come_cheapest_first_with_the_reasons_of_the_others():
    """Of equal prices by code."""
    found = offers(
        [flat("b:x"), flat("a:x"), table("c:x"), flat("d:x", areas=(Area("SG"),))], {"c:x": ROWS}, asked(900), {}
    )

    assert ["c:x", "a:x", "b:x"] == [one.method for one in found.rates]
    assert ["shipping.not_there"] == [why.code for why in found.refused]


def test_goods_are_packed_into_a_consignment():
    """Those without a weight are listed, not lost."""
    sent = Consignment.packed(JOGJA, IDR, [Goods("A", Fraction(2), 300), Goods("B", Fraction(1), None)], value=150_000)

    assert ((Parcel(600),), ("B",), 600, 150_000) == (sent.parcels, sent.weightless, sent.grams, sent.goods)
    assert () == Consignment.packed(JOGJA, IDR, [Goods("B", Fraction(1), None)], value=1).parcels


@pytest.mark.parametrize("code", ["", "JNE REG", "jne:", ":reg", "jne:reg:x", "x" * 41])
def test_a_code_looks_like_courier_and_service(code):
    """Anything else is refused."""
    with pytest.raises(InvalidMethod, match="code"):
        method_code(code)


def test_codes_are_compared_in_lower_case():
    """`JNE:REG` is `jne:reg`; courier and service are its parts."""
    method = flat(" JNE:JTR<150 ")

    assert ("jne:jtr<150", "jne", "jtr<150", "Truk") == (
        method.id,
        method.courier,
        method.service,
        attrs.evolve(method, terms=attrs.evolve(method.terms, name="Truk")).name,
    )


@pytest.mark.parametrize("fault", [{"name": " "}, {"price": -1}])
def test_impossible_terms_are_refused(fault):
    """No name, a negative price."""
    with pytest.raises(InvalidMethod, match=next(iter(fault))):
        flat(**fault)


def about_points():
    """Why goods can't go to a collection point, in all ways."""
    place = Address("Kios 1", "Jl. Pasar 1", city="Sleman", postal_code="55281", country="ID")
    point = CollectionPoint(courier="jne", id="P1", address=place, max_grams=100, cod=False)
    to_points = flat(points_of="jne")
    yield unsuitable(to_points, None)
    yield unsuitable(flat(), point)
    yield unsuitable(flat(points_of="jnt"), point)
    yield unsuitable(to_points, point, [Goods("A", Fraction(1), 500)])
    yield no_cash(point)


def reasons():
    bulky = attrs.evolve(asked(), parcels=(Parcel.of(900, Dimensions(500, 500, 1000)),))
    method = table(free_from=1, cod_fee=COD_FEES["jne"][7], insurance=JNE_INSURANCE)
    found = [
        rate(flat(), [], asked(1), {}).reason,
        rate(method, ROWS, attrs.evolve(bulky, goods=2), {}).reason,
        rate(method, ROWS, asked(900), {}).reason,
        cod_fee(method, IDR(100_000)).reason,
        insurance(method, IDR(100_000)).reason,
        ask(flat(), [], asked(1, currency=USD), {}),
        ask(flat(areas=(Area("SG"),)), [], asked(1), {}),
        ask(flat(conditions=at_least("subtotal", 1)), [], asked(1), {}),
        ask(table(), [], asked(1, weightless=("A",)), {}),
        ask(table(weight_rule=LION_INTERPACK), [], asked(40_000), {}),
        ask(table(), [], asked(1), {}),
        *about_points(),
    ]
    return {node.code: node for tree in found for node in tree.walk() if node.code.startswith("shipping.")}


@pytest.mark.parametrize("locale", ["id", "en"])
def test_every_reason_has_words_that_name_only_its_values(locale):
    """No code without a sentence, no sentence without a code, no place without a value."""
    made = reasons()

    assert set(made) == set(WORDING[locale])
    for code, sentence in WORDING[locale].items():
        assert {name for _, name, _, _ in Formatter().parse(sentence) if name} <= dict(made[code].values).keys(), code


def test_a_rate_in_words():
    """Zone, weight, steps and divisor can be read off."""
    bulky = attrs.evolve(asked(), parcels=(Parcel.of(900, Dimensions(500, 500, 1000)),))

    text = render(rate(table(), ROWS, bulky, {}).reason, WORDING["en"], str, width=250)

    assert "JOG: 42000 g, IDR 10000 for the first 1000 g, then 41000 g more at IDR 8000 a kilogram" in text
    assert "a parcel of 900 g takes the space of 41667 g (volume / 6000) and counts as 42000 g" in text


@pytest.mark.parametrize("wrong", [1.5, True, -1])
def test_amounts_and_weights_are_whole_numbers(wrong):
    """A float has lost digits before anybody could round it by rule."""
    for field in ("price", "free_from"):
        with pytest.raises(InvalidMethod):
            flat(**{field: wrong})
    with pytest.raises(InvalidMethod):
        RateRow(Area("ID"), wrong)
    with pytest.raises(InvalidMethod):
        FeeRule("0.2", fixed=wrong)
    with pytest.raises(InvalidParcel):
        Parcel(wrong)
    with pytest.raises(InvalidParcel):
        Parcel(1, wrong)
