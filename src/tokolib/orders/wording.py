"""The sentences of orders."""

from collections.abc import Mapping
from typing import Final

from tokolib.checkout.wording import ROOMS
from tokolib.kernel.explain import Reason
from tokolib.kernel.formats import said

WORDING: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "orders.amended": "added later: {why}",
        "orders.above": "costs more than {above}",
        "orders.by_tender": "to be paid by {tender}",
        "orders.by_channel": "came through {channel}",
        "orders.first_order": "the customer's first order",
        "orders.new_address": "goes to an address that the customer has had nothing sent to",
        "orders.book_rate": "in the books at 1 {currency} = {rate} {books}, {source}, {as_of}",
    },
    "id": {
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
