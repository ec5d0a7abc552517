"""Shops in memory, put through everything that goes wrong: no promise is broken, and every rare state is reached."""

import pytest


@pytest.mark.parametrize("part", range(4))
def test_no_seed_breaks_a_promise_in_memory(run_seeds, part):
    """In each part 1,750 steps that changed the store or met a refusal, by a server four times that; 1 in 7 async."""
    run_seeds("memory", blocking=1_500, awaited=250, first=1_000 * part)
