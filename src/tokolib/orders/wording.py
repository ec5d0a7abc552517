"""The sentences of orders."""

from collections.abc import Mapping
from typing import Final

from tokolib.checkout.wording import ROOMS
from tokolib.kernel.explain import Reason
from tokolib.kernel.formats import said

WORDING: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "orders.owed": "Comes to, after what was taken off since",
        "orders.cancelled_off": "cancelled: {why}",
        "orders.taken_out": "taken out: {why}",
        "orders.came_back": "credited by return {id}",
        "orders.kept_of_return": "kept of return {id}",
        "orders.kept_deposit": "kept of the deposit",
        "orders.let_off": "let off: {why}",
        "orders.let_off_before": "let off before, and gone with the goods",
        "orders.expired_off": "not paid in time",
        "orders.owed_again": "paid after all",
        "orders.part": "{name}",
        "orders.amended": "added later: {why}",
        "orders.above": "costs more than {above}",
        "orders.by_tender": "to be paid by {tender}",
        "orders.by_channel": "came through {channel}",
        "orders.first_order": "the customer's first order",
        "orders.new_address": "goes to an address that the customer has had nothing sent to",
        "orders.book_rate": "in the books at 1 {currency} = {rate} {books}, {source}, {as_of}",
    },
    "id": {
        "orders.owed": "Menjadi, setelah pengurangan sesudahnya",
        "orders.cancelled_off": "dibatalkan: {why}",
        "orders.taken_out": "dikeluarkan: {why}",
        "orders.came_back": "dikreditkan lewat retur {id}",
        "orders.kept_of_return": "dipotong dari retur {id}",
        "orders.kept_deposit": "uang muka yang tidak dikembalikan",
        "orders.let_off": "dibebaskan: {why}",
        "orders.let_off_before": "sudah dibebaskan, ikut dengan barangnya",
        "orders.expired_off": "tidak dibayar tepat waktu",
        "orders.owed_again": "akhirnya dibayar",
        "orders.part": "{name}",
        "orders.amended": "ditambahkan kemudian: {why}",
        "orders.above": "lebih mahal dari {above}",
        "orders.by_tender": "dibayar dengan {tender}",
        "orders.by_channel": "masuk lewat {channel}",
        "orders.first_order": "pesanan pertama pelanggan",
        "orders.new_address": "dikirim ke alamat yang belum pernah dipakai pelanggan",
        "orders.book_rate": "dalam buku dengan kurs 1 {currency} = {rate} {books}, {source}, {as_of}",
    },
}


def in_words(reason: Reason, locale: str) -> str:
    """*reason* in words of *locale*, `id` or `en`.

    Raises:
        UnknownLocale: it is neither.
    """
    return said(reason, locale, *ROOMS, WORDING)
