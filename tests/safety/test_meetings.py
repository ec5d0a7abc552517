"""Two people go for one order at the same moment, in processes of their own: one end, or a refusal by name."""

import os

import pytest
from safety.pairs import PAIRS, meet

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
TIMES = {"ci": 200, "soak": 2_000}.get(os.environ.get("TOKOLIB_HYPOTHESIS_PROFILE", "dev"), 40)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.name.replace(" ", "-"))
def test_nothing_is_lost_or_mixed_up_where_two_meet(pair, on_server, count):
    """On PostgreSQL: either is first at times, and the books and the stock say what one after the other would."""
    on_server.furnish(5 * TIMES)

    met = meet(on_server, pair, TIMES)

    count(str(met))
    assert met.faults == ()
    assert min(met.first.values()) >= TIMES // 20
