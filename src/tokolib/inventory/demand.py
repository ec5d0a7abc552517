"""What has to be on a shelf for a wish to be met: bundles are their components, and lines of one SKU are one demand.

Two lines that share a component are added up before anything is checked, so that they can't both be promised
the last one.
"""

from collections.abc import Iterable, Mapping

from tokolib.catalog.model import Sellable


def explode(lines: Iterable[tuple[str, int]], sellables: Mapping[str, Sellable]) -> dict[str, int]:
    """Steps by SKU key, in the order of the keys, that *lines* (SKU key, steps) need from stock."""
    demands: dict[str, int] = {}
    for key, steps in lines:
        for part, needed in sellables[key].consumption(steps).items():
            demands[part] = demands.get(part, 0) + needed
    return {key: demands[key] for key in sorted(demands) if demands[key]}


def buildable(sellable: Sellable, available: Mapping[str, int]) -> int:
    """How many steps of a SKU can be had when *available* (steps by key) is there: a bundle by its scarcest part."""
    one = sellable.consumption(1)
    return min(max(available.get(key, 0), 0) // needed for key, needed in one.items())
