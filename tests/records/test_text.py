"""Text that is none never reaches a record."""

import pytest

import tokolib
from tokolib.catalog.attributes import AttributeDef
from tokolib.conditions import one_of
from tokolib.kernel.errors import InvalidInput


def test_half_a_character_is_refused_wherever_it_stands():
    """Python keeps lone surrogates; no storage does. Nothing was stored, and the shop goes on."""
    half = "\ud800"
    with tokolib.open("memory://", country="ID") as shop:
        for put in (
            lambda: shop.catalog.put_type("kaos", AttributeDef("bahan", label=half), name="Kaos"),
            lambda: shop.promotions.percent("p", 5, conditions=one_of("province", half)),
            lambda: shop.prices.put_list("grosir", channel=half),
        ):
            with pytest.raises(InvalidInput, match="not Unicode text"):
                put()
        assert () == shop.promotions.page().items
        assert "kaos" == shop.catalog.put_type("kaos", AttributeDef("bahan"), name="Kaos ☕").code
