"""The catalogue's door: what is stored, what is refused, and what stays the same."""

import threading
from datetime import UTC, datetime
from decimal import localcontext

import pytest

from tokolib.catalog.attributes import AttributeDef, AttributeKind
from tokolib.catalog.drafts import ProductDraft, VariantDraft
from tokolib.catalog.errors import (
    CategoryCycle,
    ComponentInUse,
    IllegalProductTransition,
    InvalidProduct,
    NotForSale,
    NotSimple,
    SkuTaken,
    UnitFixed,
    UnknownSku,
)
from tokolib.catalog.events import ProductPublished
from tokolib.catalog.lifecycle import PRODUCT
from tokolib.catalog.model import ProductStatus
from tokolib.catalog.ports import always_moved
from tokolib.catalog.steps import Change, _move, offer, sellables
from tokolib.kernel.errors import NotFound, VersionMismatch
from tokolib.kernel.storage_errors import AlreadyExists


def shirt(*sizes, **more):
    return ProductDraft("Kaos", [VariantDraft(f"KAOS-{size}", {"Ukuran": size}) for size in sizes], **more)


def test_put_makes_a_product_that_is_for_sale_at_once(door):
    """One line, one product, one SKU, found by any spelling."""
    product = door.put("KOPI-250", "Kopi Gayo 250 g", weight="300 g")

    assert product.version == 1
    assert product.status is ProductStatus.ACTIVE
    assert product == door.get("kopi-250") == door.product(product.id)
    sellable = door.sellables(["Kopi-250"])["kopi-250"]
    assert (sellable.sku, sellable.weight_grams, sellable.name) == ("KOPI-250", 300, "Kopi Gayo 250 g")
    assert sellable.consumption(3) == {"kopi-250": 3}


def test_the_same_twice_is_the_same(door):
    """put() again, in another spelling, records nothing; what isn't given stays."""
    first = door.put("KOPI-250", "Kopi", weight="300 g", tags=["x"])

    assert first == door.put("kopi-250", "Kopi", weight=300) == door.put("KOPI-250", "Kopi")
    assert len(door.history(first.id)) == 1
    changed = door.put("KOPI-250", "Kopi Gayo")
    assert (changed.version, changed.tags, changed.variants[0].weight_grams) == (2, ("x",), 300)
    assert changed == door.replayed("products", first.id)


def test_put_takes_everything_about_one_variant(door):
    """Type, attributes of product and variant, categories, unit, limit, and another system's id."""
    door.put_category("kopi", "Kopi")
    door.put_type("biji", AttributeDef("asal"), AttributeDef("sangrai", AttributeKind.INTEGER, per_variant=True))
    product = door.put(
        "BIJI", "Biji kopi", unit="kg", categories=["kopi"], type="biji", attributes={"asal": "Gayo", "sangrai": 3},
        purchase_limit="2.5", external_id="E1", gtin="96385074", dimensions="1 x 1 x 1 cm", tax_class="exempt",
        description="Enak",
    )  # fmt: skip

    assert product.attributes == (("asal", "Gayo"),)
    assert product.variants[0].attributes == (("sangrai", 3),)
    assert product.purchase_limit == 2500
    assert product == door.put("biji", "Biji kopi", external_id="E1")
    assert door.put("BIJI", "Biji kopi", type="").attributes == ()
    with pytest.raises(InvalidProduct, match="no attribute 'warna'"):
        door.put("BIJI", "Biji kopi", attributes={"warna": "x"})


def test_put_refuses_to_flatten_a_product_with_variants(door):
    """A SKU that is one of several is stated with the whole product."""
    product = door.put_product(shirt("M", "L"))

    with pytest.raises(NotSimple, match="one of 2 variants") as caught:
        door.put("KAOS-M", "Kaos M")
    assert caught.value.product_id == product.id
    assert "put_product" in caught.value.hint


def test_a_product_that_is_not_simple_says_why(door):
    """One variant may have options too, and another system's id may name a product with another SKU."""
    door.put_product(shirt("M"))
    door.put("KOPI", "Kopi", external_id="E1")

    with pytest.raises(NotSimple, match="which has Ukuran to choose"):
        door.put("KAOS-M", "Kaos M")
    with pytest.raises(NotSimple, match="which has that external id, has another SKU than 'TEH'"):
        door.put("TEH", "Teh", external_id="E1")


def test_a_refused_product_leaves_nothing(door):
    """Faults come together, and nothing is stored."""
    with pytest.raises(InvalidProduct) as caught:
        door.put("KOPI", "", weight="heavy")

    assert [fault.path for fault in caught.value.faults] == ["name", "variants[0].weight"]
    with pytest.raises(UnknownSku, match="KOPI"):
        door.get("KOPI")


def test_a_sku_belongs_to_one_product(door):
    """Another product can't take it, in any spelling; once given up, it can."""
    shirts = door.put_product(shirt("M", "L", external_id="A"))

    with pytest.raises(SkuTaken) as caught:
        door.put_product(ProductDraft("Lain", [VariantDraft("kaos-l")], external_id="B"))
    assert (caught.value.sku, caught.value.product_id) == ("kaos-l", shirts.id)
    assert "without case" in caught.value.hint

    door.put_product(shirt("M", external_id="A"))
    other = door.put_product(ProductDraft("Lain", [VariantDraft("kaos-l")], external_id="B"))
    assert door.get("KAOS-L") == other
    assert door.replayed("skus", "sku:kaos-l").product_id == other.id
    assert door.replayed("skus", "sku:kaos-l").version == 3


def test_a_product_is_found_by_id_by_external_id_and_by_sku(door):
    """In that order; a SKU's product without an external id takes the one that comes."""
    first = door.put("A", "Satu")
    named = door.put_product(ProductDraft("Satu", "A", external_id="E"))
    renamed = door.put_product(ProductDraft("Satu", "B", external_id="E"))
    moved = door.put_product(ProductDraft("Satu", "C"), id=first.id, expected=3)

    assert first.id == named.id == renamed.id == moved.id
    assert moved.external_id == "E"
    assert moved.keys == ("c",)
    with pytest.raises(UnknownSku):
        door.get("A")
    with pytest.raises(VersionMismatch):
        door.put_product(ProductDraft("Satu", "D"), id=first.id, expected=1)
    with pytest.raises(VersionMismatch):
        door.put_product(ProductDraft("Baru", "NEW", external_id="X"), expected=1)
    with pytest.raises(NotFound):
        door.put_product(ProductDraft("Satu", "D"), id="prd_none")


def test_many_products_in_one_unit(door):
    """put_products() stores the good ones and tells about the others, later ones seeing earlier ones."""
    outcomes = door.put_products([
        ProductDraft("Kopi", "A"),
        ProductDraft("", "B"),
        ProductDraft("Paket", "P", components={"A": 2}),
        ProductDraft("Kopi", "A"),
    ])  # fmt: skip

    assert [each.change for each in outcomes] == [Change.CREATED, Change.REFUSED, Change.CREATED, Change.UNCHANGED]
    assert isinstance(outcomes[1].error, InvalidProduct)
    assert door.sellables(["P"])["p"].consumption(3) == {"a": 6}


def test_publication_goes_by_dates_and_status(door):
    """A product is for sale from an instant, until an instant, and not as a draft nor archived."""
    product = door.put_product(ProductDraft("Kopi", "K", status="draft"))
    assert barred(door) == "draft"

    door.publish(product, since="2026-02-01", until="2026-02-02")
    assert barred(door) == "not_yet"
    door.later(days=1)
    assert door.sellables(["K"])
    door.later(days=1)
    assert barred(door) == "no_longer"

    published = door.publish(product.id)
    assert door.sellables(["K"])
    assert published == door.publish(published)
    archived = door.archive(product, expected=published.version)
    assert archived == door.archive(product)
    assert barred(door) == "archived"
    assert archived == door.replayed("products", product.id)
    with pytest.raises(VersionMismatch):
        door.archive(product, expected=1)
    with pytest.raises(InvalidProduct, match="no time zone"):
        door.publish(product, since=datetime(2026, 1, 1))  # noqa: DTZ001
    with pytest.raises(InvalidProduct):
        door.publish(product, until="nanti")
    with pytest.raises(InvalidProduct, match="not after"):
        door.publish(product, since="2026-02-02", until="2026-02-01")
    with pytest.raises(NotFound):
        door.archive("prd_none")


def barred(door):
    with pytest.raises(NotForSale) as caught:
        door.sellables(["K"])
    assert "publish" in caught.value.hint
    assert caught.value.reasons[0].replace("_", " ") in str(caught.value)
    return caught.value.reasons[0]


def test_a_draft_may_change_the_status(door):
    """Active and archived by put_product(); never back to a draft."""
    first = door.put_product(ProductDraft("Kopi", "K", status="archived"))
    second = door.put_product(ProductDraft("Kopi Gayo", "K", status="active"))
    third = door.put_product(ProductDraft("Kopi Gayo", "K", status="archived"))

    assert [each.status.value for each in (first, second, third)] == ["archived", "active", "archived"]
    assert door.put("K", "Kopi Gayo").status is ProductStatus.ARCHIVED
    assert third == door.replayed("products", first.id)
    with pytest.raises(InvalidProduct, match="can't become draft"):
        door.put_product(ProductDraft("Kopi Gayo", "K", status="draft"))


def test_a_status_without_a_way_is_refused(door, monkeypatch):
    """Should the table lose a way, the step says so instead of failing somewhere."""
    product = door.put("K", "Kopi")
    monkeypatch.setitem(PRODUCT.edges, ProductStatus.ACTIVE, {})

    with pytest.raises(IllegalProductTransition):
        _move(None, product, ProductPublished(product.id, None, None))


def test_sellables_name_all_that_cannot_be_sold(door):
    """Unknown ones first, all of them; with problems they are left out, and offer() tells."""
    door.put("A", "Satu")
    door.put_product(ProductDraft("Dua", "B", status="draft"))

    with pytest.raises(UnknownSku) as caught:
        door.sellables(["X", "a", "Y", "B"])
    assert caught.value.skus == ("X", "Y")
    assert "put" in caught.value.hint
    assert list(door.read(lambda unit: sellables(unit, ["X", "a", "B"], problems=True))) == ["a"]
    found = door.read(lambda unit: offer(unit, ["X", "a", "B"]))
    assert (found.unknown, found.not_for_sale) == (("X",), (("B", "draft"),))


def test_sellables_take_three_reads(door, monkeypatch):
    """Owners, products, the category tree: however many SKUs are asked for."""
    door.put_category("minuman", "Minuman")
    door.put_category("kopi", "Kopi", parent="minuman")
    for number in range(20):
        door.put(f"K{number}", "Kopi", categories=["kopi"])
    reads = []
    unit = door.work.storage.begin("default", read_only=True)
    unit.rollback()
    unit_class = type(unit)
    for name in ("get", "get_many", "find"):
        method = getattr(unit_class, name)
        monkeypatch.setattr(unit_class, name, lambda *a, _m=method, _n=name, **k: (reads.append(_n), _m(*a, **k))[1])

    found = door.sellables([f"K{number}" for number in range(20)])

    assert found["k3"].categories == ("kopi", "minuman")
    assert reads == ["get_many", "get_many", "get"]


def test_a_sellable_of_a_variant_says_which(door):
    """The name carries the options."""
    door.put_product(shirt("M", "L"))

    assert door.sellables(["kaos-l"])["kaos-l"].name == "Kaos, L"


def test_bundles_protect_their_components(door):
    """A component can't go, become a bundle, or change its unit; when the bundle lets go, it can."""
    door.put("KOPI", "Kopi")
    door.put("GULA", "Gula", unit="kg")
    bundle = door.put("PAKET", "Paket", components={"KOPI": 2, "GULA": "0.5"})
    assert bundle.version == door.put("PAKET", "Paket").version == 1
    assert door.sellables(["PAKET"])["paket"].consumption(2) == {"kopi": 4, "gula": 1000}

    gula = door.get("GULA")
    with pytest.raises(ComponentInUse, match="removed"):
        door.put_product(ProductDraft("Gula", "GULA-2", unit="kg"), id=gula.id)
    with pytest.raises(ComponentInUse, match="a bundle itself"):
        door.put("KOPI", "Kopi", components={"GULA": 1})
    with pytest.raises(UnitFixed, match="bundle"):
        door.put("GULA", "Gula", unit="pcs")
    with pytest.raises(InvalidProduct, match="made of bundles"):
        door.put("PAKET-2", "Paket", components={"PAKET": 1})

    door.put("PAKET", "Paket", components={"KOPI": 2})
    assert door.put("GULA", "Gula", unit="pcs").unit.code == "pcs"
    assert door.replayed("skus", "sku:gula").used_in == ()


def test_a_unit_is_fixed_once_stock_has_moved(door):
    """The inventory tells; without anyone to ask, it is fixed."""
    door.put("GULA", "Gula", unit="kg")
    door.moved_keys.add("gula")

    with pytest.raises(UnitFixed, match="stock has moved") as caught:
        door.put("GULA", "Gula", unit="pcs")
    assert caught.value.unit == "kg"
    assert door.put("GULA", "Gula pasir", unit="kg").name == "Gula pasir"
    door.moved_keys.clear()
    assert door.put("GULA", "Gula pasir", unit="pcs:1").unit.code == "pcs"
    assert door.read(lambda unit: always_moved(unit, ["gula"]))


def test_types_and_categories_are_put_and_found(door):
    """Twice the same records nothing; what isn't there is an error."""
    first = door.put_type("kaos", AttributeDef("bahan"), name="Kaos")
    assert first == door.put_type("kaos", AttributeDef("bahan"), name="Kaos") == door.product_type("kaos")
    assert door.put_type("kaos", name="Kaos").version == 2
    assert door.replayed("product_types", "type:kaos") == door.product_type("kaos")
    with pytest.raises(NotFound):
        door.product_type("topi")

    door.put_category("a", "A")
    door.put_category("b", "B", parent="a")
    door.put_category("b", "B", parent="a")
    with pytest.raises(CategoryCycle):
        door.put_category("a", "A", parent="b")
    assert door.put_category("a", "Alpha").name == "Alpha"
    tree = door.categories()
    assert (tree.version, tree.ancestors("b")) == (3, ("a",))
    assert tree == door.replayed("categories", tree.id)


def test_pages_are_in_the_order_of_skus(door):
    """All, or those of one status; at most as many as the shop's limit."""
    for sku in ("C", "a", "B"):
        door.put(sku, sku)
    door.archive(door.get("B").id)

    first = door.page(limit=2)
    assert [each.name for each in (*first.items, *door.page(after=first.after).items)] == ["a", "B", "C"]
    assert [each.name for each in door.page(status=ProductStatus.ARCHIVED).items] == ["B"]
    door.limit(page=1)
    assert len(door.page().items) == 1


def test_two_who_take_one_sku_at_once_are_told_apart(door, monkeypatch):
    """A unit that lost the race for a new SKU decides again, and sees to whom it belongs now."""
    tried = []
    write = type(door.work).write

    async def racing(work, permission, step):
        tried.append(permission)
        if len(tried) == 1:
            raise AlreadyExists("skus", "sku:k", "id")
        return await write(work, permission, step)

    monkeypatch.setattr(type(door.work), "write", racing)

    assert door.put("K", "Kopi").keys == ("k",)
    assert len(tried) == 2


def test_many_threads_put_the_same_sku_once(new_door):
    """Ten at once make one product."""
    door = new_door()
    found = []
    threads = [threading.Thread(target=lambda: found.append(door.put("K", "Kopi").id)) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 10
    assert len(set(found)) == 1


def test_a_date_is_kept_in_utc(door):
    """published_from takes a date, an aware datetime, or text."""
    product = door.put_product(ProductDraft("K", "K", published_from=datetime(2026, 1, 1, 7, tzinfo=UTC)))

    assert product.published_from == datetime(2026, 1, 1, 7, tzinfo=UTC)


def test_the_hosts_decimal_context_changes_no_quantity(door):
    """`put` writes a product back as a draft first; five digits must not make 1234.5675 kg of it 1234.6."""
    with localcontext(prec=5):
        door.put("TEPUNG", "Tepung", unit="kg:0.00125", purchase_limit="98765.43125")
        door.put("PAKET", "Paket", components={"TEPUNG": "1234.5675"})
        flour, bundle = door.put("TEPUNG", "Tepung terigu"), door.put("PAKET", "Paket hemat")

    assert 79_012_345 == flour.purchase_limit
    assert 987_654 == bundle.components[0].quantity
