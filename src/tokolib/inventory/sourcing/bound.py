"""How little any plan can cost: the Lagrangian dual, in whole numbers.

Each demand is given a worth of a step, at most what going short costs. For these worths every location stands alone:
it is used when what it can send is worth more than what it costs. The sum of all worths, less what the locations
earn, is never more than the cost of a plan, whatever the worths. Subgradient steps look for the worths under which
it is highest. Demands that share a SKU are let have its level each for itself, which can only lower the sum.
"""

from collections.abc import Iterator
from typing import NamedTuple

import attrs

from tokolib.inventory.sourcing.problem import Problem

PATIENCE = 6
"""Rounds without a better sum, before the steps become half as long."""
FINEST = 10
"""How often they do."""


class Item(NamedTuple):
    """A demand as the bound sees it: a pool by the step, or a group as one step."""

    steps: int
    """That can be had at all."""
    most: int
    """The highest worth of a step: what going short costs."""
    offers: tuple[tuple[int, int, int], ...]
    """Cost, number of the location, and steps that it can send, the cheapest first."""


@attrs.frozen
class Relaxed:
    """The question with the demands loosened."""

    items: tuple[Item, ...]
    lost: int
    """The cost of what no location has."""
    use: tuple[int, ...]
    first: int
    most: int

    @property
    def work(self) -> int:
        """Steps of work that one sum takes."""
        return sum(len(item.offers) for item in self.items) + len(self.use)


class Worths(NamedTuple):
    """A sum, the worths that make it, what each location earns beyond its use, and which are used by it."""

    bound: int
    worths: tuple[int, ...]
    earned: tuple[int, ...]
    used: int
    full: bool
    """Whether more locations would earn than parcels are allowed."""


def relax(problem: Problem) -> Relaxed:
    """The question as the bound sees it."""
    items = [*_pools(problem), *_groups(problem)]
    lost = 0
    kept: list[Item] = []
    for item in items:
        there = min(item.steps, sum(steps for _, _, steps in item.offers))
        lost += (item.steps - there) * item.most
        if there:
            kept.append(item._replace(steps=there))
    return Relaxed(tuple(kept), lost, problem.use, problem.first, problem.most)


def _pools(problem: Problem) -> Iterator[Item]:
    for goods in problem.goods:
        for pool in goods.pools:
            offers = tuple(
                (source.cost, source.place, min(source.level, pool.steps))
                for source in goods.sources
                if pool.allowed >> source.place & 1 and source.cost < goods.short
            )
            yield Item(pool.steps, goods.short, offers)


def _groups(problem: Problem) -> Iterator[Item]:
    for group in problem.groups:
        yield Item(1, group.short, tuple((cost, place, 1) for cost, place in group.offers))


def start(relaxed: Relaxed) -> tuple[int, ...]:
    """Worths to begin with: what the cheapest step costs with the use of its location spread over the items."""
    spread = max(1, len(relaxed.items))
    return tuple(
        min(item.most, min(cost + relaxed.use[place] * 2 // (spread * steps) for cost, place, steps in item.offers))
        for item in relaxed.items
    )


def summed(relaxed: Relaxed, worths: tuple[int, ...], open: int, shut: int) -> Worths:
    """The sum for *worths* where the locations *open* are used and those *shut* are not."""
    earned = [-use for use in relaxed.use]
    bound = relaxed.lost - relaxed.first
    for item, worth in zip(relaxed.items, worths, strict=True):
        bound += worth * item.steps
        for cost, place, steps in item.offers:
            if cost >= worth:
                break
            earned[place] += (worth - cost) * steps
    rest = relaxed.most - open.bit_count()
    gaining = [at for at, gain in enumerate(earned) if gain > 0 and not (open | shut) >> at & 1]
    full = len(gaining) > rest
    if full:
        gaining = sorted(gaining, key=lambda at: (-earned[at], at))[:rest]
    used = open
    for at in gaining:
        used |= 1 << at
    bound -= sum(gain for at, gain in enumerate(earned) if used >> at & 1)
    return Worths(bound, worths, tuple(earned), used, full)


def climb(relaxed: Relaxed, worths: tuple[int, ...], open: int, shut: int, aim: int, rounds: int) -> Iterator[Worths]:
    """Ever other sums on the way up from *worths*; *aim* is what the cheapest known plan costs."""
    since, halved = 0, 0
    now = best = summed(relaxed, worths, open, shut)
    for _ in range(rounds):
        yield now
        if now.bound > best.bound:
            best, since = now, 0
        else:
            since += 1
        if since > PATIENCE:  # back to the best, and on in shorter steps
            now, since, halved = best, 0, halved + 1
        further = _step(relaxed, now, aim, halved)
        if halved > FINEST or further is None:
            return
        now = summed(relaxed, further, open, shut)


def _step(relaxed: Relaxed, now: Worths, aim: int, halved: int) -> tuple[int, ...] | None:
    """Worths a step further: more for what is sent too little, less for what is sent too much; None at the top."""
    missing = [
        item.steps - sum(steps for cost, place, steps in item.offers if cost < worth and now.used >> place & 1)
        for item, worth in zip(relaxed.items, now.worths, strict=True)
    ]
    size = sum(each * each for each in missing)
    if not size or aim <= now.bound:
        return None
    length = max((aim - now.bound) * 3 // (2 * size) >> halved, 1)
    return tuple(
        max(0, min(item.most, worth + length * each))
        for item, worth, each in zip(relaxed.items, now.worths, missing, strict=True)
    )
