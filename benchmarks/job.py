"""The work that every store does: which goods, at what price, and what a checkout must come to.

A checkout buys three products with a tenth off by coupon; the prices contain the tax. `job.json` has the figures, so
that a program in any language can do the same work; what it comes to is written there too, and proved by `check`.
"""

import json
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

JOB: Final = json.loads(Path(__file__).with_name("job.json").read_text(encoding="utf-8"))
PRODUCTS, CART, COUPON, TAX = (JOB[part] for part in ("products", "cart", "coupon", "tax"))
HOT: Final[int] = JOB["flash_sale"]["product"]
"""The product that everybody wants at once."""
CYCLE: Final = PRODUCTS["count"] * CART["most"]
"""Checkout `k + CYCLE` buys what checkout `k` buys."""


class Product(NamedTuple):
    """What is on sale: its SKU, the price of one unit with tax, and the units on hand."""

    sku: str
    price: int
    stock: int


class Line(NamedTuple):
    """One line of a checkout; *product* is the product's place in the list, all amounts are minor units."""

    product: int
    quantity: int
    price: int
    discount: int
    total: int
    tax: int


class Due(NamedTuple):
    """What a checkout comes to, in minor units: what the coupon took off, what is to be paid, the tax in it."""

    discount: int
    total: int
    tax: int


def products() -> list[Product]:
    """Everything on sale."""
    p = PRODUCTS
    return [
        Product(p["sku"].format(i), p["lowest"] + p["step"] * (i * p["stride"] % p["steps"]), p["stock"])
        for i in range(p["count"])
    ]


ON_SALE: Final = products()


def wishes(k: int) -> list[tuple[int, int]]:
    """The products of checkout *k* with their quantities, by product, which is the order to lock them in."""
    c, count = CART, PRODUCTS["count"]
    return sorted(((k * c["stride"] + j * c["apart"]) % count, 1 + (k + j) % c["most"]) for j in range(c["lines"]))


def priced(wished: list[tuple[int, int]]) -> tuple[list[Line], Due]:
    """Priced lines and their sum: the least arithmetic that does it."""
    line = Line._make  # which takes half as long as calling it
    lines, off, due, taxed = [], 0, 0, 0
    percent, rate = COUPON["percent"], TAX["percent"]
    for product, quantity in wished:
        price = ON_SALE[product].price
        gross = price * quantity
        discount = half_up(gross * percent, 100)
        total = gross - discount
        tax = half_up(total * rate, 100 + rate)
        lines.append(line((product, quantity, price, discount, total, tax)))
        off, due, taxed = off + discount, due + total, taxed + tax
    return lines, Due(off, due, taxed)


def half_up(numerator: int, denominator: int) -> int:
    """A quotient of two positive numbers, to the nearest whole number."""
    return (2 * numerator + denominator) // (2 * denominator)


@cache
def baskets() -> list[tuple[dict[str, int], Due]]:
    """For each checkout of a cycle: the quantities by SKU, and what must be paid for them."""
    return [
        ({ON_SALE[product].sku: quantity for product, quantity in wishes(k)}, priced(wishes(k))[1])
        for k in range(CYCLE)
    ]


def check() -> None:
    """Prove that the rules here give the sums that `job.json` expects."""
    dues = [priced(wishes(k))[1] for k in range(1000)]
    assert JOB["expected"]["first"] == dues[0]._asdict()
    assert JOB["expected"]["first_thousand"] == Due(*map(sum, zip(*dues, strict=True)))._asdict()
