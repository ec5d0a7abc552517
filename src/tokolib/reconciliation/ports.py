"""What reconciling keeps: the rows of settlement reports and the lines of bank statements, each once."""

from typing import Protocol

from tokolib.kernel.unit import Port, Repository
from tokolib.reconciliation.bank import BankEntry
from tokolib.reconciliation.model import Settlement


class Settlements(Repository[Settlement], Protocol):
    """**Port.** Stored rows; indexes `by_order`, `by_operation` (unique), `by_day` (provider, then the day settled),
    `by_claim` (open claims, by the day that they are due), `by_paid` (whether the bank has it) and `by_standing`
    (standing, then when it was taken in).
    """


class BankLines(Repository[BankEntry], Protocol):
    """**Port.** Stored lines of bank statements; index `by_account` (account, standing, then the bank's day)."""


BANK_LINES: Port[BankLines] = Port("bank_lines")
SETTLEMENTS: Port[Settlements] = Port("settlements")
