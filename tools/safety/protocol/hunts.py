"""Where each bug is hunted, and the plan that is pinned for it."""

import json
import time
from itertools import count, islice
from pathlib import Path
from typing import Final

import attrs

from safety.protocol.bugs import BUGS
from safety.protocol.hunting import ByCrashPoints, BySimulation, Caught, Plan, read, written

PINNED: Final = Path(__file__).with_name("pinned.json")
MOST_SEEDS: Final = 60
"""So many seeds are tried before a bug counts as not found."""
_PAID: Final = "basket pay webhooks tick"

HUNTS: Final[dict[str, BySimulation | ByCrashPoints]] = {
    "NO_LOOKUP": ByCrashPoints("card sale", "none"),
    "NONE_MEANS_FAILED": ByCrashPoints("card sale", "none+lag"),
    "NONE_INSIDE_THE_LAG": ByCrashPoints("card sale", "none+lag"),
    "DUPLICATE_MEANS_FAILED": ByCrashPoints("card sale", "reference+lag"),
    "FRESH_KEY": ByCrashPoints("card sale", "key+lag"),
    "ATTEMPT_RAISED": ByCrashPoints("card sale", "key+lag"),
    "SILENCE_MEANS_FAILED": ByCrashPoints("card sale", "key"),
    "LEASE_IGNORED": ByCrashPoints("two runners", "none"),
    "TWO_LIVE_CHARGES": ByCrashPoints("another way to pay", "key"),
    "CANCEL_WITHOUT_A_WISH": ByCrashPoints("cancelled while charging", "key"),
    "AMOUNT_UNCHECKED": BySimulation("key", f"{_PAID} trouble"),
    "CURRENCY_UNCHECKED": BySimulation("key", f"{_PAID} trouble"),
    "ACCOUNT_UNCHECKED": ByCrashPoints("another's message", "key"),
    "FOLD_BY_ARRIVAL": BySimulation("key", f"{_PAID} trouble"),
    "DENY_AFTER_SETTLEMENT_IGNORED": BySimulation("key", f"{_PAID} trouble"),
    "OBSERVED_TWICE": BySimulation("key", f"{_PAID} trouble advance"),
    "PENDING_REFUND_UNCOUNTED": BySimulation("key", f"{_PAID} refund"),
    "CHARGEBACK_COUNTED_TWICE": BySimulation("key", f"{_PAID} refund trouble"),
    "NO_REHOLD": ByCrashPoints("late payment", "key"),
    "FORGOTTEN_LATE_REFUND": ByCrashPoints("too late payment", "key"),
    "HOLD_NOT_KEPT": ByCrashPoints("virtual account", "key"),
    "COUPON_RELEASED_TWICE": ByCrashPoints("cancelled order", "key"),
    "GIFT_CARD_READ_THEN_WRITTEN": ByCrashPoints("one card, two tills", "key"),
    "OUTBOX_BY_LAST_ID": BySimulation("key", f"{_PAID} clock"),
}


@attrs.frozen
class Found:
    """What a hunt came to."""

    name: str
    plan: Plan | None
    caught: Caught | None
    seconds: float
    """Of processor time."""
    seeds: int = 0
    """How many were tried."""

    def __str__(self) -> str:
        if self.plan is None or self.caught is None:
            return f"{self.name}: NOT FOUND in {self.seeds} seeds, {self.seconds:.2f} s"
        tried = f" after {self.seeds} seeds" if self.seeds > 1 else ""
        return f"{self.name}: {self.caught.promise}, by {self.plan}{tried}, {self.seconds:.2f} s"


def play(name: str, plan: Plan) -> Found:
    """*plan* played once with the bug *name*."""
    began = time.process_time()
    with BUGS[name].planted():
        caught = plan.play()
    return Found(name, plan, caught, time.process_time() - began)


def hunt(name: str, first: int = 0) -> Found:
    """The bug *name* hunted anew, from the seed *first* on."""
    began, way, tried = time.process_time(), HUNTS[name], 0
    with BUGS[name].planted():
        for seed in islice(count(first), MOST_SEEDS if isinstance(way, BySimulation) else 1):
            tried += 1
            if (plan := way.hunt(seed)) is not None:
                return Found(name, plan, plan.play(), time.process_time() - began, tried)
    return Found(name, None, None, time.process_time() - began, tried)


def pinned() -> dict[str, Plan]:
    """The plan that shows each bug."""
    if not PINNED.exists():
        return {}
    return {name: read(text) for name, text in json.loads(PINNED.read_text(encoding="utf-8")).items()}


def pin(plans: dict[str, Plan]) -> None:
    """Keep *plans* for the next time."""
    text = json.dumps({name: written(plan) for name, plan in sorted(plans.items())}, indent=2)
    PINNED.write_text(text + "\n", encoding="utf-8")
