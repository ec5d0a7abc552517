"""Why a tender is accepted or not, in words."""

from collections.abc import Mapping
from typing import Final

WORDING: Final[Mapping[str, Mapping[str, str]]] = {
    "id": {
        "payments.tender": "{tender} diterima",
        "payments.risk": "{name}",
        "payments.tender_not_offered": "{tender} tidak ditawarkan",
        "payments.tender_currency": "{tender} hanya untuk total dalam {currency}, total ini {total}",
        "payments.tender_too_little": "{tender} hanya untuk total mulai {least}, total ini {total}",
        "payments.tender_too_much": "{tender} hanya untuk total sampai {most}, total ini {total}",
        "payments.tender_conditions": "syarat {tender} tidak terpenuhi",
        "payments.tender_cannot_reserve": "{tender} tidak bisa menahan dana sampai barang diserahkan",
        "payments.tender_risk": "{tender} terlalu berisiko untuk pesanan ini",
    },
    "en": {
        "payments.tender": "{tender} is accepted",
        "payments.risk": "{name}",
        "payments.tender_not_offered": "{tender} is not offered",
        "payments.tender_currency": "{tender} is for totals in {currency}, this one is {total}",
        "payments.tender_too_little": "{tender} is for totals from {least} on, this one is {total}",
        "payments.tender_too_much": "{tender} is for totals up to {most}, this one is {total}",
        "payments.tender_conditions": "the conditions of {tender} are not met",
        "payments.tender_cannot_reserve": "{tender} can't reserve money until the goods are handed over",
        "payments.tender_risk": "{tender} is too risky for this order",
    },
}
