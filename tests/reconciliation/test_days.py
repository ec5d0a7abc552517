"""The days that are reconciled."""

from datetime import UTC, date, datetime

import pytest

from tokolib.kernel.errors import InvalidInput

DAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("days", "path"),
    [
        ({"since": datetime(2026, 3, 2, tzinfo=UTC)}, "since"),
        ({"since": DAY, "as_of": datetime(2026, 3, 2, tzinfo=UTC)}, "as_of"),
        ({"since": DAY, "as_of": date(2026, 3, 1)}, "as_of"),
    ],
)
def test_days_that_are_none_or_reversed_are_refused(play_in_memory, days, path):
    """Nothing is reconciled over a moment, or backwards, and the argument is named."""

    async def body(toko):
        with pytest.raises(InvalidInput) as refused:
            await toko.settlements.reconcile("fake", **days)
        assert [fault.path for fault in refused.value.faults] == [path]

    play_in_memory(body)


def test_a_reconciliation_explains_itself_in_english_by_default(play_in_memory):
    """As payments and orders do."""

    async def body(toko):
        found = await toko.settlements.reconcile("fake", since=DAY, as_of=DAY)
        assert found.explain() == found.explain("en")

    play_in_memory(body)
