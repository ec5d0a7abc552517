"""The shipping room's reasons in words, by locale and code."""

from collections.abc import Mapping
from typing import Final

WORDING: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "shipping.rate": "{name} ({method}) to {destination}",
        "shipping.flat": "one price for every parcel",
        "shipping.zone": "{area}: {chargeable} g, {price} for the first {included} g",
        "shipping.zone_by_kg": "{area}: {chargeable} g, {price} for the first {included} g, then {further} g more "
        "at {per_kg} a kilogram in steps of {step} g",
        "shipping.parcel_by_weight": "a parcel of {actual} g counts as {chargeable} g "
        "({rule}: steps of {step} g, {tolerance} g forgiven, at least {minimum} g)",
        "shipping.parcel_by_volume": "a parcel of {actual} g takes the space of {volumetric} g (volume / {divisor}) "
        "and counts as {chargeable} g ({rule}: steps of {step} g, {tolerance} g forgiven, at least {minimum} g)",
        "shipping.free_from": "free for goods from {threshold} on (here {goods})",
        "shipping.cod_fee": "Cash on delivery of {base}: {percent} %",
        "shipping.insurance": "Insurance of {base}: {percent} %",
        "shipping.fee_minimum": "at least {minimum}",
        "shipping.fee_fixed": "plus {fixed}",
        "shipping.fee_source": "source: {source}",
        "shipping.other_currency": "{method} charges in {currency}",
        "shipping.not_there": "{method} doesn't deliver to {destination}",
        "shipping.conditions": "{method} is not for this order",
        "shipping.weightless": "{method} charges by weight, and none is known for {skus}",
        "shipping.too_heavy": "{method} takes parcels up to {maximum} g, this one counts as {grams} g",
        "shipping.no_zone": "{method} has no rate to {destination} for {grams} g",
        "shipping.point_needed": "{method} goes to a collection point of {courier}, and none is chosen yet",
        "shipping.to_the_door": "{method} goes to the door, not to collection point {point}",
        "shipping.other_courier": "{method} goes to points of {courier}, and {point} is one of {theirs}",
        "shipping.point_too_small": "collection point {point} takes nothing as heavy or large as {skus}",
        "shipping.point_takes_no_cash": "collection point {point} takes no cash",
    },
    "id": {
        "shipping.rate": "{name} ({method}) ke {destination}",
        "shipping.flat": "satu tarif untuk semua paket",
        "shipping.zone": "{area}: {chargeable} g, {price} untuk {included} g pertama",
        "shipping.zone_by_kg": "{area}: {chargeable} g, {price} untuk {included} g pertama, lalu {further} g "
        "berikutnya {per_kg} per kilogram dengan kelipatan {step} g",
        "shipping.parcel_by_weight": "paket {actual} g dihitung {chargeable} g "
        "({rule}: kelipatan {step} g, toleransi {tolerance} g, minimum {minimum} g)",
        "shipping.parcel_by_volume": "paket {actual} g memakan ruang {volumetric} g (volume / {divisor}) "
        "dan dihitung {chargeable} g ({rule}: kelipatan {step} g, toleransi {tolerance} g, minimum {minimum} g)",
        "shipping.free_from": "gratis untuk belanja mulai {threshold} (belanja ini {goods})",
        "shipping.cod_fee": "Biaya COD atas {base}: {percent} %",
        "shipping.insurance": "Asuransi atas {base}: {percent} %",
        "shipping.fee_minimum": "minimum {minimum}",
        "shipping.fee_fixed": "ditambah {fixed}",
        "shipping.fee_source": "sumber: {source}",
        "shipping.other_currency": "{method} bertarif dalam {currency}",
        "shipping.not_there": "{method} tidak mengirim ke {destination}",
        "shipping.conditions": "{method} tidak berlaku untuk pesanan ini",
        "shipping.weightless": "{method} bertarif menurut berat, dan berat {skus} belum diketahui",
        "shipping.too_heavy": "{method} menerima paket sampai {maximum} g, paket ini dihitung {grams} g",
        "shipping.no_zone": "{method} tidak punya tarif ke {destination} untuk {grams} g",
        "shipping.point_needed": "{method} mengirim ke titik pengambilan {courier}, dan titiknya belum dipilih",
        "shipping.to_the_door": "{method} mengantar ke alamat, bukan ke titik pengambilan {point}",
        "shipping.other_courier": "{method} mengirim ke titik {courier}, sedangkan {point} milik {theirs}",
        "shipping.point_too_small": "titik pengambilan {point} tidak menerima barang seberat atau sebesar {skus}",
        "shipping.point_takes_no_cash": "titik pengambilan {point} tidak menerima uang tunai",
    },
}
