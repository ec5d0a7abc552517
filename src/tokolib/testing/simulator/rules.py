"""All that may happen in a simulation, each by its name, with how often it does."""

from typing import Final

from tokolib.testing.simulator import (
    buyers,
    changing,
    disputing,
    instalments,
    machine,
    outside,
    staff,
    stocking,
    swapping,
    taxes,
    vouchers,
    warehouse,
)
from tokolib.testing.simulator.acts import Rule

RULES: Final = {
    "fill": Rule(buyers.fill_cart, 8, counts=False),
    "quote": Rule(buyers.ask_price, 8),
    "order": Rule(buyers.order_quote, 10),
    "basket": Rule(buyers.order_basket, 12),
    "again": Rule(buyers.order_again, 4),
    "cancel": Rule(buyers.cancel, 7),
    "goods": Rule(staff.receive_goods, 9),
    "count": Rule(staff.count_goods, 4),
    "money": Rule(staff.take_money, 14),
    "ship": Rule(staff.hand_over, 13),
    "arrive": Rule(staff.deliver, 6),
    "back": Rule(staff.take_back, 5),
    "wish": Rule(staff.ask_return, 3),
    "judge": Rule(staff.judge_return, 4),
    "refund": Rule(staff.refund, 5),
    "allow": Rule(staff.allow, 3),
    "part": Rule(changing.cancel_part, 3),
    "edit": Rule(changing.edit, 4),
    "swap": Rule(swapping.exchange, 6),
    "claim": Rule(swapping.claim, 5),
    "promise": Rule(stocking.promise, 5),
    "serve": Rule(stocking.serve, 4),
    "move": Rule(stocking.relocate, 3),
    "transfer": Rule(stocking.transfer, 4),
    "prepare": Rule(warehouse.prepare, 4),
    "astray": Rule(warehouse.go_astray, 4),
    "make up": Rule(warehouse.make_up, 5),
    "blind": Rule(warehouse.count_blind, 3),
    "block": Rule(staff.block, 4),
    "price": Rule(staff.reprice, 4),
    "coupon": Rule(staff.raise_limit, 3),
    "payout": Rule(staff.pay_out, 6),
    "charge": Rule(staff.charge, 5),
    "paper": Rule(staff.write_paper, 4),
    "card": Rule(vouchers.make_card, 9),
    "watch": Rule(vouchers.watch_card, 4),
    "credit": Rule(vouchers.give_credit, 4),
    "instalment": Rule(instalments.pay_instalment, 7),
    "answer": Rule(disputing.answer, 6),
    "abroad": Rule(taxes.write_paper, 11),
    "file": Rule(taxes.see_to_filing, 4),
    "decide": Rule(disputing.decide, 4, counts=False),
    "pay": Rule(outside.pay, 9, counts=False),
    "expire": Rule(outside.expire, 2, counts=False),
    "trouble": Rule(outside.go_wrong, 6, counts=False),
    "webhooks": Rule(outside.webhooks, 12),
    "tick": Rule(machine.tick, 10),
    "advance": Rule(machine.advance, 5),
    "clock": Rule(machine.clock, 7, counts=False),
}
WEIGHTS: Final = {name: rule.weight for name, rule in RULES.items()}
IN_BETWEEN: Final = {
    name: weight
    for name, weight in {"tick": 10, "webhooks": 6, "cancel": 4, "order": 8, "basket": 4, "advance": 3}.items()
    if name in RULES
}
"""What others may do between the units of somebody's step."""
