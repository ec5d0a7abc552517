"""Books of what customers ask for after the sale, kept from histories alone: returns, exchanges and claims.

Each tells a story of its own, and the order tells its side of it; what one side says and the other doesn't is a fault.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import attrs

Said = Mapping[str, Any]
Units = Counter[tuple[str, int]]
"""Units of lines, by the line's id and their numbers: none is there twice."""

STAYS = ("kept", "undelivered")
"""What is credited of a return, and comes in nowhere: the customer keeps it, or a courier has lost it."""
FIRST = {
    "return": {"received": "authorised", "inspected": "received", "expired": "authorised"},
    "exchange": {"completed": "authorised"},
    "claim": {},
}
"""What each kind must have told of, before it may tell of something else."""
ENDS = {
    "return": ("accepted", "rejected", "cancelled", "expired"),
    "exchange": ("completed", "rejected", "cancelled", "expired"),
    "claim": ("approved", "rejected", "withdrawn"),
}
BEGINS = {"return": ("requested", "goods"), "exchange": ("requested", "exchange"), "claim": ("opened", "claim")}
"""By kind, the word that it begins with, and the name under which that says what it is."""


def units(runs: Iterable[Said]) -> Units:
    """Every unit of *runs*."""
    return Counter((run["line_id"], number) for run in runs for number in range(run.get("first", 0), run["beyond"]))


def per_line(some: Units) -> Counter[str]:
    """How many units of each line: which ones, is open until they come."""
    return Counter(line_id for line_id, _ in some.elements())


@attrs.define
class Case:
    """One return, exchange or claim, as its own history tells it."""

    kind: str
    id: str
    told: dict[str, list[Said]] = attrs.field(factory=dict)

    def hear(self, what: str, said: Said) -> None:
        """What happened to it."""
        self.told.setdefault(what, []).append(said)

    @property
    def begun(self) -> Said:
        """What it is, as it was said at its beginning."""
        word, name = BEGINS[self.kind]
        said: Said = self.last(word).get(name, {})
        return said

    def last(self, what: str) -> Said:
        """What was said last by a word; nothing where it wasn't."""
        return self.told.get(what, [{}])[-1]

    @property
    def life(self) -> Iterator[str]:
        """Where its own story can't be."""
        begin, first = BEGINS[self.kind][0], FIRST[self.kind]
        if len(self.told.get(begin, ())) != 1:
            yield f"began {len(self.told.get(begin, ()))} times"
        ends = [word for word in ENDS[self.kind] for _ in self.told.get(word, ())]
        if len(ends) != 1:
            yield f"has ended {len(ends)} times: {ends}"
        for what, before in first.items():
            if what in self.told and before not in self.told:
                yield f"was {what}, and never {before}"
        if len(self.told.get("authorised", ())) > 1:
            yield "was authorised twice"


@attrs.define
class CareBooks:
    """The books of all cases of one order."""

    cases: dict[str, Case] = attrs.field(factory=dict)
    returned: dict[str, list[Said]] = attrs.field(factory=dict)
    """What the order says came back, by return."""
    amended: dict[str, list[Said]] = attrs.field(factory=dict)
    """What the order says was added, by amendment."""
    allowed: list[Said] = attrs.field(factory=list)

    def hear(self, subject: str, topic: str, said: Said) -> None:
        """One event of the order, or of a case."""
        kind, _, what = topic.removeprefix("returns.").partition("_")
        if topic.startswith("returns."):
            self.cases.setdefault(subject, Case(kind, subject)).hear(what, said)
        elif topic == "orders.goods_returned":
            self.returned.setdefault(said["return_id"], []).append(said)
        elif topic == "orders.order_amended":
            self.amended.setdefault(said["amendment"]["id"], []).append(said)
        elif topic == "orders.allowance_granted":
            self.allowed.append(said)

    def faults(self) -> list[str]:
        """What one side tells and the other doesn't, now that everything is said to have ended."""
        found = [f"{id}: came back, and was never accepted" for id in self.returned if not self._accepted(id)]
        for case in self.cases.values():
            sides = {"return": self._return, "exchange": self._exchange, "claim": self._claim}
            found += [f"{case.id}: {each}" for each in (*case.life, *sides[case.kind](case))]
        return found

    def _accepted(self, id: str) -> Said:
        case = self.cases.get(id)
        return case.last("accepted") if case is not None else {}

    def _of(self, id: object) -> Case:
        return self.cases.get(str(id)) or Case("return", str(id))

    def _return(self, case: Case) -> Iterator[str]:
        asked = units(line["run"] for line in case.begun.get("lines", ()))
        if not asked:
            yield "is of nothing"
        came = units(run for said in case.told.get("received", ()) for run in said["receipt"]["runs"])
        if per_line(came) - per_line(asked):
            yield f"{per_line(came)} came, and only {per_line(asked)} was asked for"
        if came.total() > len(came):
            yield f"one of {came} came twice"
        done = case.last("accepted")
        if not done:
            return
        credited = units(line["run"] for line in done["lines"])
        here = units(line["run"] for line in done["lines"] if line["disposition"] not in STAYS)
        looked = case.last("inspected").get("inspection", {}).get("lines", ())
        fit = units(line["run"] for line in looked if line["disposition"] != "refused")
        if per_line(here) != per_line(fit) or units(line["run"] for line in looked) != came:
            yield f"{per_line(here)} is credited, {per_line(came)} came, and {per_line(fit)} was found fit"
        yield from self._credit(case, done, credited)

    def _credit(self, case: Case, done: Said, credited: Units) -> Iterator[str]:
        """Whether the order was credited the same, and what goes back is a part of that."""
        orders = self.returned.get(case.id, [])
        credit, back = done["refund"]["credit"][0], done["refund"]["amount"][0]
        if [(credited, credit)] != [(units(said["runs"]), said.get("credited", 0)) for said in orders]:
            yield f"{credit} is credited for {credited}, and the order says {orders}"
        worths = done["refund"]["worths"]
        worth = sum(each.get("goods", 0) + sum(one["total"] for one in each.get("charges", ())) for each in worths)
        if worth != credit:
            yield f"{credit} is credited, and its units are worth {worth}"
        parts = sum(part["amount"][0] for part in done["refund"]["parts"])
        if not 0 <= back <= max(credit, 0) or parts != back:
            yield f"{back} of {credit} goes back, in parts of {parts}"

    def _exchange(self, case: Case) -> Iterator[str]:
        comes = self._of(case.begun.get("return_id"))
        if comes.begun.get("part_of") != case.id:
            yield f"its return {comes.id} is a part of {comes.begun.get('part_of')}"
        done, apart = case.last("completed"), "set_apart" in comes.told
        if apart and (done or comes.last("set_apart").get("part_of") != case.id):
            yield f"its return {comes.id} goes on by itself, apart from {comes.last('set_apart').get('part_of')}"
        if not apart and bool(done) is not bool(comes.last("accepted")):
            yield f"it has ended otherwise than its return {comes.id}"
        if not done:
            return
        added, credited = done["settlement"]["added"][0], done["settlement"]["credited"][0]
        theirs = [said.get("credited", 0) for said in self.returned.get(comes.id, ())]
        put_in = [
            sum(line.get("total", 0) for line in said.get("lines", ()))
            for said in self.amended.get(done["settlement"]["amendment_id"], ())
        ]
        if ([added], [credited]) != (put_in, theirs):
            yield f"it says {added} for {credited}, and the order {put_in} for {theirs}"
        if case.begun.get("pricing") == "even" and added != credited:
            yield f"{added} for {credited} is not even"

    def _claim(self, case: Case) -> Iterator[str]:
        approved, remedy, back = "approved" in case.told, case.begun.get("remedy"), case.begun.get("goods_back", False)
        if not units(case.begun.get("runs", ())):
            yield "is of nothing"
        granted = [said["amount"] for said in self.allowed if case.id in said["reason"]]
        if granted != ([case.begun["amount"][0]] if approved and remedy == "allowance" else []):
            yield f"it allows {case.begun.get('amount')}, and the order {granted}"
        if not approved or remedy == "allowance":
            return  # staff may complete its exchange all the same
        goods = self._of(case.last("approved").get("return_id"))
        if case.begun.get("return_id") not in (None, goods.id):
            yield f"its return was {case.begun['return_id']}, and is {goods.id}"
        asked = units(line["run"] for line in goods.begun.get("lines", ()))
        if per_line(units(case.begun.get("runs", ()))) != per_line(asked):
            yield f"its return {goods.id} is of other units"
        if not back and "accepted" not in goods.told:
            yield f"it was made up for at once, and its return {goods.id} wasn't accepted"
        if remedy == "replacement" and self._of(case.begun.get("exchange_id")).kind != "exchange":
            yield f"it has no exchange {case.begun.get('exchange_id')}"
