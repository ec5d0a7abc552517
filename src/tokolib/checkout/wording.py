"""The sentences of checkout, joined with those of the rooms that it quotes from."""

from collections.abc import Mapping
from typing import Final

from tokolib.conditions import WORDING as CONDITIONS
from tokolib.kernel.explain import Reason
from tokolib.kernel.formats import said, shown_as_html
from tokolib.payments.accepting.wording import WORDING as TENDERS
from tokolib.payments.plans.wording import WORDING as PLANS
from tokolib.pricing.wording import WORDING as PRICING
from tokolib.shipping.wording import WORDING as SHIPPING
from tokolib.tax.wording import WORDING as TAX

OWN: Mapping[str, Mapping[str, str]] = {
    "en": {
        "checkout.quote": "Total for {goods} lines",
        "checkout.delivery": "Delivery {method}",
        "checkout.no_delivery": "Collected by the customer",
        "checkout.no_cod": "{method} does not collect {total} on delivery",
        "checkout.no_cod_for_digital": "no courier brings {skus}, so nothing is collected for it on delivery",
        "checkout.not_for_sale": "can't be sold now: {skus}",
        "checkout.wish_not_offered": "not offered for this order: {wishes}",
        "checkout.no_lines": "nothing was chosen yet",
        "checkout.no_prices": "no price yet for {skus}",
        "checkout.nothing_travels": "{method} has nothing to carry",
        "checkout.no_address": "where it goes is not known yet",
        "checkout.no_delivery_chosen": "how it travels is not chosen yet",
        "checkout.taxes_by": "worked out by {provider}",
        "checkout.taxes_in_place": "worked out by {stand_in} in place of {provider}",
        "checkout.taxes_to_be_asked": "the taxes, which {provider} works out when it is quoted",
    },
    "id": {
        "checkout.quote": "Total untuk {goods} baris",
        "checkout.delivery": "Pengiriman {method}",
        "checkout.no_delivery": "Diambil sendiri oleh pelanggan",
        "checkout.no_cod": "{method} tidak menagih {total} saat barang diterima",
        "checkout.no_cod_for_digital": "{skus} tidak diantar kurir, jadi tidak bisa dibayar saat barang diterima",
        "checkout.not_for_sale": "saat ini tidak dijual: {skus}",
        "checkout.wish_not_offered": "tidak ditawarkan untuk pesanan ini: {wishes}",
        "checkout.no_lines": "belum ada barang yang dipilih",
        "checkout.no_prices": "{skus} belum punya harga",
        "checkout.nothing_travels": "tidak ada barang yang perlu dikirim dengan {method}",
        "checkout.no_address": "alamat tujuan belum diketahui",
        "checkout.no_delivery_chosen": "pengiriman belum dipilih",
        "checkout.taxes_by": "dihitung oleh {provider}",
        "checkout.taxes_in_place": "dihitung oleh {stand_in} menggantikan {provider}",
        "checkout.taxes_to_be_asked": "pajak, yang dihitung {provider} saat penawaran dibuat",
    },
}


ROOMS: Final = (CONDITIONS, TAX, SHIPPING, TENDERS, PLANS, PRICING, OWN)


def explained(reason: Reason, locale: str) -> str:
    """*reason* in words of *locale*, `id` or `en`.

    Raises:
        UnknownLocale: it is neither.
    """
    return said(reason, locale, *ROOMS)


def explained_as_html(reason: Reason, locale: str) -> str:
    """*reason* as HTML of *locale*, `id` or `en`, for notebooks and pages.

    Raises:
        UnknownLocale: it is neither.
    """
    return shown_as_html(reason, locale, *ROOMS)
