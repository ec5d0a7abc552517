"""Where a parcel is: a courier's scans, folded into one state whatever their order, number or repetitions.

An unknown phrase is kept and changes nothing. The courier's own times decide, never the order of arrival. What ends
a journey (`delivered`, `returned`, `cancelled`) is left only where the world really does so: a delivered parcel may
still be sent back, but it isn't in transit again; a scan that says so is kept as an anomaly.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final

import attrs

from tokolib.kernel.annotations import check_fields
from tokolib.kernel.clock import aware
from tokolib.shipping.errors import ScanInvalid


class TrackingStatus(StrEnum):
    """One vocabulary for all couriers, in the order in which a journey goes."""

    UNKNOWN = "unknown"
    PENDING = "pending"
    INFO_RECEIVED = "info_received"
    PICKED_UP = "picked_up"
    IN_TRANSIT = "in_transit"
    DELIVERY_DELAYED = "delivery_delayed"
    ON_HOLD = "on_hold"
    READY_FOR_COLLECTION = "ready_for_collection"
    """It waits at a collection point."""
    OUT_FOR_DELIVERY = "out_for_delivery"
    ATTEMPT_FAILED = "attempt_failed"
    DELIVERED = "delivered"
    RETURN_TO_SENDER = "return_to_sender"
    RETURNED = "returned"
    EXCEPTION = "exception"
    """Lost or damaged."""
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    """The courier stopped reporting."""


_S = TrackingStatus
_ORDER: Final = {status: place for place, status in enumerate(TrackingStatus)}
_LEFT_FOR: Final[Mapping[TrackingStatus, frozenset[TrackingStatus]]] = {
    _S.DELIVERED: frozenset({_S.RETURN_TO_SENDER, _S.RETURNED, _S.EXCEPTION}),
    _S.RETURN_TO_SENDER: frozenset({_S.RETURNED, _S.EXCEPTION}),
    _S.RETURNED: frozenset(),
    _S.CANCELLED: frozenset(),
}
"""What may follow a state that isn't left for just anything; a state that isn't listed may be left for any other."""

_ON_THE_WAY: Final = frozenset(
    {_S.PICKED_UP, _S.IN_TRANSIT, _S.DELIVERY_DELAYED, _S.ON_HOLD, _S.READY_FOR_COLLECTION, _S.OUT_FOR_DELIVERY}
    | {_S.ATTEMPT_FAILED}
)
"""What a parcel also reports on its way back: no news, and no anomaly. "Delivered" on the way back is one, since
couriers say it both of the sender and of a customer who took the parcel after all; a person decides."""

FINAL: Final = frozenset({_S.RETURNED, _S.CANCELLED})
"""Nothing follows these. `delivered` isn't among them: a parcel may still come back."""


@attrs.frozen
class Scan:
    """One report of a courier, as it came, and what it means here."""

    at: datetime
    """The courier's time, aware."""
    status: TrackingStatus
    raw_code: str = ""
    raw_text: str = ""
    place: str = ""

    def __attrs_post_init__(self) -> None:
        check_fields(self)
        aware(self.at, "scan.at")
        for name, limit in (("raw_code", 100), ("raw_text", 2000), ("place", 300)):
            if len(getattr(self, name)) > limit:
                raise ScanInvalid(name, f"longer than {limit} characters")

    @property
    def identity(self) -> tuple[datetime, str, str]:
        """Two scans with the same time, text and code are one."""
        return aware(self.at, "scan.at"), self.raw_text, self.raw_code or self.status


@attrs.frozen
class Anomaly:
    """A scan that can't follow the state it met; it changed nothing."""

    scan: Scan
    status: TrackingStatus


@attrs.frozen
class Tracking:
    """The state of a parcel, by all scans known so far."""

    status: TrackingStatus = TrackingStatus.PENDING
    since: datetime | None = None
    delivered_at: datetime | None = None
    """When it was first delivered, even if it came back later."""
    returned_at: datetime | None = None
    scans: tuple[Scan, ...] = ()
    """By the courier's time, each once."""
    anomalies: tuple[Anomaly, ...] = ()

    @property
    def is_final(self) -> bool:
        """Whether nothing more is expected."""
        return self.status in FINAL


def fold(scans: Iterable[Scan]) -> Tracking:
    """The state after *scans*, the same for every order and any repetition of them."""
    known: dict[tuple[datetime, str, str], Scan] = {}
    for scan in scans:
        kept = known.get(scan.identity)
        if kept is None or _rank(scan) < _rank(kept):
            known[scan.identity] = scan
    state = Tracking()
    for scan in sorted(known.values(), key=_rank):
        state = _after(state, scan)
    return state


def _rank(scan: Scan) -> tuple[datetime, int, str, str, str]:
    return aware(scan.at, "scan.at"), _ORDER[scan.status], scan.raw_text, scan.raw_code, scan.place


def _after(state: Tracking, scan: Scan) -> Tracking:
    scans = (*state.scans, scan)
    if scan.status is TrackingStatus.UNKNOWN:
        return attrs.evolve(state, scans=scans)
    if scan.status is state.status:
        return attrs.evolve(state, scans=scans, since=state.since or scan.at)
    if state.status is TrackingStatus.RETURN_TO_SENDER and scan.status in _ON_THE_WAY:
        return attrs.evolve(state, scans=scans)
    followers = _LEFT_FOR.get(state.status)
    if followers is not None and scan.status not in followers:
        anomalies = (*state.anomalies, Anomaly(scan, state.status))
        return attrs.evolve(state, scans=scans, anomalies=anomalies)
    delivered = scan.at if scan.status is TrackingStatus.DELIVERED else None
    returned = scan.at if scan.status is TrackingStatus.RETURNED else None
    return attrs.evolve(
        state,
        status=scan.status,
        since=scan.at,
        delivered_at=state.delivered_at or delivered,
        returned_at=state.returned_at or returned,
        scans=scans,
    )
