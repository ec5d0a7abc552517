"""Chapter 2: one CSV becomes a catalogue with prices and stock; and what a broken row is told."""

import csv
from collections.abc import Mapping, Sequence
from typing import Final

from tokolib.catalog import AttributeDef, AttributeKind, ImportReport, Sellable
from tokolib.catalog.sku import key
from tokolib.cli.demo.stage import Scene, bundled
from tokolib.kernel import Money, parse_amount, parse_quantity
from tokolib.kernel.money import IDR

OURS: Final = ("price", "stock")
"""Columns of the file that the catalogue leaves to prices and stock."""

SHELF: Final = ("KOPI-GAYO-250", "BTK-PARANG-SOG-XL", "BERAS-PANDAN", "KAIN-TROSO-RAN", "BALON-UDARA", "HMP-LEBARAN")
"""What is shown of it all."""

Row = Mapping[str, str]


def import_catalogue(scene: Scene) -> None:
    """A dry run, the import, and the same import again; then prices and opening stock from the same file."""
    tell = scene.tell
    tell.chapter(2, "import.title")
    _prepare(scene)
    text = bundled("catalogue.csv")
    runs = [
        (tell.text("import.dry"), scene.shop.catalog.import_csv(text, also=OURS, dry_run=True)),
        (tell.text("import.real"), scene.shop.catalog.import_csv(text, also=OURS)),
        (tell.text("import.again"), scene.shop.catalog.import_csv(text, also=OURS)),
    ]
    columns = ("col.run", "col.rows>", "col.created>", "col.changed>", "col.unchanged>", "col.refused>")
    tell.say("import.story", rows=runs[0][1].rows)
    tell.table("import.runs", columns, [(name, *_counts(report)) for name, report in runs])
    _broken_rows(scene)
    _price_and_stock(scene, list(csv.DictReader(text.splitlines())))


def _counts(report: ImportReport) -> tuple[int, int, int, int, int]:
    return report.rows, report.created, report.changed, report.unchanged, report.refused


def _prepare(scene: Scene) -> None:
    """Categories and product types come first, so that a misspelt one in the file is a fault."""
    catalog = scene.shop.catalog
    for row in csv.DictReader(bundled("categories.csv").splitlines()):
        catalog.put_category(row["code"], row["name"], parent=row["parent"] or None)
    catalog.put_type("kopi", AttributeDef("asal", label="Asal", required=True))
    fabrics = AttributeDef("bahan", AttributeKind.CHOICE, required=True, allowed=("katun", "viskosa", "sutra"))
    catalog.put_type("batik", fabrics)


def _broken_rows(scene: Scene) -> None:
    tell = scene.tell
    report = scene.shop.catalog.import_csv(bundled("broken.csv"), also=OURS, dry_run=True)
    tell.say("import.broken_story", refused=report.refused, created=report.created)
    rows = [(fault.line, fault.column, fault.value, tell.text(fault.code)) for fault in report.faults]
    tell.table("import.broken", ("col.line>", "col.column", "col.found", "col.told"), rows)


def _price_and_stock(scene: Scene, rows: Sequence[Row]) -> None:
    tell, shop = scene.tell, scene.shop
    prices: dict[str, Money] = {row["sku"]: parse_amount(row["price"], IDR, "id") for row in rows}
    changed = shop.prices.put_many(prices)
    sold = shop.catalog.sellables(row["sku"] for row in rows)
    stocked = [row for row in rows if row["stock"]]
    with tell.progress("import.receiving", len(stocked)) as bar:
        for row in stocked:
            unit = sold[key(row["sku"])].unit
            shop.stock.receive(row["sku"], parse_quantity(row["stock"], unit, "id"), key=f"opening-{row['sku']}")
            bar.step()
    tell.say("import.done", prices=changed, stocked=len(stocked))
    _shelf(scene, sold)


def _shelf(scene: Scene, sold: Mapping[str, Sellable]) -> None:
    tell, shop = scene.tell, scene.shop
    rows = []
    for sku in SHELF:
        one = sold[key(sku)]
        price = shop.prices.get(sku).price
        tax = tell.text(f"tax.{one.tax_class}")
        rows.append((sku, one.name, price, one.unit.code, tax, shop.stock.available(sku)))
    columns = ("col.sku", "col.name", "col.price>", "col.unit", "col.tax", "col.available>")
    tell.table("import.shelf", columns, rows)
