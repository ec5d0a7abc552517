"""Shops in memory, put through everything that goes wrong: no promise is broken, and every rare state is reached."""

import pytest


@pytest.mark.parametrize("part", range(4))
def test_no_seed_breaks_a_promise_in_memory(run_seeds, part):
    """In each part 3,500 steps that changed the store or met a refusal, one in seven of them awaited."""
    run_seeds("memory", blocking=3_000, awaited=500, first=1_000 * part)
