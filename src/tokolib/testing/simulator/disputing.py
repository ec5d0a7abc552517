"""Disputes: the shop answers with evidence, in time or not; the bank decides; and somebody tells the shop of it."""

from collections.abc import Callable
from random import Random

from tokolib.effects.model import EffectKind, EffectState
from tokolib.payments.disputes import Dispute
from tokolib.testing.fake_gateway import Entry
from tokolib.testing.simulator.acts import Act
from tokolib.testing.simulator.book import Deal
from tokolib.testing.simulator.world import Verdict, World


def dispute(world: World, luck: Random, charge: Entry) -> Act:
    """A customer's bank wants a charge back: it has taken the money, or will when it has decided."""
    taken, days = luck.random() < 0.7, luck.choice((0, 1, 7))
    how = "takes it" if taken else "will decide"
    return Act(
        f"{charge.reference} is disputed, and the bank {how}",
        lambda _: world.bank.dispute(charge.reference, taken=taken, days=days),
    )


def undecided(world: World) -> list[Entry]:
    """The disputes that the bank has not decided."""
    standing = (EffectState.SUCCEEDED, EffectState.PENDING)
    chargebacks = (each for each in world.bank.entries if each.kind is EffectKind.CHARGEBACK)
    return [each for each in chargebacks if each.state in standing and each.reference not in world.verdicts]


def decide(world: World, luck: Random) -> Act | None:
    """The bank decides a dispute."""
    if not (open_ones := undecided(world)):
        return None
    entry, won = luck.choice(open_ones), luck.random() < 0.5
    return Act(f"the bank decides {entry.reference}: {'won' if won else 'lost'}", lambda _: verdict(world, entry, won))


def verdict(world: World, entry: Entry, won: bool) -> None:
    """The bank decides a dispute so."""
    before = len(world.bank.entries)
    world.bank.decide_dispute(entry, won=won)
    back = world.bank.entries[before:]
    world.verdicts[entry.reference] = Verdict(won, back[0].reference if back else "")


def answer(world: World, luck: Random) -> Act | None:
    """Somebody answers a dispute, mostly one that is open; or says how the bank has decided, before it tells itself."""
    told = _first(world, luck, lambda one: one.reference in world.verdicts and not one.is_over)
    if told is not None and luck.random() < 0.5:
        said = world.verdicts[told.reference]
        return Act(
            f"says that the dispute {told.id} is {'won' if said.won else 'lost'}",
            lambda shop: shop.payments.decide_dispute(
                told.id, won=said.won, reference=said.reference, reason="a letter"
            ),
        )
    rash = luck.random() < 0.15
    if (found := _first(world, luck, lambda one: rash or not one.is_over)) is None:
        return None
    key = f"evidence-{luck.randrange(10**9)}"
    late = found.evidence_due_until is not None and found.evidence_due_until <= world.clock.now()
    return Act(
        f"answers the dispute {found.id}{' after its term' if late else ''}",
        lambda shop: shop.payments.submit_evidence(found.id, text="signed for", documents=("slip.pdf",), key=key),
    )


def _first(world: World, luck: Random, fits: Callable[[Dispute], bool]) -> Dispute | None:
    def some(deal: Deal) -> bool:
        return any(fits(one) for one in deal.intent.disputes)

    if (deal := world.book.orders(luck, some)) is None:
        return None
    return luck.choice([one for one in deal.intent.disputes if fits(one)])
