"""What is kept of manifests."""

from typing import Protocol

from tokolib.fulfilment.manifests.model import Manifest
from tokolib.kernel.unit import Port, Repository


class Manifests(Repository[Manifest], Protocol):
    """Manifests by id; index `by_number` has all of them, `by_account` those of one courier account."""


MANIFESTS: Port[Manifests] = Port("manifests")
