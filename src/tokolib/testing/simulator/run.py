"""One run: step after step, each struck or disturbed as it says, each checked; and then an end in quiet."""

from collections import Counter
from collections.abc import Iterator, Sequence
from random import Random
from typing import Any, Final

import attrs

from tokolib.effects.answers import UnusableAnswer
from tokolib.effects.model import EffectState
from tokolib.effects.outside import OutsideError
from tokolib.kernel.errors import HostMismatch, TokolibError
from tokolib.kernel.hosting import resolved
from tokolib.kernel.storage_errors import InsideTransaction, Misuse, Refused, RetryTransaction, StorageError
from tokolib.testing.fake_courier_book import CourierSwitches
from tokolib.testing.fake_tax import TaxSwitches
from tokolib.testing.simulator.acts import Act
from tokolib.testing.simulator.carriage import end_doubts
from tokolib.testing.simulator.checks import check_end, check_report, check_step, check_stored_value
from tokolib.testing.simulator.disputing import undecided, verdict
from tokolib.testing.simulator.errors import Broken
from tokolib.testing.simulator.faults import Crash
from tokolib.testing.simulator.opening import make_world
from tokolib.testing.simulator.outside import receive_all
from tokolib.testing.simulator.rare import note_deals, note_refusal, note_strikes
from tokolib.testing.simulator.rules import IN_BETWEEN, RULES, WEIGHTS
from tokolib.testing.simulator.shelving import sell_all
from tokolib.testing.simulator.steps import RUNNERS, Step, draw
from tokolib.testing.simulator.taxes import check_filing, check_taxes, finish, note_filing
from tokolib.testing.simulator.world import Setting, World

QUIET_AFTER: Final = 60
"""So many rounds at most until nothing waits any more."""
MOST_DRAWS: Final = 20
"""For each step that counts; a run that finds so little to do is broken itself."""
_NEVER_MEANT: Final = (Misuse, HostMismatch, InsideTransaction, RetryTransaction, Refused, UnusableAnswer)


@attrs.define
class Told:
    """What one step came to, for whoever reads a script."""

    step: Step
    says: str = "finds nothing to do"
    came_to: str = ""
    changed: bool = False
    refused: bool = False
    streams: tuple[str, ...] = ()
    """The histories that it made grow."""

    def __str__(self) -> str:
        return f"{self.says}{f': {self.came_to}' if self.came_to else ''}"


@attrs.define
class Run:
    """A run under way, or over."""

    world: World
    verify_every: int
    told: list[Told] = attrs.field(factory=list)
    counted: int = 0
    changed: Counter[str] = attrs.field(factory=Counter)
    """Steps that changed the store, by rule."""
    refused: Counter[str] = attrs.field(factory=Counter)
    """Codes of what was refused."""
    verified: int = 0

    async def take(self, step: Step) -> None:
        """Take one step, and hold the shop to its promises.

        Raises:
            Broken: it doesn't keep one.
        """
        world, told, rule = self.world, Told(step), RULES[step.rule]
        self.told.append(told)
        if (act := rule.choose(world, Random(step.luck))) is None:
            return
        told.says = act.says
        world.watch.fresh(self._meanwhile(step, told) if step.meanwhile else None, step.moment)
        world.strike(step.mode, step.call)
        await self._act(act, told, Random(step.luck + 1))
        world.watch.be_alone()
        await world.collect_mail()
        told.changed, told.streams = world.watch.writes > 0, tuple(world.watch.streams)
        await self._check(alone=not step.meanwhile and not step.mode)
        if rule.counts and (told.changed or told.refused):
            self.counted += 1
            self.changed[step.rule] += told.changed
            if self.counted % self.verify_every == 0:
                await self.verify()

    async def _act(self, act: Act, told: Told, luck: Random) -> None:
        """Let *act* happen; who gets no answer mostly sends it again, in the same words."""
        world, recovering = self.world, False
        world.running = told.step.rule
        while True:
            again = act.again and not recovering and luck.random() < 0.8
            try:
                answer = await resolved(act.do(world.shop))
            except Crash as crash:
                told.came_to = f"{crash}"
                note_strikes(world, recovering=recovering)
                world.watch.be_alone()
                await world.restart()
                if not again:
                    return
                if luck.random() < 0.3:
                    world.strike(told.step.mode, luck.randint(1, 6))
            except TokolibError as error:
                note_strikes(world, recovering=recovering)
                no_answer = isinstance(error, StorageError | OutsideError)
                self._refused(act, told, error)
                if not (no_answer and again):
                    return
            except Broken:
                raise
            except Exception as error:
                raise Broken("T", told.says, f"{type(error).__name__}: {error}") from error
            else:
                note_strikes(world, recovering=recovering)
                act.then(answer)
                told.came_to = told.came_to or "done"
                return
            recovering = True

    def _refused(self, act: Act, told: Told, error: TokolibError) -> None:
        told.came_to = f"{type(error).__name__}: {error}"[:160]
        if isinstance(error, _NEVER_MEANT):
            raise Broken("T", told.says, told.came_to)
        if not isinstance(error, StorageError | OutsideError):
            told.refused = True
            self.refused[error.code] += 1
            note_refusal(self.world, act.wish, error)

    def _meanwhile(self, step: Step, told: Told) -> Any:
        async def others() -> None:
            world = self.world
            act = RULES[step.meanwhile].choose(world, Random(step.luck + 2))
            if act is None:
                return
            told.says += f", and meanwhile {act.says}"
            before, world.running = world.running, step.meanwhile
            writes = world.watch.writes
            try:
                act.then(await resolved(act.do(world.shop)))
            except TokolibError as error:
                self._refused(act, told, error)
            both = step.rule in RUNNERS and step.meanwhile in RUNNERS
            world.rare["two runners"] += both and world.watch.writes > writes
            world.running = before

        return others

    async def _check(self, *, alone: bool = False) -> None:
        world, book = self.world, self.world.book
        if not world.watch.writes:
            return
        resources = world.resources if world.watch.stock_moved else []
        filings = dict(book.filings)
        deals = await book.read(world.storage, world.watch.streams, resources, world.clock.now())
        note_deals(world, book.deals, deals)
        _must_hold(check_step(world, book.deals, deals, alone=alone))
        _must_hold(check_stored_value(world, deals))
        world.rare["card paid again"] = world.purse.paid_again
        for id, filing in book.filings.items():
            if filing is not filings.get(id):
                note_filing(world, filings.get(id), filing)
                _must_hold(check_filing(world, filings.get(id), filing))
        book.deals.update((deal.id, deal) for deal in deals)

    async def verify(self) -> None:
        """Prove the books, all of them.

        Raises:
            Broken: they can't be.
        """
        self.verified += 1
        with self.world.plan.quiet():
            _must_hold(check_report(await resolved(self.world.shop.verify())))

    async def end(self) -> None:
        """Let the faults stop, and everything that waits be moved on; then hold the books against the bank's.

        Raises:
            Broken: something waits for ever, or they differ.
        """
        world, quiet = self.world, 0
        world.strike(None, 0)
        world.taxman.switches, world.courier.switches = TaxSwitches(), CourierSwitches()
        for entry in undecided(world):
            verdict(world, entry, won=False)
        await sell_all(world)
        for _ in range(QUIET_AFTER):
            for charge in world.bank.charges:
                world.bank.expire(charge.reference)
            world.watch.fresh(None, 0)
            await world.collect_mail()
            delivered = await receive_all(world)
            await self._hand_everything_over()
            await end_doubts(world)
            await finish(world)
            ticked = await resolved(world.shop.tick(budget=1_000))
            await self._check()
            moved = world.watch.writes or delivered or ticked.published_events
            waiting = any(deal.intent.ask_at for deal in world.book.deals.values())
            waiting |= any(each.ask_at for each in world.book.bookings)
            waiting |= any(filing.turn for filing in world.book.filings.values())
            quiet = 0 if moved or waiting else quiet + 1
            if quiet > 1:
                break
            world.clock.forward(minutes=61)
        _must_hold(check_end(world))
        _must_hold(iter(await check_taxes(world)))
        await self.verify()

    async def _hand_everything_over(self) -> None:
        """What waits for a person: refunds to hand over, and doubts that a look into the bank's books ends."""
        shop, world = self.world.shop, self.world
        for deal in list(world.book.deals.values()):
            for each in (await resolved(shop.payments.intent(deal.intent.order_id))).payouts:
                await resolved(shop.payments.paid_out(each.id))
            for each in deal.open_at(world.gateway):
                if each.state is EffectState.REVIEW:
                    world.rare["left to a person"] += 1
                    entry = world.bank_entry(each)
                    happened = entry is not None and entry.state is EffectState.SUCCEEDED
                    reference = entry.reference if entry is not None else ""
                    await resolved(
                        shop.payments.resolve(each.id, happened=happened, reference=reference, reason="looked it up")
                    )


def _must_hold(found: Iterator[Broken]) -> None:
    for each in found:
        raise each


async def play(
    setting: Setting, steps: int | Sequence[Step], faults: float, verify_every: int, *, to_the_end: bool = True
) -> Run:
    """A whole run, of so many steps that count, or of these *steps*; perhaps without what comes at the end.

    Raises:
        Failed: a promise was broken, with all that had happened until then.
    """
    run = Run(await make_world(setting), verify_every)
    at_end = False
    try:
        for step in _drawn(run, steps, faults) if isinstance(steps, int) else steps:
            await run.take(step)
        if at_end := to_the_end:
            await run.end()
    except Broken as broken:
        raise Failed(run, broken, at_end) from broken
    except Exception as error:
        untyped = Broken("T", "the end" if at_end else "the simulation", f"{type(error).__name__}: {error}")
        raise Failed(run, untyped, at_end) from error
    finally:
        await run.world.close()
    return run


def _drawn(run: Run, count: int, faults: float) -> Iterator[Step]:
    luck = Random(f"{run.world.setting.seed} steps")
    for _ in range(count * MOST_DRAWS):
        if run.counted >= count:
            return
        yield draw(luck, WEIGHTS, IN_BETWEEN, faults)
    raise Broken("L1", "the simulation", f"only {run.counted} of {count * MOST_DRAWS} steps did anything")


class Failed(Exception):
    """A run that ended before its time."""

    def __init__(self, run: Run, broken: Broken, at_end: bool) -> None:
        super().__init__(str(broken))
        self.run = run
        self.broken = broken
        self.at_end = at_end
        """Whether it had taken all its steps."""
