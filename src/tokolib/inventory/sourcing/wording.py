"""Sourcing's reasons in words, by locale and code."""

from collections.abc import Mapping
from typing import Final

WORDING: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "inventory.source_plan": "Goods leave from {parcels} locations",
        "inventory.source_location": "{location}: {steps} steps",
        "inventory.source_use": "for using it",
        "inventory.source_goods": "{steps} × {key} for {demand}, {each} each",
        "inventory.source_splits": "{further} further parcels, {each} each",
        "inventory.source_short": "{steps} × {key} of {demand} can't be had, {each} each",
        "inventory.source_exact": "no plan costs less",
        "inventory.source_bounded": "no plan costs less than {lower}; the search ended after {work} steps of work "
        "with {open} sets of locations left to look into",
    },
    "id": {
        "inventory.source_plan": "Barang dikirim dari {parcels} lokasi",
        "inventory.source_location": "{location}: {steps} satuan",
        "inventory.source_use": "biaya memakai lokasi",
        "inventory.source_goods": "{steps} × {key} untuk {demand}, masing-masing {each}",
        "inventory.source_splits": "{further} paket tambahan, masing-masing {each}",
        "inventory.source_short": "{steps} × {key} dari {demand} tidak tersedia, masing-masing {each}",
        "inventory.source_exact": "tidak ada rencana yang lebih murah",
        "inventory.source_bounded": "tidak ada rencana yang lebih murah dari {lower}; pencarian berhenti setelah "
        "{work} langkah kerja, {open} kelompok lokasi belum diperiksa",
    },
}
