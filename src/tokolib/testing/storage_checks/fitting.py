"""What fits through the port: whole numbers, text, bytes and instants with a zone."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Final

import attrs
import pytest

from tokolib.kernel.errors import NaiveDatetime
from tokolib.kernel.rows import Demand, HoldState
from tokolib.kernel.storage_errors import Misuse
from tokolib.testing.storage_checks.driven import Driven
from tokolib.testing.storage_checks.setting import (
    GOODS,
    MICROSECOND,
    NOTES,
    NOW,
    SOON,
    Setting,
    demand,
    entry,
    event,
    everything,
    goods,
)
from tokolib.testing.storage_checks.transactions import Use

NO_INTEGERS: Final[tuple[Any, ...]] = (1.0, True, "1", 2**63)
NO_TEXTS: Final[tuple[Any, ...]] = ("nul\0", "half \ud83d", b"a", 1, None)
NO_BYTES: Final[tuple[Any, ...]] = ("text", bytearray(b"1"), memoryview(b"1"), 1, None)
NAIVE: Final = SOON.replace(tzinfo=None)
JAKARTA: Final = timezone(timedelta(hours=7))

NUMBERS: Final[dict[str, Any]] = {
    "insert": lambda unit, n: unit.insert(GOODS, "a", b"1", goods("a", rank=n)),
    "insert, facts": lambda unit, n: unit.insert(
        GOODS, "a", b"1", goods("a"), {"goods_line": [{"sku": "a", "quantity": n}]}
    ),
    "replace": lambda unit, n: unit.replace(NOTES, "a", b"1", {}, expected=n),
    "delete": lambda unit, n: unit.delete(NOTES, "a", expected=n),
    "append": lambda unit, n: unit.append("s", [attrs.evolve(event("s", 2), seq=2)], expected=n),
    "post": lambda unit, n: unit.post("money", [entry("a", amount=n)]),
    "count": lambda unit, n: unit.count("c", n),
    "count, floor": lambda unit, n: unit.count("c", 1, floor=n),
    "count, ceiling": lambda unit, n: unit.count("c", 1, ceiling=n),
    "hold": lambda unit, n: unit.hold([Demand("h", "kopi", n, "o")], until=SOON, now=NOW),
    "adjust": lambda unit, n: unit.adjust("kopi", n),
    "find": lambda unit, n: unit.find(GOODS, "by_rank", equals={"rank": n}),
    "find, since": lambda unit, n: unit.find(GOODS, "by_rank", since=n),
    "find, until": lambda unit, n: unit.find(GOODS, "by_rank", until=n),
    "find, limit": lambda unit, n: unit.find(GOODS, "by_rank", limit=n),
    "history, after": lambda unit, n: unit.history("s", after=n),
    "history, limit": lambda unit, n: unit.history("s", limit=n),
    "ledger, limit": lambda unit, n: unit.ledger("money", limit=n),
}
TEXTS: Final[dict[str, Any]] = {
    "insert": lambda unit, t: unit.insert(NOTES, t, b"1", {}),
    "replace": lambda unit, t: unit.replace(NOTES, t, b"1", {}, expected=1),
    "delete": lambda unit, t: unit.delete(NOTES, t, expected=1),
    "append": lambda unit, t: unit.append(t, [attrs.evolve(event("s", 1), stream=t)], expected=0),
    "append, id": lambda unit, t: unit.append("s", [event("s", 1), attrs.evolve(event("s", 2), id=t)], expected=0),
    "append, topic": lambda unit, t: unit.append("s", [attrs.evolve(event("s", 1), topic=t)], expected=0),
    "post": lambda unit, t: unit.post(t, [entry("a")]),
    "post, id": lambda unit, t: unit.post("money", [entry("a"), attrs.evolve(entry("b"), id=t)]),
    "post, batch": lambda unit, t: unit.post("money", [attrs.evolve(entry("a"), batch=t), entry("b")]),
    "post, account": lambda unit, t: unit.post("money", [attrs.evolve(entry("a"), account=t)]),
    "post, unit": lambda unit, t: unit.post("money", [attrs.evolve(entry("a"), unit=t)]),
    "post, kind": lambda unit, t: unit.post("money", [attrs.evolve(entry("a"), kind=t)]),
    "post, refers_to": lambda unit, t: unit.post("money", [attrs.evolve(entry("a"), refers_to=t)]),
    "count": lambda unit, t: unit.count(t, 1),
    "hold": lambda unit, t: unit.hold([demand(t)], until=SOON, now=NOW),
    "hold, resource": lambda unit, t: unit.hold([demand("h", t)], until=SOON, now=NOW),
    "hold, owner": lambda unit, t: unit.hold([attrs.evolve(demand("h"), owner=t)], until=SOON, now=NOW),
    "keep": lambda unit, t: unit.keep([t], now=NOW),
    "take": lambda unit, t: unit.take([t], now=NOW),
    "release": lambda unit, t: unit.release([t]),
    "adjust": lambda unit, t: unit.adjust(t, 1),
    "remember": lambda unit, t: unit.remember(t, "k", "print", b"1"),
    "remember, key": lambda unit, t: unit.remember("place", t, "print", b"1"),
    "remember, fingerprint": lambda unit, t: unit.remember("place", "k", t, b"1"),
}
BYTES: Final[dict[str, Any]] = {
    "insert": lambda unit, b: unit.insert(NOTES, "a", b, {}),
    "replace": lambda unit, b: unit.replace(NOTES, "a", b, {}, expected=1),
    "append": lambda unit, b: unit.append("s", [event("s", 1), attrs.evolve(event("s", 2), payload=b)], expected=0),
    "remember": lambda unit, b: unit.remember("place", "k", "print", b),
}
INSTANTS: Final[dict[str, Use]] = {
    "hold, until": lambda unit: unit.hold([demand("h")], until=NAIVE, now=NOW),
    "hold, now": lambda unit: unit.hold([demand("h")], until=None, now=NAIVE),
    "keep": lambda unit: unit.keep(["h"], now=NAIVE),
    "take": lambda unit: unit.take(["h"], now=NAIVE),
    "levels": lambda unit: unit.levels(["kopi"], now=NAIVE),
    "append": lambda unit: unit.append("s", [event("s", 1, at=NAIVE)], expected=0),
    "append, second": lambda unit: unit.append("s", [event("s", 1), event("s", 2, at=NAIVE)], expected=0),
    "post": lambda unit: unit.post("money", [entry("a"), attrs.evolve(entry("b"), at=NAIVE)]),
}


class FitChecks(Setting):
    """Nothing is rounded, guessed or cut to fit."""

    @pytest.mark.parametrize("name", NUMBERS)
    def test_only_whole_numbers_pass(self, store: Driven, name: str) -> None:
        """A float, a truth value, text, and what exceeds 64 bits are refused where a number is asked for."""
        with store.unit() as unit:
            for number in NO_INTEGERS:
                with pytest.raises(Misuse):
                    NUMBERS[name](unit, number)

        assert not any(everything(store).values())

    @pytest.mark.parametrize("name", TEXTS)
    def test_only_text_that_every_backend_keeps_passes(self, store: Driven, name: str) -> None:
        """Text with a NUL character or half a character, bytes and numbers are refused where a write asks for text."""
        with store.unit() as unit:
            for text in NO_TEXTS:
                with pytest.raises(Misuse):
                    TEXTS[name](unit, text)

        assert not any(everything(store).values())

    @pytest.mark.parametrize("name", BYTES)
    def test_only_bytes_are_kept_as_bytes(self, store: Driven, name: str) -> None:
        """A body, an event's payload, and what a key answers, are bytes and nothing that resembles them."""
        with store.unit() as unit:
            for body in NO_BYTES:
                with pytest.raises(Misuse):
                    BYTES[name](unit, body)

        assert not any(everything(store).values())

    @pytest.mark.parametrize("name", INSTANTS)
    def test_a_naive_instant_passes_nowhere(self, store: Driven, name: str) -> None:
        """An instant without a zone is refused by every method that takes one, and nothing is recorded."""
        with store.unit() as unit, pytest.raises(NaiveDatetime):
            INSTANTS[name](unit)

        assert not any(everything(store).values())

    def test_every_instant_keeps_its_microseconds(self, store: Driven) -> None:
        """Instants of events, entries and leases come back in UTC, to the microsecond, whatever zone they came in."""
        local = (NOW + MICROSECOND).astimezone(JAKARTA)
        with store.unit() as unit:
            unit.append("s", [event("s", 1, at=local)], expected=0)
            unit.post("money", [attrs.evolve(entry("a"), at=local)])
            unit.adjust("kopi", 1)
            unit.hold([demand("h")], until=local, now=NOW.astimezone(JAKARTA))

        with store.reading() as unit:
            lease = unit.holds(["h"])["h"]
            found: list[datetime] = [unit.history("s")[0].at, unit.ledger("money").items[0].at, lease.until]
        assert [NOW + MICROSECOND] * 3 == found
        assert [UTC] * 3 == [at.tzinfo for at in found]
        assert HoldState.LEASED == lease.state
