"""The findings in words, Indonesian and English."""

from collections.abc import Mapping
from typing import Final

WORDING: Final[Mapping[str, Mapping[str, str]]] = {
    "id": {
        "lint.contradiction": "{name} tidak akan pernah berlaku: syaratnya saling bertentangan ({fault})",
        "lint.dead_branch": "{name}: cabang syarat ini tidak akan pernah terpenuhi ({fault})",
        "lint.over": "{name} sudah berakhir pada {at}",
        "lint.used_up": "kuota {name} sudah habis ({used} dari {limit})",
        "lint.no_coupon": "{name} hanya berlaku dengan kupon, dan tidak ada kupon yang masih berlaku",
        "lint.other_currency": "{name} memakai mata uang {currency}, sedangkan toko memakai {shop}",
        "lint.no_gift": "{name} memberi hadiah {sku}, yang tidak ada di katalog",
        "lint.no_goods": "{name} tidak mengenai satu barang pun di katalog",
        "lint.unknown_goods": "{name} menyebut {unknown}, yang tidak ada di katalog",
        "lint.too_few_units": "{name} butuh {needed} satuan sekali pakai, padahal batasnya {limit} satuan",
        "lint.never_cheaper": "{name} memberi harga {price}, padahal barang termahalnya berharga {dearest}",
        "lint.always_loses": "{name} selalu kalah dari {winner}, yang berlaku setiap kali {name} dapat berlaku",
        "lint.mostly_loses": "{name} hampir selalu kalah dari {winner}, yang berlaku setiap kali {name} dapat berlaku",
        "lint.gives_less": "{name} memberi tidak lebih dari {winner} dari kelompok {lane} yang sama",
        "lint.own_lane": "{name} dan {other} saling mengizinkan, tetapi sama-sama di kelompok {lane}",
        "lint.unknown_lane": "{name} dapat digabung dengan kelompok {lane}, yang tidak dipakai promosi mana pun",
        "lint.one_sided": "{name} mengizinkan {other}, tetapi {other} tidak mengizinkan {name}",
        "lint.equal_exclusives": "{name} dan {other} sama-sama eksklusif, prioritas {priority}; id yang menentukan",
        "lint.budget_limits": "kampanye {campaign} berbatas {limit} di {name} dan {other_limit} di {other}",
        "lint.below_cost": "{names}: {quantity} × {sku} dijual {total}, padahal biayanya {cost}",
        "lint.shipping_above_margin": "{names}: potongan ongkir {subsidy}, padahal laba {quantity} × {sku} {margin}",
    },
    "en": {
        "lint.contradiction": "{name} can never apply: its conditions contradict each other ({fault})",
        "lint.dead_branch": "{name}: this branch of its conditions can never hold ({fault})",
        "lint.over": "{name} has been over since {at}",
        "lint.used_up": "{name} is used up ({used} of {limit})",
        "lint.no_coupon": "{name} applies by coupon only, and there is no coupon that may still be given",
        "lint.other_currency": "{name} is in {currency}, and the shop in {shop}",
        "lint.no_gift": "{name} gives {sku}, which the catalogue doesn't have",
        "lint.no_goods": "{name} is about none of the goods in the catalogue",
        "lint.unknown_goods": "{name} names {unknown}, which the catalogue doesn't have",
        "lint.too_few_units": "{name} needs {needed} units at a time, and is limited to {limit}",
        "lint.never_cheaper": "{name} gives the price {price}, and the dearest of its goods costs {dearest}",
        "lint.always_loses": "{name} always loses to {winner}, which applies whenever {name} could",
        "lint.mostly_loses": "{name} loses to {winner} nearly always: that applies whenever {name} could",
        "lint.gives_less": "{name} never gives more than {winner} of the same lane {lane}",
        "lint.own_lane": "{name} and {other} name each other, and are both in lane {lane}, where only one applies",
        "lint.unknown_lane": "{name} combines with lane {lane}, which no promotion is in",
        "lint.one_sided": "{name} combines with {other}, but {other} does not combine with {name}",
        "lint.equal_exclusives": "{name} and {other} are both exclusive with priority {priority}; their ids decide",
        "lint.budget_limits": "campaign {campaign} has a limit of {limit} in {name} and of {other_limit} in {other}",
        "lint.below_cost": "{names}: {quantity} × {sku} sells for {total} and costs {cost}",
        "lint.shipping_above_margin": "{names}: {subsidy} of shipping is given, and {quantity} × {sku} earns {margin}",
    },
}
"""Sentences by code."""
