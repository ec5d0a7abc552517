"""What happens to a licence. The key is in none of them but sealed, in the first."""

from datetime import datetime
from typing import ClassVar

import attrs

from tokolib.fulfilment.licences.model import Grant, Licence
from tokolib.kernel.events import Event


@attrs.frozen
class LicenceAdded(Event):
    """It came into the pool."""

    topic: ClassVar[str] = "fulfilment.licence_added"
    licence: Licence


@attrs.frozen
class LicenceGranted(Event):
    """It is the customer's, for a unit of an order."""

    topic: ClassVar[str] = "fulfilment.licence_granted"
    grant: Grant


@attrs.frozen
class LicenceRead(Event):
    """Its key was read; who did is told by the history."""

    topic: ClassVar[str] = "fulfilment.licence_read"
    at: datetime


@attrs.frozen
class LicenceRevoked(Event):
    """It is the customer's no more."""

    topic: ClassVar[str] = "fulfilment.licence_revoked"
    reason: str


@attrs.frozen
class LicenceWithdrawn(Event):
    """It was taken out of the pool: nobody had it, and nobody gets it."""

    topic: ClassVar[str] = "fulfilment.licence_withdrawn"
    reason: str
