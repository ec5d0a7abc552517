"""Outside: customers pay, late or never, banks take money back, and the gateway's messages come as they like.

What happens at the bank alone changes nothing in the shop, and is no step; the message that tells of it is one.
"""

from contextlib import suppress
from random import Random
from typing import Any, Final

from tokolib.effects.lifecycle import is_open
from tokolib.effects.model import EffectKind, EffectState, Verdict
from tokolib.effects.outside import OutsideError
from tokolib.kernel.hosting import resolved
from tokolib.kernel.money import Money
from tokolib.testing.fake_gateway import Entry
from tokolib.testing.simulator.acts import Act
from tokolib.testing.simulator.disputing import dispute
from tokolib.testing.simulator.taxes import misbehave
from tokolib.testing.simulator.world import Letter, World


def pay(world: World, luck: Random) -> Act | None:
    """A customer pays a charge, be it long expired."""
    unpaid = [each for each in world.bank.charges if each.state is not EffectState.SUCCEEDED and not each.sequence]
    if not unpaid:
        return None
    charge = unpaid[-1 - min(luck.randrange(len(unpaid)), luck.randrange(len(unpaid)))]
    return Act(f"the customer pays {charge.reference}", lambda _: world.bank.pay(charge.reference))


def expire(world: World, luck: Random) -> Act | None:
    """A charge runs out."""
    waiting = [each for each in world.bank.charges if each.state is EffectState.ACTION_REQUIRED]
    if not waiting:
        return None
    charge = luck.choice(waiting)
    return Act(f"{charge.reference} runs out", lambda _: world.bank.expire(charge.reference))


def go_wrong(world: World, luck: Random) -> Act | None:
    """The bank refuses what comes next, takes a payment back, or disputes it; somebody refunds it there; or the tax
    provider is the one that does wrong."""
    what = luck.choice(("decline", "take back", "dispute", "dispute", "dispute", "refund", "refund", "taxes"))
    if what == "taxes":
        return misbehave(world, luck)
    if what == "decline":
        return Act("the bank will refuse what comes next", lambda _: _set_decline(world))
    paid = [each for each in world.bank.charges if each.state is EffectState.SUCCEEDED]
    if not paid:
        return None
    refunded = [each for each in paid if _gone(world, each)]
    charge = luck.choice(refunded if refunded and luck.random() < 0.6 else paid)
    came, gone = _collected(world, charge), _gone(world, charge)
    if what == "take back":
        return Act(f"the bank takes {charge.reference} back", lambda _: world.bank.take_back(charge.reference))
    if what == "refund" and came - gone > 1:
        part = Money((came - gone) // 2, charge.amount.currency)
        return Act(
            f"{part} of {charge.reference} is refunded at the gateway's own desk",
            lambda _: world.bank.refund_by_hand(charge.reference, part),
        )
    if what == "dispute" and came > 0:
        world.rare["chargeback after refund"] += gone > 0
        return dispute(world, luck, charge)
    return None


def _set_decline(world: World) -> None:
    world.bank.switches.decline = 1


_BACK: Final = (EffectKind.REFUND, EffectKind.CHARGEBACK)


def _collected(world: World, charge: Entry) -> int:
    """What came in by *charge*: all of it, or what was captured of a reservation."""
    if charge.kind is EffectKind.CHARGE:
        return charge.amount.minor_units
    return sum(each.amount.minor_units for each in world.bank.about(charge) if each.kind is EffectKind.CAPTURE)


def _gone(world: World, charge: Entry) -> int:
    """What has gone back of *charge*."""
    return sum(each.amount.minor_units for each in world.bank.about(charge) if each.kind in _BACK)


def webhooks(world: World, luck: Random) -> Act | None:
    """Messages come: in order or not, once or twice, some forged, and some never."""
    mail, old = world.mail, world.old_mail
    if old and luck.random() < 0.12:
        return _receive(world, [luck.choice(old)], "once more")
    if world.bank.charges and luck.random() < 0.05:
        untrue = luck.choice(_UNTRUE)
        charge = luck.choice(world.bank.charges)
        return _receive(world, [Letter(charge, world.bank.forge(charge, **untrue))], "untrue")
    if not mail:
        return None
    if luck.random() < 0.1 and (lost := next((each for each in mail if _may_be_lost(world, each)), None)):
        return Act(f"a message about {lost.entry.reference} is lost", lambda _: mail.remove(lost))
    count = luck.randint(1, min(3, len(mail)))
    letters = luck.sample(mail, count) if luck.random() < 0.4 else mail[:count]
    return _receive(world, letters * 2 if luck.random() < 0.15 else letters, "")


_UNTRUE: Final[tuple[dict[str, object], ...]] = (
    {"amount": 1},
    {"currency": "USD"},
    {"reference": "fake-unheard-of", "key": "", "about": ""},
)


def _may_be_lost(world: World, letter: Letter) -> bool:
    """Whether the shop will ask by itself: providers deliver until they are heard, but for what is asked about anyway.

    It asks about what it awaits. So one message of a charge may be lost while no other about it is on its way.
    """
    entry = letter.entry
    alone = sum(each.entry is entry for each in world.mail) == 1
    awaited = any(
        each.key == entry.key and is_open(each) and each.state is not EffectState.REVIEW
        for deal in world.book.deals.values()
        for each in deal.intent.operations
        if deal.intent.id == each.intent
    )
    return bool(entry.key) and alone and awaited


def _receive(world: World, letters: list[Letter], how: str) -> Act:
    async def receive(shop: Any) -> None:
        for letter in letters:
            receipt = await resolved(shop.webhooks.receive(world.gateway, *letter.delivery))
            world.rare["duplicate observation"] += receipt.verdict is Verdict.DUPLICATE
            world.rare["quarantined"] += receipt.verdict is Verdict.QUARANTINED
            if letter in world.mail:
                world.mail.remove(letter)
                world.old_mail.append(letter)
                del world.old_mail[:-20]

    about = ", ".join(letter.entry.reference for letter in letters)
    return Act(f"messages about {about} come {how}".rstrip(), receive)


async def receive_all(world: World) -> int:
    """Every message that is on its way arrives, or will when it can be looked up; how many there were."""
    letters = world.mail.copy()
    for letter in letters:
        with suppress(OutsideError):
            await resolved(world.shop.webhooks.receive(world.gateway, *letter.delivery))
            world.mail.remove(letter)
    return len(letters)
