"""The names of goods in conditions and mappings, as goods are compared: whoever writes `KOPI-250` means `kopi-250`."""

from collections.abc import Callable, Mapping
from typing import Final, TypeVar

from tokolib.catalog.sku import key, spelling
from tokolib.kernel.errors import Fault, InvalidInput, shown

T = TypeVar("T")

GOODS_KEYS: Final[Mapping[str, Callable[[str], str]]] = dict.fromkeys(("sku", "skus", "categories", "tags"), key)
"""How the facts are compared that are keys of goods: case, width and the blanks around a name don't count."""


def by_sku_key(path: str, given: Mapping[str, T]) -> dict[str, T]:
    """What is *given* by SKU at *path*, by the SKUs' keys.

    Raises:
        InvalidSku: one can name nothing.
        InvalidInput: two are spellings of one SKU; all that come again, with their paths.
    """
    found: dict[str, T] = {}
    faults: list[Fault] = []
    for sku, value in given.items():
        name = key(spelling(sku))
        if name in found:
            wanted = "names the same SKU as another row; case, width and blanks around it don't count"
            faults.append(Fault(f"{path}[{shown(sku, str)}]", "catalog.repeated", wanted, sku))
        found[name] = value
    if faults:
        raise InvalidInput(tuple(faults))
    return found
