"""Shops on SQLite and on PostgreSQL, put through the same; and the same seed is the same shop on all of them."""

import asyncio

from tokolib.testing import asimulate, simulate


def test_no_seed_breaks_a_promise_on_sqlite(run_seeds):
    """2,000 steps, or four times as many by a server, one in four of them awaited."""
    run_seeds("sqlite", blocking=1_500, awaited=500, first=5_000)


def test_no_seed_breaks_a_promise_on_postgres(run_seeds):
    """1,000 steps, or four times as many by a server, one in four of them awaited."""
    run_seeds("postgres", blocking=750, awaited=250, first=6_000)


def test_a_seed_is_the_same_everywhere(make_storage):
    """Whatever the storage and the colour: the same steps change it, the same are refused, the same is reached."""
    there = [make_storage(kind) for kind in ("memory", "sqlite", "postgres")]

    told = [simulate(7, steps=60, storage=storage) for storage in there]
    told += [asyncio.run(asimulate(7, steps=60, storage=storage)) for storage in there]

    assert [told[0]] * len(told) == told
