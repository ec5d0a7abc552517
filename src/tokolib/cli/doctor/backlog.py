"""What waits in a storage of ours: events on their way out, events that were given up, holds that ran out."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from tokolib.adapters.sql.names import Names
from tokolib.adapters.units.instants import from_micros, to_micros
from tokolib.cli.doctor.finding import Finding, ok, warning

Ask = Callable[[str], Sequence[Sequence[Any]]]
"""The rows that a query finds."""

LONG: Final = timedelta(days=1)
"""A hold that ran out this long ago is nobody's any more."""
SHOWN: Final = 5
"""Shops whose dead letters are counted one by one."""


def backlog(ask: Ask, names: Names, now: datetime) -> Iterator[Finding]:
    """The events and the holds of all shops in the storage."""
    yield _waiting(ask, names)
    yield _dead(ask, names)
    yield _leases(ask, names, now)


def _waiting(ask: Ask, names: Names) -> Finding:
    query = f"SELECT count(*), min(due) FROM {names.fixed('outbox')} WHERE done IS NULL AND buried IS NULL"  # noqa: S608
    [[count, due]] = ask(query)
    since = f", the first of them due since {_moment(due)}" if count else ""
    return ok("outbox", f"{_events(count)} waiting to be sent{since}")


def _dead(ask: Ask, names: Names) -> Finding:
    query = (
        f"SELECT partition, count(*) FROM {names.fixed('outbox')} "  # noqa: S608
        "WHERE buried IS NOT NULL AND done IS NULL GROUP BY partition ORDER BY partition"
    )
    found = ask(query)
    if not found:
        return ok("dead letters", "none")
    more = f", and {len(found) - SHOWN} shops more" if len(found) > SHOWN else ""
    told = ", ".join(f"{count} of shop {partition}" for partition, count in found[:SHOWN])
    return warning(
        "dead letters",
        f"{_events(sum(count for _, count in found))} given up ({told}{more}); later ones of their streams wait",
        "read shop.outbox.dead_letters(), then shop.outbox.revive(ids) or shop.outbox.dismiss(ids)",
    )


def _leases(ask: Ask, names: Names, now: datetime) -> Finding:
    until = to_micros(now - LONG, "now")
    query = (
        f"SELECT count(*), min(until) FROM {names.fixed('hold')} "  # noqa: S608
        f"WHERE state = 'leased' AND until < {until:d}"
    )
    [[count, first]] = ask(query)
    if not count:
        return ok("holds", "none ran out more than a day ago")
    holds = "1 stock hold" if count == 1 else f"{count} stock holds"
    since = f"the first on {_moment(first)}"
    return ok("holds", f"{holds} ran out more than a day ago, {since}; who wants the goods next frees them")


def _events(count: int) -> str:
    return "1 event" if count == 1 else f"{count} events"


def _moment(micros: int) -> str:
    return f"{from_micros(micros):%Y-%m-%d %H:%M} UTC"
