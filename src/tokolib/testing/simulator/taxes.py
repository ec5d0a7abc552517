"""Tax filings: staff see to what the tax provider has refused, and its own books are held against the shop's papers."""

from collections.abc import Iterator
from contextlib import suppress
from random import Random
from typing import Any, Final

from tokolib.documents.filing.model import TaxFiling
from tokolib.documents.filing.states import FilingState
from tokolib.documents.model import DocumentKind
from tokolib.effects.model import EffectKind, EffectState, Operation
from tokolib.kernel.errors import TokolibError
from tokolib.kernel.hosting import resolved
from tokolib.testing.simulator.acts import Act
from tokolib.testing.simulator.book import Deal
from tokolib.testing.simulator.errors import Broken
from tokolib.testing.simulator.world import World


def see_to_filing(world: World, luck: Random) -> Act | None:
    """What the tax provider has refused is told again, or somebody has looked into its books."""
    filings = [each for each in world.book.filings.values() if each.turn is not None]
    if not filings:
        return None
    filing = luck.choice(filings)
    turn = filing.turn
    if turn is not None and filing.state is FilingState.REVIEW and luck.random() < 0.3:
        happened = is_kept(world, filing, turn)
        return Act(
            f"says that {turn.subject} {'is' if happened else 'is not'} at the tax provider",
            lambda shop: shop.invoices.resolve(turn.subject, happened=happened, reason="" if happened else "looked"),
        )
    return Act(f"has {filing.document.number} filed", lambda shop: shop.invoices.file(filing.document_id))


def write_paper(world: World, luck: Random) -> Act | None:
    """An invoice of what went abroad, or a credit note of it; at times the tax provider is out of order just then."""

    def fits(deal: Deal) -> bool:
        return deal.order.placed_at is not None and deal.order.tax_fact is not None

    filed = {each.order_id for each in world.book.filings.values()}
    off = world.book.orders(luck, lambda deal: deal.is_dead and deal.id in filed) if luck.random() < 0.4 else None
    if (deal := off or world.book.orders(luck, fits)) is None:
        return None
    trouble = luck.choice(_TROUBLES) if luck.random() < 0.4 else ""
    back = [each for each in world.book.returns.values() if each.order_id == deal.order.id and each.refund is not None]

    def do(shop: Any) -> Any:
        if trouble:
            setattr(world.taxman.switches, trouble, 1)
        if deal.id in filed and (deal.is_dead or back):
            return shop.invoices.credit(deal.order.id if deal.is_dead else back[-1].id)
        return shop.invoices.issue(deal.order.id)

    return Act(f"writes a paper of {deal.id}, which went abroad{f'; {trouble}' if trouble else ''}", do)


_TROUBLES: Final = ("unreachable", "time_out_before", "time_out_after", "time_out_after", "refusals")


def misbehave(world: World, luck: Random) -> Act:
    """The tax provider can't be reached, times out before or after it has taken something, or refuses."""
    what = luck.choice(_TROUBLES)
    return Act(f"the tax provider: {what}", lambda _: setattr(world.taxman.switches, what, 1))


def is_kept(world: World, filing: TaxFiling, wish: Operation) -> bool:
    """Whether the provider has done what an operation wished."""
    number = filing.document.number
    if number not in world.taxman.books:
        return False
    document, taken = world.taxman.kept(number)
    match wish.kind:
        case EffectKind.TAX_COMMIT:
            return document == filing.document
        case EffectKind.TAX_VOID:
            return world.taxman.books[number].void
        case _:
            return all(each in taken for each in filing.note(wish.subject).slices)


def check_filing(world: World, before: TaxFiling | None, filing: TaxFiling) -> Iterator[Broken]:
    """What is confirmed is kept, and nothing is kept twice."""
    row = f"filing {filing.id}"
    for each in filing.operations:
        if each.succeeded and not is_kept(world, filing, each):
            yield Broken("I5", row, f"says that {each.kind} of {each.subject} is done, and the provider has it not")
    if filing.document.number in world.taxman.books:
        _, taken = world.taxman.kept(filing.document.number)
        wished = [each for note in filing.notes for each in note.slices]
        if any(taken.count(each) > wished.count(each) for each in taken):
            yield Broken("I5", row, "was refunded more often than was wished")
    if before is not None:
        later = {each.id: each.key for each in filing.operations}
        if any(later.get(each.id) != each.key for each in before.operations):
            yield Broken("X1", row, "has lost an operation, or its key has changed")


def note_filing(world: World, before: TaxFiling | None, filing: TaxFiling) -> None:
    """Count what was taken, unheard, and then asked for again under the same key."""
    for each in filing.operations:
        if each.succeeded:
            world.rare["filing asked again"] += each.id in world.book.unheard
            world.book.unheard.discard(each.id)
        elif is_kept(world, filing, each):
            world.book.unheard.add(each.id)
        was = before.operation(each.id) if before is not None else None
        if each.standing is EffectState.FAILED and (was is None or was.standing is not EffectState.FAILED):
            world.rare["filing refused"] += 1
    voided = filing.state is FilingState.VOIDED and (before is None or before.state is not FilingState.VOIDED)
    world.rare["invoice void"] += voided


async def finish(world: World) -> None:
    """Let every filing that waits for a person go on."""
    for filing in list(world.book.filings.values()):
        if filing.state is FilingState.REVIEW:
            with suppress(TokolibError):  # what still can't be is found at the end
                await resolved(world.shop.invoices.file(filing.document_id))


async def check_taxes(world: World) -> list[Broken]:
    """At the end the provider counts what the papers of each order say, and nothing else."""
    found, numbers = [], set()
    for filing in world.book.filings.values():
        number = filing.document.number
        numbers.add(number)
        counted = world.taxman.books[number].tax if number in world.taxman.books else None
        if filing.turn is not None:
            found.append(Broken("L1", f"filing {filing.id}", f"is still {filing.state}"))
        elif counted != (stated := await _stated(world, filing)):
            found.append(Broken("I5", f"filing {filing.id}", f"the papers say {stated}, the provider counts {counted}"))
    for number in world.taxman.books.keys() - numbers:
        found.append(Broken("I5", f"document {number}", "is at the tax provider, and nobody filed it"))
    return found


async def _stated(world: World, filing: TaxFiling) -> int:
    """What the invoice says, less all of its credit notes."""
    with world.plan.quiet():
        papers: Any = await resolved(world.shop.invoices.of(filing.order_id))
    mine = [each for each in papers if filing.document.number in (each.number, each.corrects)]
    return sum((1 if each.kind is DocumentKind.INVOICE else -1) * each.tax.minor_units for each in mine)
