"""Licences: keys of digital goods, kept sealed in a pool, granted as they are paid for, revoked as they come back."""

from typing import TYPE_CHECKING

from tokolib.kernel.lazy import exports

if TYPE_CHECKING:
    from tokolib.fulfilment.licences.errors import (
        IllegalLicenceTransition,
        KeysKnown,
        NoSealer,
        NotDigital,
        SealBroken,
    )
    from tokolib.fulfilment.licences.model import Licence, LicenceState
    from tokolib.fulfilment.licences.sealing import Sealer

__all__ = [
    "IllegalLicenceTransition",
    "KeysKnown",
    "Licence",
    "LicenceState",
    "NoSealer",
    "NotDigital",
    "SealBroken",
    "Sealer",
]

__getattr__ = exports(
    __name__,
    {
        "IllegalLicenceTransition": "errors",
        "KeysKnown": "errors",
        "Licence": "model",
        "LicenceState": "model",
        "NoSealer": "errors",
        "NotDigital": "errors",
        "SealBroken": "errors",
        "Sealer": "sealing",
    },
)
