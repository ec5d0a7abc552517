"""The payments room in words."""

from collections.abc import Mapping
from typing import Final

WORDING: Final[Mapping[str, Mapping[str, str]]] = {
    "id": {
        "payments.none": "Tidak ada yang perlu dibayar sekarang",
        "payments.cancelling": "Jangan bayar lagi: pesanan sedang dibatalkan",
        "payments.pay_in_cash": "Bayar tunai {amount}",
        "payments.transfer": "Transfer tepat {amount} ke {account}",
        "payments.transfer_until": "Transfer tepat {amount} ke {account} paling lambat {due}",
        "payments.redirect": "Lanjutkan pembayaran {amount} di {url}",
        "payments.qr": "Pindai kode QR untuk membayar {amount}",
        "payments.va": "Bayar {amount} ke nomor virtual account {code}",
        "payments.va_until": "Bayar {amount} ke nomor virtual account {code} paling lambat {due}",
        "payments.wait": "Pembayaran {amount} sedang diproses",
    },
    "en": {
        "payments.none": "Nothing to pay now",
        "payments.cancelling": "Don't pay any more: the order is being cancelled",
        "payments.pay_in_cash": "Pay {amount} in cash",
        "payments.transfer": "Transfer exactly {amount} to {account}",
        "payments.transfer_until": "Transfer exactly {amount} to {account} by {due}",
        "payments.redirect": "Continue the payment of {amount} at {url}",
        "payments.qr": "Scan the QR code to pay {amount}",
        "payments.va": "Pay {amount} to virtual account {code}",
        "payments.va_until": "Pay {amount} to virtual account {code} by {due}",
        "payments.wait": "The payment of {amount} is being processed",
    },
}
