"""The page of promises."""

import importlib

from pages.text import page, table


def promises() -> str:
    """What `verify` checks."""
    known = importlib.import_module("tokolib.desk.verify.report").PROMISES
    return page(
        "Promises",
        "What `shop.verify()` and `python -m tokolib verify URL` check, over every stored row.\n"
        "A broken promise is named by its id; [Verify the books](../how-to/verify-the-books.md) shows one.",
        table(("id", "promise"), known.items()),
        "M is for money, S for stock, O for orders, X for repeated requests, I for document numbers, E for events, "
        "R for rows.",
    )
