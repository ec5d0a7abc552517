"""The sentences of conditions, in Indonesian and English."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Final

from tokolib.conditions.model import Predicate
from tokolib.conditions.reasons import rule
from tokolib.conditions.week_words import week_sentences
from tokolib.kernel.explain import Reason, sentence
from tokolib.kernel.formats import show
from tokolib.kernel.money import Currency
from tokolib.kernel.notation import notation

_FACTS: Final[Mapping[str, Mapping[str, str]]] = {
    "id": {
        "subtotal": "nilai belanja",
        "subtotal_after_discounts": "nilai belanja setelah diskon",
        "subtotal_with_tax": "nilai belanja termasuk pajak",
        "subtotal_after_discounts_with_tax": "nilai belanja setelah diskon termasuk pajak",
        "unit_price": "harga satuan",
        "quantity": "jumlah barang",
        "lines": "jumlah baris",
        "weight_grams": "berat (gram)",
        "sku": "SKU",
        "skus": "SKU",
        "product": "produk",
        "products": "produk",
        "categories": "kategori",
        "tags": "label",
        "attributes": "atribut",
        "customer": "pelanggan",
        "customer_groups": "grup pelanggan",
        "first_order": "pesanan pertama",
        "order_number": "nomor urut pesanan",
        "channel": "kanal",
        "country": "negara tujuan",
        "province": "provinsi tujuan",
        "city": "kota/kabupaten tujuan",
        "district": "kecamatan tujuan",
        "village": "kelurahan/desa tujuan",
        "postal_code": "kode pos tujuan",
        "region_code": "kode wilayah tujuan",
        "regions": "wilayah tujuan",
        "delivery": "pengiriman",
        "coupon": "kupon",
        "tender": "cara bayar",
        "risk": "risiko",
        "currency": "mata uang",
        "now": "waktu",
    },
    "en": {
        "subtotal": "subtotal",
        "subtotal_after_discounts": "subtotal after discounts",
        "subtotal_with_tax": "subtotal with tax",
        "subtotal_after_discounts_with_tax": "subtotal after discounts with tax",
        "unit_price": "unit price",
        "quantity": "quantity",
        "lines": "number of lines",
        "weight_grams": "weight (grams)",
        "sku": "SKU",
        "skus": "SKUs",
        "product": "product",
        "products": "products",
        "categories": "categories",
        "tags": "tags",
        "attributes": "attributes",
        "customer": "customer",
        "customer_groups": "customer groups",
        "first_order": "first order",
        "order_number": "order number",
        "channel": "channel",
        "country": "destination country",
        "province": "destination province",
        "city": "destination city",
        "district": "destination district",
        "village": "destination village",
        "postal_code": "destination postal code",
        "region_code": "destination region code",
        "regions": "destination regions",
        "delivery": "delivery method",
        "coupon": "coupon",
        "tender": "tender",
        "risk": "risk",
        "currency": "currency",
        "now": "time",
    },
}

_RULES: Final[Mapping[str, Mapping[str, str]]] = {
    "id": {
        "equal": "{fact}: {wanted}",
        "not_equal": "{fact} bukan {wanted}",
        "at_least": "{fact} minimal {wanted}",
        "not_before": "{fact} tidak sebelum {wanted}",
        "more_than": "{fact} lebih dari {wanted}",
        "at_most": "{fact} maksimal {wanted}",
        "less_than": "{fact} kurang dari {wanted}",
        "one_of": "{fact} salah satu dari {wanted}",
        "overlaps": "{fact} memuat salah satu dari {wanted}",
        "between": "{fact} dari {low} sampai di bawah {high}",
    },
    "en": {
        "equal": "{fact}: {wanted}",
        "not_equal": "{fact} other than {wanted}",
        "at_least": "{fact} at least {wanted}",
        "not_before": "{fact} not before {wanted}",
        "more_than": "{fact} more than {wanted}",
        "at_most": "{fact} at most {wanted}",
        "less_than": "{fact} less than {wanted}",
        "one_of": "{fact} one of {wanted}",
        "overlaps": "{fact} with one of {wanted}",
        "between": "{fact} from {low} to below {high}",
    },
}

_WINDOWS: Final[Mapping[str, Mapping[str, str]]] = {
    "id": {
        "window": "berlaku {since} sampai sebelum {until}",
        "window_from": "berlaku mulai {since}",
        "window_until": "berlaku sampai sebelum {until}",
    },
    "en": {
        "window": "valid from {since} until before {until}",
        "window_from": "valid from {since}",
        "window_until": "valid until before {until}",
    },
}

_TAILS: Final[Mapping[str, tuple[str, str, str]]] = {
    # what it is now; what it is now and what is missing; what isn't known
    "id": (", sekarang {actual}", ", sekarang {actual} (kurang {missing})", "{fact} belum diketahui"),
    "en": (", now {actual}", ", now {actual} ({missing} to go)", "{fact} not known yet"),
}

_JOINTS: Final[Mapping[str, Mapping[str, str]]] = {
    "id": {"always": "selalu", "all": " dan ", "any_of": " atau ", "not": "tidak berlaku bila "},
    "en": {"always": "always", "all": " and ", "any_of": " or ", "not": "not if "},
}

_HEADS: Final[Mapping[str, Mapping[str, str]]] = {
    "id": {
        "conditions.any_of": "Salah satu dari ini harus terpenuhi:",
        "conditions.not": "Tidak boleh:",
        "conditions.rule.always": "selalu",
        "conditions.rule.all": "semua dari ini:",
        "conditions.rule.any_of": "salah satu dari ini:",
        "conditions.rule.not": "bukan:",
    },
    "en": {
        "conditions.any_of": "One of these must hold:",
        "conditions.not": "Must not be:",
        "conditions.rule.always": "always",
        "conditions.rule.all": "all of these:",
        "conditions.rule.any_of": "one of these:",
        "conditions.rule.not": "not:",
    },
}


def _sentences(locale: str) -> Iterator[tuple[str, str]]:
    """Every code with its sentence: those of the kinds for any fact, and for each documented one by its name."""
    now, lacking, not_known = _TAILS[locale]
    yield from _HEADS[locale].items()
    yield from week_sentences(locale)
    for kind, text in _WINDOWS[locale].items():
        yield f"conditions.rule.{kind}", text
        yield f"conditions.{kind}", text + now
    for suffix, label in [("", "{fact}"), *((f".{name}", label) for name, label in _FACTS[locale].items())]:
        yield f"conditions.unknown{suffix}", not_known.replace("{fact}", label)
        for kind, text in _RULES[locale].items():
            said = text.replace("{fact}", label)
            yield f"conditions.rule.{kind}{suffix}", said
            yield f"conditions.{kind}{suffix}", said + (lacking if kind == "at_least" else now)


WORDING: Final[Mapping[str, Mapping[str, str]]] = {locale: dict(_sentences(locale)) for locale in _FACTS}
"""Locale -> reason code -> sentence, for `kernel.explain`."""


def in_words(predicate: Predicate, locale: str, currency: Currency | None = None) -> str:
    """*predicate* in one sentence of *locale*; amounts as money of *currency*, or as bare minor units."""
    return _said(rule(predicate, currency), notation(locale).locale, inside=False)


def _said(node: Reason, locale: str, *, inside: bool) -> str:
    joints = _JOINTS[locale]
    match node.code.removeprefix("conditions.rule."):
        case "always":
            return joints["always"]
        case "all" | "any_of" as kind:
            text = joints[kind].join(_said(child, locale, inside=True) for child in node.children)
            return f"({text})" if inside else text
        case "not":
            return joints["not"] + _said(node.children[0], locale, inside=True)
        case _:
            return sentence(node, WORDING[locale], partial(show, locale=locale))
