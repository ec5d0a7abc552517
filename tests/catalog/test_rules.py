"""Types, categories, the option matrix, drafts from mappings, validation: the pure rules."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokolib.catalog import errors
from tokolib.catalog.attributes import (
    AttributeDef,
    AttributeKind,
    ProductType,
    attribute_text,
    attribute_value,
    checked_type,
)
from tokolib.catalog.categories import EMPTY, checked_category
from tokolib.catalog.drafts import ComponentDraft, ProductDraft, VariantDraft, draft_from, draft_of, texts
from tokolib.catalog.events import CategoryPut, ProductArchived, SkuFreed
from tokolib.catalog.lifecycle import evolve_categories, evolve_product, evolve_sku, evolve_type
from tokolib.catalog.matrix import variants
from tokolib.catalog.model import Part
from tokolib.catalog.sku import key
from tokolib.catalog.validate import Known, validate
from tokolib.catalog.wording import WORDING
from tokolib.kernel.errors import Fault, InvalidInput
from tokolib.kernel.ids import ProductId
from tokolib.kernel.limits import Limits
from tokolib.kernel.quantity import KILOGRAM, PIECE

K = AttributeKind
SHIRT = ProductType(
    "type:kaos",
    1,
    "kaos",
    "Kaos",
    (
        AttributeDef("bahan", K.CHOICE, required=True, allowed=("katun", "linen")),
        AttributeDef("rilis", K.DATE),
        AttributeDef("lebar", K.INTEGER, per_variant=True, required=True),
    ),
)
PARTS = {"kopi-250": Part(PIECE, False), "gula": Part(KILOGRAM, False), "paket-1": Part(PIECE, True)}


def known(**more):
    tree = evolve_categories(EMPTY, CategoryPut(checked_category(EMPTY, "kopi", "Kopi", None)))
    base = Known(ProductId("prd_1"), None, None, tree, PARTS, Limits(), "Asia/Jakarta")
    return attrs.evolve(base, **more)


def faults(draft, **more):
    with pytest.raises(errors.InvalidProduct) as caught:
        validate(draft, known(**more))
    return {fault.path: fault.code for fault in caught.value.faults}


# Lifecycle


@pytest.mark.parametrize("evolve", [evolve_product, evolve_sku, evolve_type, evolve_categories])
def test_an_event_of_another_aggregate_is_a_mistake_of_ours(evolve):
    """evolve() refuses what it doesn't know instead of passing it over."""
    with pytest.raises(TypeError, match="know"):
        evolve(None, ProductArchived(ProductId("p")) if evolve is not evolve_sku else SkuFreed("a"))


# Attributes


@pytest.mark.parametrize(
    ("kind", "given_", "expected"),
    [(K.TEXT, " katun ", "katun"), (K.INTEGER, "12", 12), (K.INTEGER, 12, 12), (K.DECIMAL, "1.50", Decimal("1.5")),
     (K.BOOLEAN, "ya", True), (K.BOOLEAN, False, False), (K.DATE, "2026-01-31", "2026-01-31"),
     (K.DATE, date(2026, 1, 31), "2026-01-31")],
)  # fmt: skip
def test_values_are_read_by_kind_and_written_back(kind, given_, expected):
    """attribute_text() is the inverse of attribute_value()."""
    definition = AttributeDef("a", kind)

    value = attribute_value(definition, given_)

    assert value == expected
    assert attribute_value(definition, attribute_text(value)) == value


@pytest.mark.parametrize(
    ("kind", "given_"),
    [(K.TEXT, 3), (K.TEXT, " "), (K.INTEGER, "1.5"), (K.INTEGER, "x"), (K.DECIMAL, "1,5"), (K.DECIMAL, True),
     (K.BOOLEAN, "maybe"), (K.BOOLEAN, 1), (K.DATE, "31-01-2026"), (K.DATE, 5),
     (K.DATE, datetime(2026, 1, 1, tzinfo=UTC))],
)  # fmt: skip
def test_a_value_of_another_kind_is_refused(kind, given_):
    """No value is bent to fit."""
    with pytest.raises(errors.InvalidAttribute):
        attribute_value(AttributeDef("a", kind), given_)


def test_allowed_values_compare_by_value():
    """`1.50` is the allowed 1.5; 2 is not allowed."""
    definition = AttributeDef("tebal", K.DECIMAL, allowed=("1.5",))

    assert attribute_value(definition, "1.50") == Decimal("1.5")
    with pytest.raises(errors.InvalidAttribute, match="allowed"):
        attribute_value(definition, "2")


def test_a_definition_that_could_not_be_read_back_is_refused():
    """Values of another type than their field's: each is named, and none is taken for what it looks like."""
    wrong = (AttributeDef(5), AttributeDef("x", "text"), AttributeDef("y", label=None, required=1, per_variant="no"),
             AttributeDef("z", allowed="abc"), AttributeDef("q", K.INTEGER, allowed=(1, "2")),
             AttributeDef("r", label="\ud800"))  # fmt: skip

    with pytest.raises(errors.InvalidType) as caught:
        checked_type("t", "", wrong)

    assert [(fault.path, fault.code.partition(".")[2]) for fault in caught.value.faults] == [
        ("attributes[0].code", "wrong_type"), ("attributes[1].kind", "wrong_type"),
        ("attributes[2].label", "wrong_type"), ("attributes[2].required", "wrong_type"),
        ("attributes[2].per_variant", "wrong_type"), ("attributes[3].allowed", "wrong_type"),
        ("attributes[4].allowed[0]", "wrong_type"), ("attributes[5].label", "unprintable"),
    ]  # fmt: skip


def test_a_type_tells_all_its_faults():
    """Codes, doubles, a choice without values, values of another kind, a name too long: in one error."""
    wrong = (AttributeDef("A b"), AttributeDef("x", K.CHOICE), AttributeDef("x", K.INTEGER, allowed=("1", "z")))

    with pytest.raises(errors.InvalidType) as caught:
        checked_type("!", "n" * 3000, wrong)

    paths = [fault.path for fault in caught.value.faults]
    assert paths == [
        "code",
        "name",
        "attributes[0].code",
        "attributes[1].allowed",
        "attributes[2].code",
        "attributes[2].allowed[1]",
    ]


# Categories


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from([None, *"abcdef"])), max_size=30))
def test_no_move_makes_a_circle(moves):
    """Whatever is put below whatever, walking up from any category ends."""
    tree = EMPTY
    for code, parent in moves:
        try:
            tree = evolve_categories(tree, CategoryPut(checked_category(tree, code, code.upper(), parent)))
        except (errors.CategoryCycle, errors.UnknownCategory):
            continue
        for each in tree.categories:
            assert each.code not in tree.ancestors(each.code)
            assert len(tree.ancestors(each.code)) < len(tree.categories)
    assert tree.version >= len(tree.categories)


def test_categories_know_what_is_above_and_below():
    """Ancestors nearest first; children of a code, or the roots."""
    tree = EMPTY
    for code, parent in [("minuman", None), ("kopi", "minuman"), ("gayo", "kopi")]:
        tree = evolve_categories(tree, CategoryPut(checked_category(tree, code, code, parent)))

    assert tree.ancestors("gayo") == ("kopi", "minuman")
    assert tree.with_ancestors(["gayo", "kopi"]) == ("gayo", "kopi", "minuman")
    assert [each.code for each in tree.children(None)] == ["minuman"]
    assert [each.code for each in tree.children("kopi")] == ["gayo"]
    with pytest.raises(errors.UnknownCategory):
        tree.ancestors("teh")


@pytest.mark.parametrize(("code", "name"), [("Kopi Gayo", "x"), ("", "x"), ("kopi", " "), ("kopi", "a\nb")])
def test_a_malformed_category_is_refused(code, name):
    """Codes are for files and rules; names are one printable line."""
    with pytest.raises(errors.InvalidCategory):
        checked_category(EMPTY, code, name, None)


def test_a_category_is_not_its_own_parent(monkeypatch):
    """Not even a new one; and a full tree takes no more."""
    with pytest.raises(errors.CategoryCycle):
        checked_category(EMPTY, "a", "A", "a")
    monkeypatch.setattr("tokolib.catalog.categories.LARGEST_TREE", 0)
    with pytest.raises(errors.InvalidCategory, match="full"):
        checked_category(EMPTY, "a", "A", None)


# The option matrix

VALUES = st.lists(st.text(min_size=1, max_size=6).filter(str.strip), min_size=1, max_size=4, unique=True)


@given(st.dictionaries(st.text("abc", min_size=1, max_size=2), VALUES, max_size=3))
def test_no_two_variants_share_a_sku(options):
    """However alike the values are, each combination gets a SKU of its own, by key."""
    made = variants("KAOS", options)

    assert len({key(variant.sku) for variant in made}) == len(made)
    assert len({tuple(variant.options.items()) for variant in made}) == len(made)


def test_a_matrix_reads_well():
    """Codes are the values' letters and digits, numbered where they would be the same, or as given."""
    made = variants("kaos", {"Warna": ["Merah", "merah!", "Hitam"], "Ukuran": ["L", "XL"]}, codes={"Hitam": "BLK"})

    assert [variant.sku for variant in made] == [
        "kaos-MERAH-L", "kaos-MERAH-XL", "kaos-MERAH2-L", "kaos-MERAH2-XL", "kaos-BLK-L", "kaos-BLK-XL",
    ]  # fmt: skip
    assert variants("x", {"A": ["!", "?"]})[1].sku == "x-X2"


def test_a_matrix_has_bounds():
    """No values, a value twice, too many combinations, a SKU too long: refused before any is made."""
    for options in ({"A": []}, {"A": ["x", "x"]}, {"A": list(map(str, range(30))), "B": list(map(str, range(30)))}):
        with pytest.raises(errors.InvalidOptions):
            variants("X", options)
    with pytest.raises(errors.InvalidSku):
        variants("X" * 64, {"A": ["x"]})


# Drafts


def test_a_mapping_becomes_a_draft():
    """What a JSON body says, in the same words."""
    data = {
        "name": "Kaos",
        "variants": [{"sku": "K-M", "options": {"Ukuran": "M"}, "attributes": {"lebar": 50}, "weight": 200}],
        "options": {"Ukuran": ["M"]},
        "categories": ["kopi"],
        "components": [{"sku": "A", "quantity": "0.5"}],
        "purchase_limit": 3,
    }

    draft = draft_from(data)

    assert draft.variants == (VariantDraft("K-M", {"Ukuran": "M"}, {"lebar": 50}, weight=200),)
    assert draft.components == (ComponentDraft("A", "0.5"),)
    assert draft.options == {"Ukuran": ("M",)}


def test_a_mapping_tells_all_its_faults():
    """Unknown, missing and wrong fields, each with its path."""
    data = {"variants": [{"skuu": "A"}, 5], "colour": "red", "tags": "x", "options": {"U": "M"}, "attributes": [1],
            "unit": 5, "purchase_limit": True, "categories": [1]}  # fmt: skip

    with pytest.raises(InvalidInput) as caught:
        draft_from(data)

    assert {(fault.path, fault.code.partition(".")[2]) for fault in caught.value.faults} == {
        ("colour", "unknown_field"), ("name", "required"), ("variants[0].skuu", "unknown_field"),
        ("variants[0].sku", "required"), ("variants[1]", "wrong_type"), ("tags", "wrong_type"),
        ("options.U", "wrong_type"), ("attributes", "wrong_type"), ("unit", "wrong_type"),
        ("purchase_limit", "wrong_type"), ("categories[0]", "wrong_type"),
    }  # fmt: skip


def test_a_lone_text_is_one_entry():
    """`categories="kopi"` means kopi, not k, o, p, i."""
    draft = ProductDraft("Kopi", "KOPI", categories="kopi", tags="sale", components={"A": 2})

    assert (draft.categories, draft.tags, draft.variants) == (("kopi",), ("sale",), (VariantDraft("KOPI"),))
    assert ProductDraft("Kopi", VariantDraft("K")).variants == (VariantDraft("K"),)
    assert draft.components == (ComponentDraft("A", 2),)


# Validation


def test_a_full_draft_becomes_a_product_and_back():
    """draft_of() gives a draft of which the same product is made, as values and as text."""
    draft = ProductDraft(
        " Kaos Batik ",
        [
            VariantDraft("KB-M", {"Ukuran": "M"}, {"lebar": 50}, "6291041500213", "200 g", "30 x 20 x 2 cm", "v1"),
            VariantDraft("KB-L", {"Ukuran": "L"}, {"lebar": "54"}),
        ],
        external_id="EXT-1",
        type="kaos",
        description="Baris satu\r\nbaris dua",
        unit="lusin",
        categories=["kopi", "kopi"],
        tags=["Sale", "SALE", "Baru"],
        attributes={"bahan": "katun", "rilis": date(2026, 1, 31)},
        status="draft",
        published_from="2026-01-31",
        published_until=datetime(2026, 3, 1, tzinfo=UTC),
        purchase_limit="5",
    )

    product = validate(draft, known(type=SHIRT))

    assert product.name == "Kaos Batik"
    assert product.tags == ("sale", "baru")
    assert product.description == "Baris satu\nbaris dua"
    assert product.published_from == datetime(2026, 1, 30, 17, 0, tzinfo=UTC)  # midnight in Jakarta
    assert product.variants[0].weight_grams == 200
    assert [option.values for option in product.options] == [("M", "L")]
    assert product.variant("kb-l") is product.variants[1]
    assert product.variants[1].label == "L"
    again = known(type=SHIRT, existing=product)
    assert product == validate(draft_of(product, {}), again) == validate(texts(draft_of(product, {})), again)


def test_a_product_tells_all_its_faults():
    """Every field's fault comes at once, each with its path."""
    draft = ProductDraft(
        "",
        [VariantDraft("A|B", {"X": "1"}, {"q": 1}, "123", "heavy", "big"),
         VariantDraft("a", {"X": "2"}), VariantDraft("A")],
        type="none",
        description="a\x00b",
        unit="?",
        tax_class="Very High",
        categories=["teh"],
        tags=["a|b"],
        attributes={"w": 1},
        options={"X": ["1"]},
        status="gone",
        published_from="soon",
        published_until="2026-01-01T00:00:00",
        purchase_limit="-1",
    )  # fmt: skip

    found = faults(draft)

    assert found == {
        "name": "catalog.required", "type": "catalog.unknown_type", "description": "catalog.unprintable",
        "unit": "catalog.invalid_measure", "tax_class": "catalog.invalid_code",
        "categories[0]": "catalog.unknown_category", "tags": "catalog.reserved",
        "attributes.w": "catalog.unknown_attribute", "status": "catalog.unknown_status",
        "published_from": "catalog.invalid_instant", "published_until": "kernel.naive_datetime",
        "purchase_limit": "kernel.invalid_quantity",
        "variants[0].sku": "catalog.invalid_sku", "variants[0].attributes.q": "catalog.unknown_attribute",
        "variants[0].gtin": "catalog.invalid_gtin", "variants[0].weight": "catalog.invalid_measure",
        "variants[0].dimensions": "catalog.invalid_measure", "variants[1].options.X": "catalog.unknown_option",
        "variants[2].options.X": "catalog.required", "variants[2].sku": "catalog.duplicate",
    }  # fmt: skip


def test_required_and_misplaced_attributes_are_faults():
    """A required one is missing; one of the variants stands at the product, and the other way round."""
    draft = ProductDraft(
        "Kaos", [VariantDraft("K", attributes={"bahan": "katun"})], type="kaos", attributes={"lebar": 5}
    )

    assert faults(draft, type=SHIRT) == {
        "attributes.lebar": "catalog.misplaced_attribute",
        "attributes.bahan": "catalog.required",
        "variants[0].attributes.bahan": "catalog.misplaced_attribute",
        "variants[0].attributes.lebar": "catalog.required",
    }
    wrong = ProductDraft("K", [VariantDraft("K", attributes={"lebar": ""})], type="kaos", attributes={"bahan": "wol"})
    assert faults(wrong, type=SHIRT)["attributes.bahan"] == "catalog.invalid_attribute"


def test_counts_have_limits():
    """Too many variants, tags or characters are faults, not work."""
    many = ProductDraft("n" * 400, [VariantDraft(f"S{n}") for n in range(600)], tags=[f"t{n}" for n in range(101)])

    assert faults(many) == {
        "name": "catalog.too_long", "tags": "catalog.too_many", "variants": "catalog.too_many"
    }  # fmt: skip
    assert faults(ProductDraft("x", ())) == {"variants": "catalog.required"}
    assert faults(ProductDraft(5, "A"))["name"] == "catalog.wrong_type"  # type: ignore[arg-type]


def test_variants_differ():
    """Without options there is one variant; SKUs, GTINs and outside ids are distinct."""
    two = [
        VariantDraft("A", gtin="96385074", external_id="1"),
        VariantDraft("B", gtin="0000096385074", external_id="1"),
    ]

    assert faults(ProductDraft("x", two)) == {
        "variants[1].options": "catalog.duplicate", "variants[1].gtin": "catalog.duplicate",
        "variants[1].external_id": "catalog.duplicate",
    }  # fmt: skip
    stray = ProductDraft("x", [VariantDraft("A", {"X": "1"})], options={"Y": ["1"]})
    assert faults(stray) == {
        "variants[0].options.Y": "catalog.required", "variants[0].options.X": "catalog.unknown_option"
    }  # fmt: skip


def test_a_period_has_a_length():
    """It ends after it begins."""
    draft = ProductDraft("x", "A", published_from="2026-02-01", published_until="2026-01-01")

    assert faults(draft) == {"published_until": "catalog.empty_period"}


@pytest.mark.parametrize(
    "moment",
    ["0001-01-01", "0001-01-01T00:00:00+07:00", "9999-12-31T23:00:00-07:00", date(1, 1, 1),
     datetime.min.replace(tzinfo=timezone(timedelta(hours=7)))],
)  # fmt: skip
def test_a_moment_lies_in_the_years_that_can_be_counted(moment):
    """Jakarta's first day of year 1 begins before it in UTC."""
    draft = ProductDraft("x", "A", published_from=moment, published_until=moment)

    assert faults(draft) == dict.fromkeys(("published_from", "published_until"), "catalog.invalid_instant")


def test_a_number_of_thousands_of_digits_is_a_fault():
    """Python makes no text of it, so the fault says that it is huge."""
    huge = 10**5000
    draft = ProductDraft("x", VariantDraft("A", weight=huge), purchase_limit=huge, attributes={"x": huge})

    assert faults(draft) == {
        "attributes.x": "catalog.unknown_attribute", "variants[0].weight": "catalog.invalid_measure",
        "purchase_limit": "kernel.not_exact",
    }  # fmt: skip
    for kind in K:
        with pytest.raises(errors.InvalidAttribute, match="'huge'"):
            attribute_value(AttributeDef("x", kind), huge)


def test_a_bundle_is_made_of_what_exists():
    """Quantities are in the component's own unit; a bundle counts whole units and takes no bundle, nor itself."""
    good = validate(ProductDraft("Paket", "P", components={"KOPI-250": 2, "gula": "0.5"}), known())
    assert [(each.sku, each.quantity) for each in good.components] == [("kopi-250", 2), ("gula", 500)]
    assert good.is_bundle

    bad = ProductDraft(
        "Paket",
        [VariantDraft("P", {"X": "1"}), VariantDraft("Q", {"X": "2"})],
        unit="kg",
        components=[ComponentDraft("p"), ComponentDraft("PAKET-1"), ComponentDraft("teh"),
                    ComponentDraft("gula", "0.0001"),
                    ComponentDraft("kopi-250"), ComponentDraft("KOPI-250")],
    )  # fmt: skip
    assert faults(bad) == {
        "components": "catalog.bundle_variants", "unit": "catalog.bundle_unit",
        "components[0].sku": "catalog.bundle_of_bundles", "components[1].sku": "catalog.bundle_of_bundles",
        "components[2].sku": "catalog.unknown_sku", "components[3].quantity": "kernel.invalid_quantity",
        "components[5].sku": "catalog.duplicate",
    }  # fmt: skip


# Words


def test_every_way_out_is_said():
    """Errors that a person can do something about say what."""
    for error in (
        errors.InvalidMeasure("unit", "x", "y"), errors.SkuTaken("A", "p"), errors.NotSimple("A", "p", 2),
        errors.UnknownSku(("A",)),
        errors.NotForSale(("A",), ("draft",)), errors.UnknownCategory("a"), errors.UnitFixed("p", "kg", "pcs", "moved"),
    ):  # fmt: skip
        assert error.hint


@pytest.mark.parametrize(
    ("error", "words"),
    [(errors.InvalidCategory("A b", "why"), "category 'A b': why"),
     (errors.InvalidAttribute("a", "x", "is none"), "'x' is none"),
     (errors.InvalidOptions("K", "why"), "variants of 'K': why"), (errors.UnknownCategory("teh"), "no category 'teh'"),
     (errors.CategoryCycle("a", "b"), "can't stand below 'b'"), (errors.InvalidGtin("1", "short"), "GTIN '1': short"),
     (errors.IllegalProductTransition("p", "draft", "catalog.x", ("catalog.put",), "so"), "possible now: catalog.put"),
     (errors.InvalidSku("A", "bad"), "SKU 'A': bad"),
     (errors.InvalidType("t", (Fault("code", "c", "m"),)), "product type 't': m @ code"),
     (errors.ImportRefused((errors.RowFault(1, "x", "c", "m"),)), "line 1, x: m")],
)  # fmt: skip
def test_errors_are_sentences(error, words):
    """Each names the thing and the reason."""
    assert words in str(error)


def test_reasons_have_words_in_both_languages():
    """Every reason for which something isn't sold is said in Indonesian and in English."""
    assert WORDING["id"].keys() == WORDING["en"].keys()
    assert {f"catalog.{why}" for why in ("draft", "archived", "not_yet", "no_longer")} <= WORDING["id"].keys()


@pytest.mark.parametrize(
    ("field", "given"), [("variants", None), ("variants", 5), ("tags", 5), ("categories", None), ("components", 5)]
)
def test_a_draft_of_something_else_than_lists(field, given):
    """A form's body may hold anything; the field is named, as at the door."""
    with pytest.raises(InvalidInput, match=f"must be a list @ {field}"):
        ProductDraft(**({"name": "Kaos", "variants": "K"} | {field: given}))


@pytest.mark.parametrize(
    ("base", "options", "codes", "path"),
    [
        (None, {"U": ["S"]}, None, "base"),
        ("K", None, None, "options"),
        ("K", {5: ["S"]}, None, "options"),
        ("K", {"U": "SML"}, None, r"options\[U\]"),
        ("K", {"U": [1]}, None, r"options\[U\]\[0\]"),
        ("K", {"U": ["S"]}, {"S": 5}, r"codes\[S\]"),
    ],
)
def test_a_matrix_of_something_else_than_text(base, options, codes, path):
    """One text in the place of a list would be an option for each letter."""
    with pytest.raises(InvalidInput, match=f"@ {path}$"):
        variants(base, options, codes=codes)


def test_a_type_has_a_name_that_can_be_printed_and_so_many_attributes():
    """A thousand attributes on every product are a mistake, told once."""
    definitions = [AttributeDef(f"a{n}") for n in range(201)]

    with pytest.raises(errors.InvalidType) as caught:
        checked_type("kaos", "Ka\x1bos", definitions)

    assert [("name", "catalog.unprintable"), ("attributes", "catalog.too_many")] == [
        (fault.path, fault.code) for fault in caught.value.faults
    ]
    assert 200 == len(checked_type("kaos", "Kaos", definitions[:200]))


def test_an_option_without_values_is_told_as_that():
    """Not by its variants, as a value that is none of nothing."""
    draft = ProductDraft("Kaos", [VariantDraft("K", {"U": "L"})], options={"U": []})

    assert {"options.U": "catalog.required"} == faults(draft)
