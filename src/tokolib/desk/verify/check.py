"""The whole check, in one consistent state of the storage."""

from tokolib.desk.ports import Archive
from tokolib.desk.verify import (
    bookings,
    counts,
    coupons,
    exchange,
    holding,
    keys,
    lots,
    money,
    movements,
    numbers,
    stored_value,
)
from tokolib.desk.verify.books import Books
from tokolib.desk.verify.looks import Looks
from tokolib.desk.verify.report import Report
from tokolib.desk.verify.settlements import Clearing
from tokolib.desk.verify.streams import check_streams
from tokolib.desk.verify.tallies import Tallies
from tokolib.desk.verify.walk import Findings
from tokolib.kernel.unit import Unit


async def check(unit: Unit, archive: Archive) -> Report:
    """Every promise over every row; it changes nothing.

    Memory grows with the assortment, and with the longest history of an order: not with the sales.
    """
    tallies = Tallies()
    found = await _check(unit, archive, tallies)
    if not all(tally.is_even for tally in tallies.each()):
        closer = tallies.closer()
        found = await _check(unit, archive, closer)
        for tally in closer.each():
            tally.tell(found)
    return found.report()


async def _check(unit: Unit, archive: Archive, tallies: Tallies) -> Findings:
    found, books, clearing, gains = Findings(), Books(unit, archive), Clearing(), exchange.Gains()
    looks = Looks(unit, books, tallies, clearing, gains, found)
    await check_streams(unit, archive, found, looks.by_collection())
    passed = stored_value.Passed()
    await money.check_postings(unit, tallies.postings, passed, found)
    passed.check(found)
    await exchange.check_book_postings(unit, tallies.book_postings, found)
    await stored_value.check_counters(unit, books, found)
    await clearing.check(unit, found)
    await gains.check(unit, found)
    await bookings.check_costs(unit, tallies.carriage, found)
    await movements.check_levels(unit, tallies.stock, found)
    await lots.check_lots(unit, tallies.stock, found)
    await counts.check_counts(unit, tallies.variances, tallies.counting, found)
    await holding.check_holds(unit, tallies.holds, tallies.set_aside, found)
    await numbers.check_numbers(unit, books, tallies.numbers, found)
    await coupons.check_uses(unit, tallies.uses, tallies.counted, found)
    await keys.check_keys(unit, books, tallies.keys, found)
    return found
