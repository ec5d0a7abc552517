"""Movements, rows and bank lines in one line each, with figures as Indonesian gateways report them."""

from datetime import date

import attrs
import pytest

from tokolib.kernel.money import IDR, Money
from tokolib.kernel.rounding import RoundingMode
from tokolib.reconciliation import Notations, ReconcileTerms, ReportFormat, Signs
from tokolib.reconciliation.model import BankLine, Movement, RowKind, SettlementRow

DAY = date(2026, 3, 2)


@attrs.frozen
class Making:
    """Makes what is reconciled."""

    day: date = DAY

    def qris(self, gross):
        """What a QRIS payment costs a merchant: 0.7 %, and 11 % of it. Source: Bank Indonesia, from 1 July 2023."""
        fee = gross * 7 // 1000
        return fee, fee * 11 // 100

    def movement(self, id, amount, kind=RowKind.CHARGE, **more):
        given = {"provider": "midtrans", "on": self.day, "booked": True, "names": (id,)} | more
        return Movement(id=id, kind=kind, amount=money(amount), **given)

    def row(self, row, gross, kind=RowKind.CHARGE, *, fee=0, fee_tax=0, withheld=0, net=None, **more):
        gross = money(gross)
        fee, fee_tax, withheld = (
            Money(each, gross.currency) if type(each) is int else each for each in (fee, fee_tax, withheld)
        )
        left = gross - fee - fee_tax - withheld if net is None else money(net)
        given = {"provider": "midtrans", "batch": "B1", "on": self.day, "payout": "PAY-881"} | more
        return SettlementRow(
            row=row, kind=kind, gross=gross, fee=fee, fee_tax=fee_tax, withheld=withheld, net=left, **given
        )

    def gateway_format(self):
        """How a gateway that prints sen writes its report."""
        headers = {
            "row": "Transaction ID",
            "reference": "Transaction ID",
            "kind": "Type",
            "key": "Order ID",
            "gross": "Amount",
            "fee": "MDR",
            "fee_tax": "PPN",
            "net": "Net",
            "on": "Settled",
            "payout": "Payout",
        }
        kinds = {"Settlement": RowKind.CHARGE, "Refund": RowKind.REFUND, "Failed": None}
        notations = Notations(rounding=RoundingMode.HALF_UP)
        return ReportFormat(columns=headers, kinds=kinds, signs=Signs.BY_KIND, notations=notations)

    def patient(self):
        """Terms that forgive a rupiah."""
        return ReconcileTerms(tolerance=1)

    def line(self, id, amount, **more):
        given = {"on": self.day} | more
        return BankLine(id=id, amount=money(amount), **given)


def money(amount):
    return IDR(amount) if type(amount) is int else amount


@pytest.fixture(scope="session")
def make():
    """Makes movements, rows and lines."""
    return Making()
