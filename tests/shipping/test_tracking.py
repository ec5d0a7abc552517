"""The state of a parcel does not depend on the order, number or repetition of scans."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokolib.kernel.errors import NaiveDatetime
from tokolib.shipping.errors import ScanInvalid
from tokolib.shipping.tracking import FINAL, Scan, Tracking, TrackingStatus, fold

S = TrackingStatus
START = datetime(2026, 1, 1, 3, 0, tzinfo=UTC)


def at(hour: int, status: TrackingStatus, text: str = "") -> Scan:
    return Scan(START + timedelta(hours=hour), status, raw_text=text)


def test_a_plain_journey():
    """Picked up, on its way, delivered."""
    state = fold([at(1, S.PICKED_UP), at(5, S.IN_TRANSIT), at(9, S.OUT_FOR_DELIVERY), at(11, S.DELIVERED)])

    assert (S.DELIVERED, START + timedelta(hours=11), 4, False) == (
        state.status,
        state.delivered_at,
        len(state.scans),
        state.is_final,
    )


def test_nothing_yet_is_pending():
    """No scans, or one that only repeats it."""
    assert Tracking() == fold([])
    assert START == fold([at(0, S.PENDING)]).since


def test_a_delivered_parcel_may_come_back():
    """Delivered, then returned: both instants are kept."""
    state = fold([at(9, S.DELIVERED), at(20, S.RETURN_TO_SENDER), at(30, S.IN_TRANSIT), at(40, S.RETURNED)])

    assert (S.RETURNED, True, ()) == (state.status, state.is_final, state.anomalies)
    assert (START + timedelta(hours=9), START + timedelta(hours=40)) == (state.delivered_at, state.returned_at)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (S.DELIVERED, S.IN_TRANSIT),
        (S.DELIVERED, S.CANCELLED),
        (S.RETURNED, S.DELIVERED),
        (S.CANCELLED, S.PICKED_UP),
        (S.RETURN_TO_SENDER, S.DELIVERED),
    ],
)
def test_what_cant_follow_is_kept_as_an_anomaly(first, second):
    """The scan stays; the state too."""
    state = fold([at(1, first), at(2, second)])

    assert (first, [(second, first)], 2) == (
        state.status,
        [(anomaly.scan.status, anomaly.status) for anomaly in state.anomalies],
        len(state.scans),
    )


def test_an_unknown_phrase_changes_nothing_and_is_kept():
    """Couriers invent new ones."""
    state = fold([at(1, S.IN_TRANSIT), at(2, S.UNKNOWN, "PAKET DI GUDANG LAIN")])

    assert (S.IN_TRANSIT, "PAKET DI GUDANG LAIN") == (state.status, state.scans[-1].raw_text)


def test_one_scan_told_in_two_zones_is_one():
    """The instant counts, not how it is written."""
    wib = Scan(START.astimezone(ZoneInfo("Asia/Jakarta")), S.PICKED_UP)

    assert 1 == len(fold([wib, Scan(START, S.PICKED_UP)]).scans)


def test_the_first_delivery_counts():
    """A second report of it later changes nothing."""
    assert START + timedelta(hours=1) == fold([at(1, S.DELIVERED), at(2, S.DELIVERED, "POD")]).delivered_at


scans = st.builds(
    Scan,
    st.integers(0, 5).map(lambda hours: START + timedelta(hours=hours)),
    st.sampled_from(TrackingStatus),
    raw_code=st.sampled_from(["", "D01"]),
    raw_text=st.sampled_from(["", "x"]),
    place=st.sampled_from(["", "SUB"]),
)


@given(st.lists(scans, max_size=8), st.randoms(use_true_random=False), st.integers(1, 3))
def test_order_and_repetition_change_nothing(reported, luck, times):
    """The fold is a function of the set of scans."""
    again = reported * times
    luck.shuffle(again)
    state = fold(again)

    assert fold(reported) == state
    assert fold(state.scans) == state
    assert list(state.scans) == sorted(state.scans, key=lambda scan: scan.at)
    if state.is_final:
        assert state.status in FINAL


def test_a_scan_needs_a_zone_and_a_measure():
    """Naive times and novels are refused."""
    with pytest.raises(NaiveDatetime):
        Scan(datetime(2026, 1, 1), S.DELIVERED)  # noqa: DTZ001
    with pytest.raises(ScanInvalid, match="raw_text"):
        at(0, S.DELIVERED, "x" * 2001)
