"""What a check of the books finds: promises that are broken, and what waits for somebody."""

from typing import Final

import attrs

PROMISES: Final = {
    "M1": "every posting has at least two legs in one currency, and they sum to zero",
    "M2": "every rupiah of an order's total is in exactly one component",
    "M3": "what is spread over lines adds up to what was spread",
    "M4": "money in and out is the sum of the payments' operations, and the books say the same",
    "M5": "no more was asked back than was there, pending refunds counted; too much goes back or is credited "
    "as agreed, or kept, and too little written off, within the tolerance",
    "M6": "a refund is the sum of its units' stored shares",
    "M7": "the books claim no money that nobody outside has told of",
    "M8": "an order that has ended keeps nothing that isn't on its way back, but a deposit where its plan says so",
    "M9": "a settled row settles a payment of its amount, and clearing holds what is not settled yet",
    "M10": "an order in another currency is in the books at the rate that it froze; what came beside is exchange",
    "M11": "a bank line is the payouts that it was matched with, each row of them and each line once",
    "M12": "the instalments of a payment plan add up to what the order comes to, each is told due and overdue once, "
    "and no sooner, and goods leave as the plan allows",
    "S1": "on hand is the sum of the movements",
    "S2": "held is the sum of the holds that stand",
    "S3": "nothing is held that isn't there",
    "S4": "each taken hold is exactly one shipment movement, and each hold is known to its order",
    "S5": "no ended order holds stock, no paid one loses it; restocked ≤ returned ≤ shipped ≤ ordered",
    "S6": "what is in transit to a location is what open transfers have sent there and nobody has received",
    "S7": "a posted count has adjusted the stock by its variances, and each SKU of a place is on one open count",
    "S8": "each movement of a tracked SKU carries its lots, which add up to what is there of it; a serial is here once",
    "S9": "what an expected receipt says that has come of it was received for it",
    "S10": "no more is promised beyond the stock than its backorder allows",
    "B1": "what an accepted return has brought is what its order says came back with it, each unit once",
    "B2": "what is credited of a return was received and found fit, unless a claim leaves it with the customer",
    "B3": "what was agreed on in the place of a return is allowed in its order, once",
    "C1": "an open exchange holds what it is of until its term, and one that has ended holds nothing",
    "C2": "a completed exchange has its return, credited, and its replacement in the order; an even one moves no money",
    "C3": "an approved claim has what makes up for it, and no other has any of it",
    "F1": "a unit is in one shipment at most, and is planned, shipped or undelivered in its order as in its shipment",
    "F2": "the parcels of a packed shipment hold its units, each once",
    "F3": "a label, return label or pickup is booked under one key, and given back under one, a new one only after a "
    "definite no; the cost ledger has what each costs, at its account, and a shipment knows what its labels collect",
    "F4": "the pickup that a shipment names is to fetch it",
    "F5": "a shipment that a manifest lists has left with it, and is on no other",
    "F6": "a shipment that waits for its customer has a code to be shown, and one that nobody collected never left",
    "F7": "a label that stands for a return is named by it and by its courier, and no unit of it is sent with two",
    "K1": "a customer has a licence for each digital unit that left and did not come back, and no other",
    "K2": "a licence is a serial of its SKU; one that a customer has, or that has ended, is in no stock that is sold",
    "O1": "replaying the history gives the stored state, and every step was allowed",
    "O2": "goods left only when paid or on credit terms, and paid means captured, reserved, or written off as allowed: "
    "the total, or a plan's deposit",
    "O3": "an order is the snapshot of its quote",
    "O4": "each line of an order is under the rule that its return policy has for such goods",
    "D1": "what is kept of a refund is in its order as in its return, and no more than was credited and asked",
    "D2": "a refund was approved by somebody else than who asked for the return",
    "Q1": "an accepted offer is an order at the figures of the version that was sent last; goods are put aside for one "
    "up to its term",
    "Q2": "an order from elsewhere is what was stated there, to the minor unit, and its charge of the kind difference "
    "is what their total has beside their parts",
    "X1": "one wish, one key: made of intent, operation and attempt; a new attempt only after a definite failure",
    "X2": "one idempotency key, one result",
    "X3": "what the outside tells counts once, and only where provider, kind, amount and currency fit",
    "X4": "the uses of a promotion or coupon are those of its orders, each once; what is left of a gift card or store "
    "credit is what the books say that the shop owes on it, and never below zero",
    "I1": "document numbers are distinct and without a gap, one for each document",
    "I2": "a document's lines and charges add up to its totals, and its breakdown to its tax",
    "I3": "a document states the figures of its order, a credit note the shares of what came back",
    "I4": "credit notes take no more of an invoice than it states, of any category",
    "I5": "a tax provider is told the figures of the documents, of every credit note, and of no more than there is",
    "A1": "every event says who did it",
    "E1": "each event has exactly one outbox row",
    "L3": "each unit of a placed order has left, was cancelled, or is held for it",
    "R1": "every stored row is sound: readable, unaltered, and filed under its own columns",
}
"""The promises by id; their numbers are those of the promises page in the docs."""

ALARMS: Final = {
    "L1": "no wish to the outside rests unasked for long, and a person looks at what no rule can decide",
    "L2": "what the outside told and nobody could place is looked at",
    "L4": "every event is delivered, or somebody decides about it",
    "M9": "what a courier remitted too little is made up for by its day: somebody has to ask for it",
    "M5": "more went back than came in, by the outside's own doing: somebody has to ask for it",
}
"""What is no fault of the books, and waits for somebody; by the id of the promise that asks for it."""

ELSEWHERE: Final = {
    "E2": "every event reaches every receiver, in its order: the kit for brokers, and the alarm L4",
    "T1": "a tenant sees and changes only its own rows: the kit for storages; a check sees one tenant",
    "T2": "a denied call changes nothing: the tests of the access policy",
}
"""Promises that are made, and that stored rows can't tell; where they are tested."""

NOT_MADE: Final = {
    "A1": "a hash chain over the history: rows are kept and replayed, and nothing seals them yet",
    "P1": "erasure of personal data",
}
"""What is not promised yet."""


@attrs.frozen
class Violation:
    """One broken promise: which, in which row, what was found, and the way to repair it."""

    promise: str
    row: str
    found: str
    repair: str

    def __str__(self) -> str:
        return f"{self.promise} {self.row}: {self.found} ({PROMISES[self.promise]}); {self.repair}"


@attrs.frozen
class Alarm:
    """Something that the books tell rightly, and that waits for somebody: which promise asks for it, and what to do."""

    promise: str
    row: str
    found: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.promise} {self.row}: {self.found}; {self.remedy}"


@attrs.frozen
class Report:
    """The result of a check: what was looked at, what is broken, and what waits. Alarms break nothing."""

    checked: tuple[tuple[str, int], ...]
    """Rows by kind."""
    violations: tuple[Violation, ...]
    more: int = 0
    """Violations beyond those listed."""
    alarms: tuple[Alarm, ...] = ()
    more_alarms: int = 0
    """Alarms beyond those listed."""

    @property
    def ok(self) -> bool:
        """Whether every promise holds."""
        return not self.violations

    def __bool__(self) -> bool:
        return self.ok

    def __str__(self) -> str:
        if self.ok:
            return "verify: OK"
        broken = ", ".join(sorted({violation.promise for violation in self.violations}))
        return f"verify: FAILED ({broken})"
