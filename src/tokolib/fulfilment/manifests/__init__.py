"""Manifests: what a courier's driver was given, in one document, handed over as one."""

from typing import TYPE_CHECKING

from tokolib.kernel.lazy import exports

if TYPE_CHECKING:
    from tokolib.fulfilment.manifests.errors import NotLabelled, OnManifest
    from tokolib.fulfilment.manifests.model import Manifest, ManifestParcel

__all__ = ["Manifest", "ManifestParcel", "NotLabelled", "OnManifest"]

__getattr__ = exports(
    __name__,
    {
        "Manifest": "model",
        "ManifestParcel": "model",
        "NotLabelled": "errors",
        "OnManifest": "errors",
    },
)
