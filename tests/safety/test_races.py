"""Many processes go for the last units of three articles."""

import os
from collections.abc import Callable
from typing import Any

import pytest
from safety.races import race
from safety.site import Site
from safety.tills import naive_counter, shop_counter

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
Count = Callable[[object], None]


class Races:
    """What must come out wherever the shop is kept."""

    def test_everything_is_sold_and_nothing_twice(self, site: Site, amount: Any, count: Count) -> None:
        """Every unit is sold once, nobody was refused one that is left, and the books are sound."""
        processes, buyers, units = amount((4, 20, 10), (8, 250, 120))

        raced = race(shop_counter(site, units), processes=processes, buyers=buyers, units=units)

        count(f"{site.name}: {raced}")
        assert [units] * 3 == list(raced.sold.values())
        assert (0, 0, ()) == (raced.oversold, raced.lost, raced.violations)

    def test_the_race_sees_a_till_that_oversells(self, site: Site, amount: Any, count: Count) -> None:
        """The control: a look, a decision and an unconditional write sell what isn't there, and the race tells."""
        processes, buyers, units = amount((4, 20, 10), (8, 250, 120))

        raced = race(naive_counter(site, units, processes=processes), processes=processes, buyers=buyers, units=units)

        count(f"{site.name}, naive control: {raced}")
        assert raced.oversold > 0


class TestOnSqlite(Races):
    @pytest.fixture
    def site(self, on_file: Site) -> Site:
        return on_file


class TestOnPostgres(Races):
    @pytest.fixture
    def site(self, on_server: Site) -> Site:
        return on_server
