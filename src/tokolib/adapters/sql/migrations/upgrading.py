"""Brings a database up to date, each step in a transaction of its own, and tells what is right and wrong with it."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager

from tokolib.adapters.sql.migrations.blueprint import Blueprint
from tokolib.adapters.sql.migrations.reporting import SchemaReport, report
from tokolib.adapters.sql.migrations.running import apply, steps
from tokolib.adapters.sql.session import Session

Turn = Callable[..., AbstractAsyncContextManager[Session]]
"""A transaction: `turn(writes=True)`."""


async def upgrade(turn: Turn, blueprint: Blueprint, *, dry_run: bool) -> Sequence[str]:
    """Make what is missing; *dry_run* only tells it. Looked at first without writing, and again before each step,
    because another program may have been quicker.

    Raises:
        SchemaTooNew, SchemaChanged, AdapterConfig: it can't be brought up to date. Nothing was changed.
    """
    async with turn(writes=False) as session:
        lacking = await steps(session, blueprint)
    if dry_run:
        return tuple(name for step in lacking for name in step.makes)
    made: list[str] = []
    for _ in lacking:
        async with turn(writes=True) as session:
            for step in (await steps(session, blueprint))[:1]:
                await apply(session, step)
                made += step.makes
    return tuple(made)


async def told(turn: Turn, blueprint: Blueprint) -> SchemaReport:
    """What is right and wrong; nothing is changed."""
    async with turn(writes=False) as session:
        return await report(session, blueprint)
