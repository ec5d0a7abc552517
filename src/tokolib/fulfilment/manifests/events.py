"""What happens to a manifest."""

from typing import ClassVar

import attrs

from tokolib.fulfilment.manifests.model import Manifest
from tokolib.kernel.events import Event


@attrs.frozen
class ManifestClosed(Event):
    """A driver was given its parcels."""

    topic: ClassVar[str] = "fulfilment.manifest_closed"
    manifest: Manifest
