"""An act: what somebody is about to do, in words and as a call, with all its arguments decided."""

from collections.abc import Callable
from random import Random
from typing import Any

import attrs

from tokolib.testing.simulator.book import Wish
from tokolib.testing.simulator.world import World


def forget(_: Any) -> None:
    """Learn nothing from an answer."""


@attrs.frozen
class Act:
    """Something that somebody does, once or, when no answer comes, again in the same words."""

    says: str
    """What a person would tell of it: `pays ord_… by transfer`."""
    do: Callable[[Any], Any]
    """Called with the shop; what it answers is awaited if it must be."""
    again: bool = True
    """Whether it is safe to repeat, so that whoever gets no answer sends it again."""
    then: Callable[[Any], None] = forget
    """What is remembered of the answer, when one came."""
    wish: Wish | None = None
    """The order that is asked for, if it is one."""


Choose = Callable[[World, Random], Act | None]
"""Decides on an act by luck; None when there is nothing to do."""


@attrs.frozen
class Rule:
    """What may happen, how often, and whether it counts as a step."""

    choose: Choose
    weight: int
    counts: bool = True
    """Whether it is a step; cart edits, the clock and what happens at the bank only are none."""
