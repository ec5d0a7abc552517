"""The names of goods in conditions, as goods are compared: whoever writes `KOPI-250` means `kopi-250`."""

from collections.abc import Callable, Mapping
from typing import Final

from tokolib.catalog.sku import key

GOODS_KEYS: Final[Mapping[str, Callable[[str], str]]] = dict.fromkeys(("sku", "skus", "categories", "tags"), key)
"""How the facts are compared that are keys of goods: case, width and the blanks around a name don't count."""
