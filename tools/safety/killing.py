"""Sellers are killed at random moments, and whatever they had promised must be there.

`kill -9` leaves what the operating system has not written yet, so it tests order and wholeness, not the disk: for
that there is `safety.powercut`.
"""

import random
import signal
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from itertools import count
from typing import Final

import attrs

from safety.children import Child, ChildFailed, Say, start
from safety.selling import Receipt, broken, sell_one, stored_orders, violations
from safety.site import Site
from tokolib.kernel.storage_errors import StorageError
from tokolib.shop import Shop

REFUSED: Final = "refused "
PAUSE: Final = 0.05
"""Seconds that a seller waits after a refusal."""
NEXT_BUYER: Final = 0.02
"""Seconds until the next buyer comes, at most; see `sell_on`."""
LONGEST_SALE: Final = 0.06
"""Seconds: a kill comes at a random moment of this span, so anywhere in a sale."""


@attrs.frozen
class Killed:
    """What a series of kills came to."""

    kills: int
    server_kills: int
    acknowledged: int
    stored: int
    lost: tuple[str, ...]
    """Promised orders that are missing, or not as promised."""
    refusals: Mapping[str, int]
    """What sellers were refused, by code: nothing, unless their server was killed."""
    violations: tuple[str, ...]
    damage: str
    slowest_opening: float
    """Milliseconds until a shop was open again after a kill, at worst."""

    @property
    def unacknowledged(self) -> int:
        """Orders that are stored, whole, and whose seller died before it could say so."""
        return self.stored - self.acknowledged

    def __str__(self) -> str:
        return (
            f"{self.kills} kills of clients, {self.server_kills} of the server, {self.acknowledged} acknowledged "
            f"orders, lost {len(self.lost)}, stored but not acknowledged {self.unacknowledged}, refusals "
            f"{dict(self.refusals) or 0}, violations {len(self.violations)}, damage {self.damage}, "
            f"slowest opening {self.slowest_opening:.0f} ms"
        )


def kill(
    site: Site, *, kills: int, orders_each: int, round_of: int, server_every: int = 0, sellers: int = 2, seed: int = 1
) -> Killed:
    """Kill at least *kills* sellers, each after 0 to 2 × *orders_each* orders, somewhere in the next one.

    The others sell on meanwhile. After each kill the shop is opened and every new promise is looked up. After
    *round_of* kills all sellers are killed, every promise is looked up again, and the books are verified. With
    *server_every* the server is killed too, after so many kills of sellers, and those who live must sell on.
    """
    luck = random.Random(seed)
    crew = _Crew(site, luck)
    dead = chosen = server_dead = 0
    wrong: list[str] = []
    broken_promises: list[str] = []
    openings: list[float] = []

    def look(receipts: Sequence[Receipt]) -> None:
        begun = time.perf_counter()
        with site.open() as shop:
            openings.append((time.perf_counter() - begun) * 1000)
            wrong.extend(broken(shop, receipts))

    while dead < kills:
        for _ in range(sellers):
            crew.hire()
        for _ in range(round_of):
            victim = luck.choice(sorted(crew.sellers))
            known = len(crew.receipts)
            crew.await_orders(victim, luck.randint(0, 2 * orders_each))
            time.sleep(luck.uniform(0, LONGEST_SALE))
            crew.lay_off(victim)
            dead += 1
            chosen += 1
            look(crew.receipts[known:])
            crew.hire()
            if server_every and site.kill_server and chosen % server_every == 0:
                time.sleep(luck.uniform(0, LONGEST_SALE))
                site.kill_server()
                server_dead += 1
                look(crew.receipts[known:])
                for name in sorted(crew.sellers):
                    crew.await_orders(name, 1)
        for name in sorted(crew.sellers):
            crew.lay_off(name)
            dead += 1
        look(crew.receipts)
        with site.open() as shop:
            broken_promises.extend(violations(shop))
    with site.open() as shop:
        stored = stored_orders(shop)
    return Killed(
        kills=dead,
        server_kills=server_dead,
        acknowledged=len(crew.receipts),
        stored=len(stored),
        lost=tuple(wrong),
        refusals=crew.refusals,
        violations=tuple(broken_promises),
        damage=site.damage(),
        slowest_opening=max(openings),
    )


@attrs.define
class _Crew:
    """The sellers of one shop, and what they have promised."""

    site: Site
    luck: random.Random
    sellers: dict[str, Child] = attrs.Factory(dict)
    receipts: list[Receipt] = attrs.Factory(list)
    refusals: Counter[str] = attrs.Factory(Counter)
    hired: int = 0

    def hire(self) -> None:
        """Start a seller."""
        self.hired += 1
        name = f"s{self.hired}"
        self.sellers[name] = start(partial(_work, self.site, name, self.luck.random()))

    def await_orders(self, name: str, orders: int) -> None:
        """Wait until a seller has made so many more; what the others say meanwhile is noted too.

        Raises:
            ChildFailed: it ended by itself.
        """
        made = 0
        while made < orders:
            for other in self.sellers.keys() - {name}:
                self._note(self.sellers[other].lines())
            made += self._note(self.sellers[name].lines(wait=True))
            if self.sellers[name].silent:
                raise ChildFailed(f"the seller {name} ended by itself; its traceback is on the standard error")

    def lay_off(self, name: str) -> None:
        """Kill a seller, and note what it still managed to promise."""
        seller = self.sellers.pop(name)
        seller.kill()
        self._note(seller.rest())
        if seller.wait() != -signal.SIGKILL:
            raise ChildFailed(f"the seller {name} ended by itself; its traceback is on the standard error")

    def _note(self, lines: list[str]) -> int:
        self.refusals.update(line.removeprefix(REFUSED) for line in lines if line.startswith(REFUSED))
        promised = [Receipt.read(line) for line in lines if not line.startswith(REFUSED)]
        self.receipts += promised
        return len(promised)


def _work(site: Site, name: str, seed: float, say: Say) -> None:
    """Sell until the end; a seller whose server is gone says so, waits, and sells on with the same shop."""
    luck = random.Random(seed)
    with _opened(site, say) as shop:
        for number in count(1):
            try:
                say(sell_one(shop, name, number, luck).line())
                time.sleep(luck.uniform(0, NEXT_BUYER))
            except StorageError as error:
                _excuse(error, say)


def _opened(site: Site, say: Say) -> Shop:
    while True:
        try:
            return site.open()
        except StorageError as error:
            _excuse(error, say)


def _excuse(error: StorageError, say: Say) -> None:
    say(f"{REFUSED}{error.code}")
    time.sleep(PAUSE)
