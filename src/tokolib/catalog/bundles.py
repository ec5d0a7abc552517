"""What a bundle is made of, and by what its price is spread: from a draft, with every fault."""

from collections.abc import Mapping
from functools import partial
from typing import Final

from tokolib.catalog.drafts import Amount, ComponentDraft, ProductDraft
from tokolib.catalog.faults import MOST, Faults
from tokolib.catalog.model import Component, Part
from tokolib.catalog.sku import key
from tokolib.kernel.numbers import exact, shortest
from tokolib.kernel.quantity import UnitOfMeasure

HEAVIEST: Final = 1_000_000
"""The largest weight by which a bundle's price is spread."""


def components_of(
    draft: ProductDraft, unit: UnitOfMeasure, existing: Mapping[str, Part], faults: Faults
) -> tuple[Component, ...]:
    """What a bundle is made of, each component once; *existing* are the SKUs that there are of those named, by key."""
    if not draft.components:
        return ()
    if len(draft.variants) != 1:
        faults.add("components", "catalog.bundle_variants", "a bundle has exactly one variant")
    if unit.per_step.denominator != 1:
        faults.add("unit", "catalog.bundle_unit", "a bundle is counted in whole units", shortest(unit.step))
    faults.few("components", draft.components)
    own = {key(variant.sku) for variant in draft.variants}
    parts: dict[str, Component] = {}
    for place, each in enumerate(draft.components[:MOST]):
        component = _component(f"components[{place}]", each, own, existing, faults)
        if component and component.sku in parts:
            faults.add(f"components[{place}].sku", "catalog.duplicate", "a component is listed once", each.sku)
        elif component:
            parts[component.sku] = component
    return tuple(parts.values())


def _component(
    path: str, draft: ComponentDraft, own: set[str], existing: Mapping[str, Part], faults: Faults
) -> Component | None:
    wanted = key(draft.sku)
    part = existing.get(wanted)
    if wanted in own or (part and part.is_bundle):
        faults.add(f"{path}.sku", "catalog.bundle_of_bundles", "a bundle can't be made of bundles", draft.sku)
    elif part is None:
        faults.add(f"{path}.sku", "catalog.unknown_sku", "no product has this SKU; put it first", draft.sku)
    else:
        steps = faults.attempt(f"{path}.quantity", lambda: part.unit.steps(draft.quantity))
        return Component(wanted, steps) if steps else None
    return None


def price_weights(
    given: Mapping[str, Amount], components: tuple[Component, ...], faults: Faults
) -> tuple[tuple[str, int], ...]:
    """A whole weight for each component, in their order; none at all where the price is spread by what they cost."""
    if not given:
        return ()
    weights: dict[str, int] = {}
    for sku, amount in given.items():
        path = f"price_weights.{sku!s:.80}"
        weight = faults.attempt(path, partial(exact, amount, "weight"))
        if weight is None:
            continue
        if weight != int(weight) or not 0 <= weight <= HEAVIEST:
            faults.add(path, "catalog.invalid_weight", f"must be a whole number from 0 to {HEAVIEST}", str(amount))
        weights[key(sku)] = int(weight)
    missing = [each.sku for each in components if each.sku not in weights]
    strange = sorted(weights.keys() - {each.sku for each in components})
    if missing or strange:
        wanted = "must name each component once, and nothing else"
        faults.add("price_weights", "catalog.invalid_weights", wanted, ", ".join(missing or strange))
    elif not any(weights.values()):
        faults.add("price_weights", "catalog.invalid_weights", "must not all be zero", "0")
    return tuple((each.sku, weights[each.sku]) for each in components if each.sku in weights)
