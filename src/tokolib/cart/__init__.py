"""What somebody wishes to buy: lines, coupons, merging, limits, and problems that come with their fixes.

A cart promises nothing: prices, stock and coupons are checked when it is quoted. What stands in its way is not an
exception but a list of problems, each with a fix that a program can carry out.
"""

from typing import TYPE_CHECKING

from tokolib.kernel.lazy import exports

if TYPE_CHECKING:
    from tokolib.cart.errors import (
        IllegalCartTransition,
        OverLimit,
        TooManyCoupons,
        TooManyLines,
        UnknownLine,
        UnknownToken,
    )
    from tokolib.cart.merge import Cut, MergePolicy
    from tokolib.cart.model import Cart, CartLine, CartStatus, LineWish, StartedCart
    from tokolib.cart.problems import Problem, RemoveCoupon, RemoveLine, SetQuantity

__all__ = [
    "Cart",
    "CartLine",
    "CartStatus",
    "Cut",
    "IllegalCartTransition",
    "LineWish",
    "MergePolicy",
    "OverLimit",
    "Problem",
    "RemoveCoupon",
    "RemoveLine",
    "SetQuantity",
    "StartedCart",
    "TooManyCoupons",
    "TooManyLines",
    "UnknownLine",
    "UnknownToken",
]

__getattr__ = exports(
    __name__,
    {
        "Cart": "model",
        "IllegalCartTransition": "errors",
        "CartLine": "model",
        "CartStatus": "model",
        "Cut": "merge",
        "LineWish": "model",
        "MergePolicy": "merge",
        "OverLimit": "errors",
        "Problem": "problems",
        "RemoveCoupon": "problems",
        "RemoveLine": "problems",
        "SetQuantity": "problems",
        "StartedCart": "model",
        "TooManyCoupons": "errors",
        "TooManyLines": "errors",
        "UnknownLine": "errors",
        "UnknownToken": "errors",
    },
)
