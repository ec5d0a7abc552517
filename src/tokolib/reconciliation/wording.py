"""A reconciliation in words."""

from collections.abc import Mapping
from typing import Final

from tokolib.kernel.explain import Reason
from tokolib.kernel.formats import said

WORDING: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "reconciliation.difference": "Books less bank in {currency} on {as_of}",
        "reconciliation.books": "The books count on",
        "reconciliation.bank": "The bank has",
        "reconciliation.fee": "Fees ({count})",
        "reconciliation.fee_tax": "Tax on fees ({count})",
        "reconciliation.withheld": "Income tax withheld ({count})",
        "reconciliation.reserve": "Held in reserve ({count})",
        "reconciliation.adjustment": "Adjustments by the provider ({count})",
        "reconciliation.rounding": "Rounding ({count})",
        "reconciliation.exchanged": "Exchanged into another currency ({count})",
        "reconciliation.exchange": "Exchange gain ({count} rows); below zero it is a loss",
        "reconciliation.book_rate": "{total} in the books at 1 {currency} = {rate} {books}, {source}, {as_of}",
        "reconciliation.exchanged_row": "{name} of {on}: {net} became {real}, in the books {frozen}",
        "reconciliation.not_yet_settled": "Paid, not yet settled ({count})",
        "reconciliation.refund_in_transit": "Refunds on their way ({count})",
        "reconciliation.not_yet_remitted": "Collected on delivery, not yet remitted ({count})",
        "reconciliation.not_yet_paid_out": "Settled, not yet in the bank ({count})",
        "reconciliation.shortfall": "Collected too little ({count})",
        "reconciliation.other_amount": "Another amount ({count})",
        "reconciliation.other_currency": "Another currency ({count})",
        "reconciliation.does_not_add_up": "Rows that don't add up ({count})",
        "reconciliation.double_row": "Told twice ({count})",
        "reconciliation.not_unique": "More than one explanation ({count})",
        "reconciliation.unknown_reference": "Belongs to nothing known ({count})",
        "reconciliation.missing_in_books": "Settled, and missing in the books ({count})",
        "reconciliation.missing_at_provider": "In the books, and missing at the provider ({count})",
        "reconciliation.missing_in_bank": "Paid out, and missing in the bank ({count})",
        "reconciliation.in_books": "payment {what} of {on} (days: {days})",
        "reconciliation.in_report": "report row {what} of {on} (days: {days})",
        "reconciliation.in_deducted": "report row {what} of {on} (days: {days})",
        "reconciliation.in_payout": "payout {what} of {on} (days: {days})",
        "reconciliation.in_bank": "bank line {what} of {on} (days: {days})",
    },
    "id": {
        "reconciliation.difference": "Buku dikurangi bank dalam {currency} per {as_of}",
        "reconciliation.books": "Menurut buku",
        "reconciliation.bank": "Menurut bank",
        "reconciliation.fee": "Biaya ({count})",
        "reconciliation.fee_tax": "Pajak atas biaya ({count})",
        "reconciliation.withheld": "Pajak penghasilan dipotong ({count})",
        "reconciliation.reserve": "Dana ditahan ({count})",
        "reconciliation.adjustment": "Penyesuaian oleh penyedia ({count})",
        "reconciliation.rounding": "Pembulatan ({count})",
        "reconciliation.exchanged": "Ditukar ke mata uang lain ({count})",
        "reconciliation.exchange": "Laba selisih kurs ({count} baris); minus berarti rugi",
        "reconciliation.book_rate": "{total} dalam buku dengan kurs 1 {currency} = {rate} {books}, {source}, {as_of}",
        "reconciliation.exchanged_row": "{name} tanggal {on}: {net} menjadi {real}, dalam buku {frozen}",
        "reconciliation.not_yet_settled": "Sudah dibayar, belum diselesaikan ({count})",
        "reconciliation.refund_in_transit": "Pengembalian dana dalam proses ({count})",
        "reconciliation.not_yet_remitted": "COD sudah ditagih, belum disetor ({count})",
        "reconciliation.not_yet_paid_out": "Sudah diselesaikan, belum masuk bank ({count})",
        "reconciliation.shortfall": "Tagihan kurang ({count})",
        "reconciliation.other_amount": "Jumlah berbeda ({count})",
        "reconciliation.other_currency": "Mata uang berbeda ({count})",
        "reconciliation.does_not_add_up": "Baris yang tidak cocok jumlahnya ({count})",
        "reconciliation.double_row": "Dilaporkan dua kali ({count})",
        "reconciliation.not_unique": "Lebih dari satu kemungkinan ({count})",
        "reconciliation.unknown_reference": "Tidak dikenal ({count})",
        "reconciliation.missing_in_books": "Sudah diselesaikan, tidak ada di buku ({count})",
        "reconciliation.missing_at_provider": "Ada di buku, tidak ada di penyedia ({count})",
        "reconciliation.missing_in_bank": "Sudah dicairkan, tidak masuk bank ({count})",
        "reconciliation.in_books": "pembayaran {what} tanggal {on} (hari: {days})",
        "reconciliation.in_report": "baris laporan {what} tanggal {on} (hari: {days})",
        "reconciliation.in_deducted": "baris laporan {what} tanggal {on} (hari: {days})",
        "reconciliation.in_payout": "pencairan {what} tanggal {on} (hari: {days})",
        "reconciliation.in_bank": "mutasi bank {what} tanggal {on} (hari: {days})",
    },
}


def in_words(reason: Reason, locale: str) -> str:
    """*reason* and what is below it as lines of *locale*.

    Raises:
        UnknownLocale: neither `id` nor `en`.
    """
    return said(reason, locale, WORDING)
