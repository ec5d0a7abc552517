"""Chapters 1 and 3: the shop opens, and says how goods travel and what it gives away."""

from datetime import date

from tokolib.catalog import Dimensions
from tokolib.cli.demo.stage import PKP_SINCE, SITI, YAKOBA, Scene, bundled
from tokolib.conditions import overlaps
from tokolib.kernel import Address
from tokolib.kernel.money import IDR
from tokolib.shipping import Area, Rate
from tokolib.shipping.weight import Parcel


def open_the_shop(scene: Scene) -> None:
    """Chapter 1: a file, a country, and the tax that follows from it."""
    tell, settings = scene.tell, scene.shop.settings.get()
    tell.panel(tell.text("title"), tell.text("welcome"), style="cyan")
    tell.chapter(1, "open.title")
    tell.say("open.story", now=scene.now())
    rows = [
        (tell.text("open.country"), settings.country),
        (tell.text("open.currency"), settings.currency),
        (tell.text("open.zone"), settings.zone),
        (tell.text("open.pkp"), tell.show(PKP_SINCE)),
        (tell.text("open.prices"), tell.text("open.prices_include")),
    ]
    tell.table("open.settings", ("col.setting", "col.value"), rows)


def offer_delivery_and_promotions(scene: Scene) -> None:
    """Chapter 3: a table of rates, a flat price, and three promotions."""
    scene.tell.chapter(3, "offer.title")
    _methods(scene)
    _promotions(scene)


def _methods(scene: Scene) -> None:
    tell, delivery = scene.tell, scene.shop.delivery
    loaded = delivery.table("jne:reg", bundled("rates.csv"), name="JNE Reguler")
    delivery.flat("becak", IDR(12_000), name="Becak Pak Tarno", areas=[Area("ID", "DI Yogyakarta", "Kota Yogyakarta")])
    tell.say("offer.delivery", rows=loaded.rows)
    shelf = Parcel.of(4_000, Dimensions(600, 300, 200))
    asked: list[tuple[Address, Parcel, str]] = [
        (SITI, Parcel(1_300), "parcel.coffee"),
        (SITI, Parcel(1_310), "parcel.coffee"),
        (SITI, shelf, "parcel.shelf"),
        (YAKOBA, Parcel(1_300), "parcel.coffee"),
    ]
    rows = []
    for address, parcel, what in asked:
        rate = delivery.rates(address, parcels=[parcel])[0]
        weighs, counts = (f"{tell.show(grams)} g" for grams in (parcel.grams, rate.chargeable_grams))
        rows.append((tell.text(what), address.city, weighs, counts, rate.amount, _days(scene, rate)))
    columns = ("col.parcel", "col.to", "col.weight>", "col.billed>", "col.price>", "col.etd")
    tell.table("offer.rates", columns, rows)


def _days(scene: Scene, rate: Rate) -> str:
    """How long it takes, in the reader's language where the courier's words can be read."""
    if rate.days is None:
        return rate.etd
    first, last = rate.days
    return scene.tell.text("rate.days", first=first, last=last)


def _promotions(scene: Scene) -> None:
    tell, promotions = scene.tell, scene.shop.promotions
    promotions.percent(
        "gajian",
        20,
        name=tell.text("promo.payday"),
        cap=IDR(30_000),
        target=overlaps("categories", "kopi", "batik"),
    )
    promotions.fixed(
        "sahabat", IDR(25_000), coupon="SAHABAT", name=tell.text("promo.friend"), at_least=IDR(200_000), usage_limit=50
    )
    promotions.free_shipping(
        "ongkir", name=tell.text("promo.shipping"), at_least=IDR(500_000), cap=IDR(40_000), priority=-1
    )
    promotions.fixed("lalu", IDR(50_000), coupon="LEBARAN2025", name=tell.text("promo.past"), until=date(2025, 4, 30))
    rows = [
        (tell.text("promo.payday"), tell.text("promo.payday_is", cap=IDR(30_000)), tell.text("promo.automatic")),
        (tell.text("promo.friend"), tell.text("promo.friend_is", amount=IDR(25_000), least=IDR(200_000)), "SAHABAT"),
        (
            tell.text("promo.shipping"),
            tell.text("promo.shipping_is", least=IDR(500_000), cap=IDR(40_000)),
            tell.text("promo.automatic"),
        ),
        (tell.text("promo.past"), tell.text("promo.past_is", amount=IDR(50_000)), "LEBARAN2025"),
    ]
    tell.table("offer.promotions", ("col.promotion", "col.gives", "col.how"), rows)
