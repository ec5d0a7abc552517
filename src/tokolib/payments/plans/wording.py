"""Payment plans in words."""

from collections.abc import Mapping
from typing import Final

WORDING: Final[Mapping[str, Mapping[str, str]]] = {
    "id": {
        "payments.plan": "{title}",
        "payments.plan_deposit": "Uang muka, dibayar saat memesan",
        "payments.plan_part": "Pembayaran ke-{number}, paling lambat {due}",
        "payments.instalment_planned": "Pembayaran ke-{number}, jatuh tempo {due}",
        "payments.instalment_begun": "Pembayaran ke-{number}, jatuh tempo {due}: {left} belum dibayar",
        "payments.instalment_due": "Pembayaran ke-{number}, jatuh tempo {due}: {left} belum dibayar",
        "payments.instalment_overdue": "Pembayaran ke-{number}, lewat jatuh tempo {due}: {left} belum dibayar",
        "payments.instalment_paid": "Pembayaran ke-{number}, lunas",
        "payments.instalment_dropped": "Pembayaran ke-{number}, tidak ditagih lagi",
        "payments.plan_not_offered": "{plan} tidak ditawarkan",
        "payments.plan_tender": "{plan} tidak bisa dibayar dengan {tender}",
        "payments.plan_currency": "{plan} hanya untuk total dalam {currency}, total ini {total}",
        "payments.plan_too_little": "{plan} hanya untuk total mulai {least}, total ini {total}",
        "payments.plan_too_much": "{plan} hanya untuk total sampai {most}, total ini {total}",
        "payments.plan_covered": "uang muka {deposit} dari {plan} sudah menutup total {total}",
        "payments.plan_too_small": "total {total} terlalu kecil untuk dibagi menurut {plan}",
        "payments.plan_reserves": "{plan} tidak bisa dipakai bila {tender} baru ditarik saat barang diserahkan",
    },
    "en": {
        "payments.plan": "{title}",
        "payments.plan_deposit": "Deposit, paid when ordering",
        "payments.plan_part": "Payment {number}, by {due}",
        "payments.instalment_planned": "Payment {number}, due {due}",
        "payments.instalment_begun": "Payment {number}, due {due}: {left} left of it",
        "payments.instalment_due": "Payment {number}, due {due}: {left} not paid yet",
        "payments.instalment_overdue": "Payment {number}, overdue since {due}: {left} not paid yet",
        "payments.instalment_paid": "Payment {number}, paid",
        "payments.instalment_dropped": "Payment {number}, no longer asked for",
        "payments.plan_not_offered": "{plan} is not offered",
        "payments.plan_tender": "{plan} can't be paid by {tender}",
        "payments.plan_currency": "{plan} is for totals in {currency}, this one is {total}",
        "payments.plan_too_little": "{plan} is for totals from {least} on, this one is {total}",
        "payments.plan_too_much": "{plan} is for totals up to {most}, this one is {total}",
        "payments.plan_covered": "the deposit of {plan}, {deposit}, covers the total of {total}",
        "payments.plan_too_small": "the total of {total} is too small to be split by {plan}",
        "payments.plan_reserves": "{plan} can't be had where {tender} is captured at hand-over",
    },
}
