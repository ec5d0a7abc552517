"""Double-entry books of an order, kept from its history alone: plain data in, and no rule of the shop's is known here.

Every event is a posting between a customer, the sales, and the places where money lies; every unit of a line has one
story. What is told is checked as it comes: a unit can't leave twice, and nothing comes back that was not there.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from sequences.care import CareBooks

Event = tuple[str, str, Mapping[str, Any]]
"""To what something happened, by its id; the topic, and what it says, as JSON has it: what holds nothing is left out.
"""

CUSTOMER, SALES, OTHER = "customer", "sales", "other"
MOVES = {"shipped": "open", "cancelled": "open", "returned": "shipped", "open": "shipped"}
"""What a unit has to be before; a unit that has arrived has still left."""
SHELF = "restock"
ELSEWHERE = ("damaged", "quality")
"""Where else in the house units of a return may lie; all others are in no book of the house any more."""


class Impossible(Exception):
    """The history tells what can't be."""


class OrderBooks:
    """The books of one order."""

    def __init__(self) -> None:
        self.accounts: Counter[str] = Counter()
        self.units: dict[str, list[str]] = {}
        self.made_of: dict[str, dict[str, int]] = {}
        """By line, what one unit of it is of the stock."""
        self.sold = 0
        """What all lines and charges that were ever agreed come to."""
        self.charges = 0
        """What the charges among that come to, but for what is taken off by one."""
        self.credits = 0
        """What cancellations and returns took off that."""
        self.allowances = 0
        self.placed = False
        self.astray: Counter[str] = Counter()
        """What nobody owes anything for and no shelf has, by SKU key: lost, left with the customer, put elsewhere."""
        self.elsewhere: Counter[str] = Counter()
        """What of it lies in the house, by SKU key and state: `teh damaged`."""
        self.care = CareBooks()

    def tell(self, history: Iterable[Event]) -> "OrderBooks":
        """The same books after *history*."""
        for subject, topic, said in history:
            room, _, what = topic.partition(".")
            self.care.hear(subject, topic, said)
            if room == "orders":
                self._hear(what, said)
            elif topic == "returns.return_accepted":
                self._put(said["lines"])
        return self

    def _put(self, lines: Iterable[Mapping[str, Any]]) -> None:
        for line in lines:
            if line["disposition"] != SHELF:
                self._stray([line["run"]])
            if line["disposition"] in ELSEWHERE:
                for key, steps in self._stock([line["run"]]).items():
                    self.elsewhere[f"{key} {line['disposition']}"] += steps

    def _hear(self, what: str, said: Mapping[str, Any]) -> None:
        match what:
            case "order_requested":
                asked = said["order"]
                self._agree([line["line"] for line in asked["lines"]], asked.get("charges", ()))
            case "order_placed" | "order_reinstated":
                self.placed = True
                self._post(CUSTOMER, SALES, self.sold)
            case "order_amended":
                before = self.sold
                self._agree(said.get("lines", ()), said.get("charges", ()))
                self._post(CUSTOMER, SALES, self.sold - before)
                if said.get("cancellation"):
                    self._gone(said["cancellation"])
            case "units_cancelled" | "order_cancelled":
                self._gone(said["cancellation"])
            case "goods_shipped":
                self._move(said["runs"], "shipped")
            case "goods_reopened":
                self._move(said["runs"], "open")
                self._stray(said["runs"])
            case "goods_returned":
                self._move(said["runs"], "returned")
                self._credit(said.get("credited", 0))
            case "allowance_granted":
                self.allowances += said["amount"]
                self._post(OTHER, CUSTOMER, said["amount"])
            case "allowance_withdrawn":
                self.allowances -= said["amount"]
                self._post(CUSTOMER, OTHER, said["amount"])
            case "payment_captured" | "refund_undone":
                self._post(said["account"], CUSTOMER, said["amount"])
            case "payment_reversed" | "refund_paid":
                self._post(CUSTOMER, said["account"], said["amount"])
            case "shortfall_written_off":
                self._post(OTHER, CUSTOMER, said["amount"])
            case "write_off_reversed":
                self._post(CUSTOMER, OTHER, said["amount"])
            case _:
                pass

    def _agree(self, lines: Iterable[Mapping[str, Any]], charges: Iterable[Mapping[str, Any]]) -> None:
        for line in lines:
            if line["id"] in self.units:
                raise Impossible(f"line {line['id']} is there twice")
            self.units[line["id"]] = ["open"] * line["steps"]
            parts = {part["sku"]: part["quantity"] for part in line.get("components", ())}
            self.made_of[line["id"]] = parts or {line["key"]: 1}
            self.sold += line.get("total", 0)
        for charge in charges:
            self.sold += charge.get("total", 0)
            self.charges += max(0, charge.get("total", 0))

    def _gone(self, cancellation: Mapping[str, Any]) -> None:
        self._move(cancellation.get("runs", ()), "cancelled")
        if self.placed:
            self._credit(cancellation.get("credited", 0))

    def _credit(self, amount: int) -> None:
        self.credits += amount
        self._post(SALES, CUSTOMER, amount)

    def _move(self, runs: Iterable[Mapping[str, Any]], to: str) -> None:
        for run in runs:
            units = self.units.get(run["line_id"], [])
            if run["beyond"] > len(units):
                raise Impossible(f"{run['line_id']} has {len(units)} units, and {run['beyond']} are told of")
            for unit in range(run.get("first", 0), run["beyond"]):
                if units[unit] != MOVES[to]:
                    raise Impossible(f"unit {unit} of {run['line_id']} is {units[unit]}, and is told to be {to}")
                units[unit] = to

    def _stray(self, runs: Iterable[Mapping[str, Any]]) -> None:
        self.astray += self._stock(runs)

    def _stock(self, runs: Iterable[Mapping[str, Any]]) -> Counter[str]:
        """What *runs* are of the stock, by SKU key."""
        found: Counter[str] = Counter()
        for run in runs:
            for key, steps in self.made_of[run["line_id"]].items():
                found[key] += steps * (run["beyond"] - run.get("first", 0))
        return found

    def _post(self, debit: str, credit: str, amount: int) -> None:
        self.accounts[debit] += amount
        self.accounts[credit] -= amount

    @property
    def owes(self) -> int:
        """What the customer owes; below zero, what the shop owes."""
        return self.accounts[CUSTOMER]

    @property
    def money(self) -> int:
        """What came in and has stayed, wherever it lies."""
        return sum(amount for name, amount in self.accounts.items() if name.startswith("money:"))

    @property
    def all_is_back(self) -> bool:
        """Whether no unit is with the customer, or is to be."""
        return all(unit in ("cancelled", "returned") for units in self.units.values() for unit in units)

    @property
    def away(self) -> Counter[str]:
        """What the customer has of the stock, by SKU key."""
        return self._of("shipped")

    @property
    def promised(self) -> Counter[str]:
        """What is still to leave, by SKU key."""
        return self._of("open")

    def _of(self, state: str) -> Counter[str]:
        found: Counter[str] = Counter()
        for line, units in self.units.items():
            for key, steps in self.made_of[line].items():
                found[key] += steps * units.count(state)
        return +found

    def faults(self, moved: Iterable[tuple[str, int]]) -> list[str]:
        """What does not close, now that everything is said to be settled.

        *moved* is what the house has more than before: on the shelf by SKU key, and beside it by key and state, also
        of what is `held` for somebody.
        """
        found = self.care.faults()
        if sum(self.accounts.values()):
            found.append(f"debits and credits differ by {sum(self.accounts.values())}")
        if self.owes:
            found.append(f"the customer owes {self.owes}")
        if self.money != self.sold - self.credits - self.allowances + self.accounts_beside:
            found.append(f"{self.money} stayed of {self.sold} sold, {self.credits} credited, {self.allowances} allowed")
        if self.all_is_back and not 0 <= self.money <= self.charges:
            found.append(f"all goods are back, and {self.money} stayed of {self.charges} charges")
        expected = self.elsewhere + Counter({f"{key} held": steps for key, steps in self.promised.items()})
        expected.subtract(self.away + self.astray)
        for key, steps in moved:
            if steps != expected[key]:
                found.append(f"the house has {steps} more of {key}, and should have {expected[key]}")
        return found

    @property
    def accounts_beside(self) -> int:
        """What was written off, as the shop's expense, below zero."""
        return -(self.accounts[OTHER] - self.allowances)
