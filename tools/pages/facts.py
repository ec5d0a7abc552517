"""The page of facts that conditions ask."""

import ast
import importlib
from typing import Final

from pages.settings import values_of
from pages.signatures import signature
from pages.source import classes, tree
from pages.text import page, sentence, table

_PLACES: Final = {
    "price lists": "OF_LISTS",
    "promotions": "OF_PROMOTIONS",
    "charges": "OF_CHARGES",
    "deliveries, tenders": "OF_ORDERS",
}
"""Where conditions are put, and which facts are known there."""


def facts() -> str:
    """What conditions may ask for."""
    known = importlib.import_module("tokolib.conditions").FACTS
    places = importlib.import_module("tokolib.conditions.vocabularies")
    written = classes("tokolib.conditions.facts")["FactType"]
    rows = [
        (
            f"`{fact.name}`",
            fact.type.value,
            fact.meaning,
            ", ".join(told for told, place in _PLACES.items() if fact.name not in getattr(places, place).facts),
            "yes" if fact.name in places.OF_LINES.facts else "",
        )
        for fact in known.values()
    ]
    builders = [
        (f"`{signature(node.name, node)}`", sentence(ast.get_docstring(node) or ""))
        for node in tree("tokolib.conditions.builders").body
        if isinstance(node, ast.FunctionDef)
    ]
    return page(
        "Facts and conditions",
        "Conditions of price lists, promotions, charges, deliveries and tenders ask for facts by name.\n"
        "A fact that isn't given is unknown, and no condition on it holds.",
        "A quote gives what its shop knows of these.\n"
        "`shop.carts.quote(…, facts=…)` and `shop.delivery.rates(…, facts=…)` take a host's own facts, whose names "
        "begin with `x.`, and `first_order` and `order_number`, where the customer has ordered elsewhere.",
        "A fact that is never known where a condition is put is refused there (`InvalidInput`, with its path): the "
        "goods have no prices yet when a price list is chosen, and only charges come after the risk of a tender.",
        table(("fact", "type", "meaning", "never known to", "known to a promotion's `target`"), rows),
        "`sku`, `skus`, `categories` and `tags` are compared as SKUs are: case, width and the blanks around a name "
        "don't count, so `KOPI` is `kopi`.\n"
        "A promotion's conditions may name a `coupon` as people type it.\n"
        "All other text is compared letter by letter.",
        "A subtotal is that of the stage at which a condition is asked: less the discounts given by then, and with the "
        "tax that this very subtotal has.\n"
        "Nothing is solved in circles: what is decided later changes no answer that was given before.",
        'A place has the codes of all places around it, as a category has its ancestors: `overlaps("regions", "51")` '
        'is all of Bali, `"51.71"` the city of Denpasar.\n'
        "There is no fact called variant, because a variant is a SKU here: ask for `sku`, or for `skus` of the whole "
        "order.",
        "Types:",
        values_of(written).partition("\n\n")[2],
        "## Building conditions",
        "From `tokolib.conditions`; `&`, `|` and `~` join and turn them.",
        table(("builder", "holds when"), builders),
        _EXAMPLE,
    )


_EXAMPLE: Final = """\
```python
from tokolib import IDR
from tokolib.conditions import at_least, contradictions, in_words, less_than, overlaps, weekly

WORKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
lunch = weekly(*WORKDAYS, since="11:00", until="14:00", zone="Asia/Makassar")

rule = lunch & at_least("subtotal", 100_000) & overlaps("regions", "51")
print(in_words(rule, "en", IDR))
# > Monday to Friday 11:00–14:00 (Asia/Makassar) and subtotal at least Rp100,000 and destination regions with one of 51
print(in_words(lunch, "id"))
# > Senin sampai Jumat pukul 11.00–14.00 WITA
for fault in contradictions(rule & less_than("subtotal", 50_000)):
    print(fault)
    # > can never hold together with subtotal at least 100,000 (of[1]) @ of[3]
```"""
