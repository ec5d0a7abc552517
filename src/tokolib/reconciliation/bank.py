"""A line of a bank statement as this shop has stored it, once, and the payouts that it was found to be."""

from datetime import date, datetime
from enum import StrEnum

import attrs

from tokolib.kernel.canonical import fingerprint
from tokolib.kernel.money import Money
from tokolib.reconciliation.model import BankLine


class BankLineState(StrEnum):
    """How far a stored line is."""

    WAITING = "waiting"
    """No payout was found that it is; it is looked at again whenever the bank's lines are taken in."""
    MATCHED = "matched"
    """It is in the books, and never matched again."""
    ASIDE = "aside"
    """A person said that it is no payout."""


@attrs.frozen(kw_only=True)
class Match:
    """Lines and the rows that they paid out, in the books as one posting."""

    lines: tuple[str, ...]
    """The ids of the stored lines."""
    settlements: tuple[str, ...]
    """The ids of the rows."""
    amount: Money
    """What the lines brought."""
    payouts: tuple[tuple[str, int], ...]
    """What each provider had paid out by these rows, in minor units."""
    stated: tuple[tuple[str, int], ...]
    """What of it is worth how much in the books of orders that froze a rate, by provider."""
    books: str
    """The currency of these; empty where there are none."""
    on: datetime
    """The beginning of the bank's day, in the shop's calendar."""


@attrs.frozen(kw_only=True)
class BankEntry:
    """A line of a bank statement, stored once."""

    id: str
    version: int
    account: str
    """The shop's name for the bank account: `bca`."""
    line: BankLine
    standing: BankLineState
    taken_at: datetime
    why: str = ""
    """Why a person set it aside; else empty."""
    match: Match | None = None
    """The payouts that it is; kept by the last of several lines that are them together."""
    matched_with: str = ""
    """The line that keeps the match; its own id where that is this one."""

    @property
    def on(self) -> date:
        """The bank's day."""
        return self.line.on


def entry_id(account: str, line: BankLine) -> str:
    """The id that a line is stored under: the same for every delivery of the same line of the same account."""
    said = (line.id, line.on.isoformat(), line.amount, line.description, line.reference)
    return f"bnk_{fingerprint(account, *said)[:26]}"
