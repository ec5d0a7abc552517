"""How events make a manifest: it is written once."""

from tokolib.fulfilment.manifests.events import ManifestClosed
from tokolib.fulfilment.manifests.model import Manifest
from tokolib.kernel.events import Event


def evolve_manifest(state: Manifest | None, event: Event) -> Manifest:
    """The manifest after *event*."""
    if state is None and isinstance(event, ManifestClosed):
        return event.manifest
    raise TypeError(f"a manifest is closed once, and not changed by {type(event).__name__}")
