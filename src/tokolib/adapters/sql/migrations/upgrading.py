"""Brings a database up to date, each step in a transaction of its own, and tells what is right and wrong with it."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager

from tokolib.adapters.sql.migrations.blueprint import Blueprint
from tokolib.adapters.sql.migrations.reporting import SchemaReport, report
from tokolib.adapters.sql.migrations.running import apply, steps
from tokolib.adapters.sql.session import Session
from tokolib.kernel.storage_errors import StorageError

Turn = Callable[..., AbstractAsyncContextManager[Session]]
"""A transaction: `turn(writes=True)`."""


async def upgrade(turn: Turn, blueprint: Blueprint, *, dry_run: bool) -> Sequence[str]:
    """Make what is missing; *dry_run* only tells it. Another program that does the same at once does no harm: what it
    was quicker with is left to it.

    Raises:
        SchemaTooNew, SchemaChanged, AdapterConfig: it can't be brought up to date. Nothing was changed.
    """
    wanted = await _lacking(turn, blueprint)
    if dry_run:
        return wanted
    made: list[str] = []
    while wanted:
        try:
            made += await _first_step(turn, blueprint)
            wanted = await _lacking(turn, blueprint)
        except StorageError:
            before, wanted = wanted, await _lacking(turn, blueprint)
            if wanted == before:
                raise
    return tuple(made)


async def _lacking(turn: Turn, blueprint: Blueprint) -> Sequence[str]:
    async with turn(writes=False) as session:
        return tuple(name for step in await steps(session, blueprint) for name in step.makes)


async def _first_step(turn: Turn, blueprint: Blueprint) -> Sequence[str]:
    async with turn(writes=True) as session:
        for step in await steps(session, blueprint):
            await apply(session, step)
            return step.makes
    return ()


async def told(turn: Turn, blueprint: Blueprint) -> SchemaReport:
    """What is right and wrong; nothing is changed."""
    async with turn(writes=False) as session:
        return await report(session, blueprint)
