"""Our books, the settlement reports of gateways and couriers, and the bank: held against each other, and explained."""

from typing import TYPE_CHECKING

from tokolib.kernel.lazy import exports

if TYPE_CHECKING:
    from tokolib.reconciliation.bank import BankEntry, BankLineState, Match
    from tokolib.reconciliation.banking import BankTaken
    from tokolib.reconciliation.cells import DateForm, Notations
    from tokolib.reconciliation.cod import CodTerms, FeeTier
    from tokolib.reconciliation.couriers import Owed
    from tokolib.reconciliation.difference import Difference, OnDifference
    from tokolib.reconciliation.errors import NoClaim, NotExchangeable, NotInReview, NotWaiting, SheetRefused
    from tokolib.reconciliation.exchange import Exchange, Exchanged
    from tokolib.reconciliation.items import Account, Aged, Item, Place, Why
    from tokolib.reconciliation.model import (
        BankLine,
        Frozen,
        Movement,
        RowKind,
        Settlement,
        SettlementRow,
        SettlementState,
    )
    from tokolib.reconciliation.report_sheet import ReportFormat, Signs, read_report
    from tokolib.reconciliation.statement_sheet import StatementFormat, read_statement
    from tokolib.reconciliation.taking_in import Shortfall, TakenIn
    from tokolib.reconciliation.terms import ReconcileTerms
    from tokolib.reconciliation.three_ways import Reconciliation, reconcile

__all__ = [
    "Account",
    "Aged",
    "BankEntry",
    "BankLine",
    "BankLineState",
    "BankTaken",
    "CodTerms",
    "DateForm",
    "Difference",
    "Exchange",
    "Exchanged",
    "FeeTier",
    "Frozen",
    "Item",
    "Match",
    "Movement",
    "NoClaim",
    "NotExchangeable",
    "NotInReview",
    "NotWaiting",
    "Notations",
    "OnDifference",
    "Owed",
    "Place",
    "ReconcileTerms",
    "Reconciliation",
    "ReportFormat",
    "RowKind",
    "Settlement",
    "SettlementRow",
    "SettlementState",
    "SheetRefused",
    "Shortfall",
    "Signs",
    "StatementFormat",
    "TakenIn",
    "Why",
    "read_report",
    "read_statement",
    "reconcile",
]

__getattr__ = exports(
    __name__,
    {
        "Account": "items",
        "Aged": "items",
        "BankEntry": "bank",
        "BankLine": "model",
        "BankLineState": "bank",
        "BankTaken": "banking",
        "CodTerms": "cod",
        "DateForm": "cells",
        "Difference": "difference",
        "Exchange": "exchange",
        "Exchanged": "exchange",
        "FeeTier": "cod",
        "Frozen": "model",
        "Item": "items",
        "Match": "bank",
        "Movement": "model",
        "NoClaim": "errors",
        "NotExchangeable": "errors",
        "NotInReview": "errors",
        "NotWaiting": "errors",
        "Notations": "cells",
        "OnDifference": "difference",
        "Owed": "couriers",
        "Place": "items",
        "ReconcileTerms": "terms",
        "Reconciliation": "three_ways",
        "ReportFormat": "report_sheet",
        "RowKind": "model",
        "Settlement": "model",
        "SettlementRow": "model",
        "SheetRefused": "errors",
        "Shortfall": "taking_in",
        "Signs": "report_sheet",
        "SettlementState": "model",
        "StatementFormat": "statement_sheet",
        "TakenIn": "taking_in",
        "Why": "items",
        "read_report": "report_sheet",
        "read_statement": "statement_sheet",
        "reconcile": "three_ways",
    },
)
