"""A replay whose storage fails on the way: whatever strikes, money, goods and books end as if nothing had."""

from contextlib import nullcontext
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import tokolib
from tokolib.adapters.memory import MemoryStorage
from tokolib.cli.main import main
from tokolib.cli.replay.client import Client, Place
from tokolib.cli.replay.command import Replayed, kept_in, run
from tokolib.cli.replay.errors import BadShare, GaveUp
from tokolib.cli.replay.faults import Faults, share
from tokolib.cli.replay.selling import ReplayClock
from tokolib.kernel.errors import ConfigMismatch, InvalidInput
from tokolib.kernel.storage_errors import Busy
from tokolib.records.collections import COLLECTIONS
from tokolib.shop import Shop
from tokolib.testing.simulator.faults import Mode

START = datetime(2011, 2, 1, 8, 26, tzinfo=UTC)
DAYS = 28
"""Of eleven lines each: sold at two prices, given, found, damaged, charged, brought back, corrected."""
LASTING = ("orders", "returns", "movements", "levels", "holds", "postings", "keys")
"""What a shop must have as many of, however often it was asked. Carts and quotes without an order are litter."""


@pytest.fixture
def days(written: Any) -> Path:
    lines: list[str] = []
    for day in range(1, DAYS + 1):
        n, at = f"{day:02}", f"2011-02-{day:02}"
        lines += (
            f"5{n}1,85123A,HEART HOLDER,6,{at} 08:26,2.55,17850",
            f"5{n}1,85123A,HEART HOLDER,2,{at} 08:26,2.75,17850",
            f"5{n}1,PADS,PADS TO MATCH,1,{at} 08:26,0.001,17850",
            f"5{n}1,POST,POSTAGE,3,{at} 08:26,18.00,17850",
            f"5{n}2,22633,HAND WARMER,4,{at} 09:00,0.0,13047",
            f"5{n}3,84029E,,50,{at} 09:10,0.0,",
            f"5{n}4,84029E,damaged,-8,{at} 09:11,0.0,",
            f"5{n}5,M,Manual,1,{at} 09:12,12.50,",
            f"C5{n}6,85123a,HEART HOLDER,-4,{at} 10:00,2.55,17850",
            f"C5{n}6,D,Discount,-1,{at} 10:00,27.50,14527",
            f"A5{n}7,B,Adjust bad debt,1,{at} 11:00,-100.00,",
        )
    return written(*lines)


def in_memory() -> Place:
    storage = MemoryStorage(COLLECTIONS)
    return lambda: nullcontext(storage)


def lasting(done: Replayed) -> dict[str, int]:
    return {kind: count for kind, count in done.proof.checked if kind in LASTING}


@pytest.mark.parametrize("where", ["memory", "a file"])
def test_a_struck_replay_ends_as_one_that_nothing_struck(days: Path, tmp_path: Path, where: str) -> None:
    """Seven calls in a hundred fail: accounts, stock and the rows that last are the same, and the books prove right."""
    places = (in_memory(), in_memory())
    if where == "a file":
        places = (kept_in(tmp_path / "calm.db"), kept_in(tmp_path / "struck.db"))
    faults = Faults(share("0.07"))

    calm, struck = run(days, places[0]), run(days, places[1], faults=faults)

    assert (True, ()) == (calm.ok, calm.odd)
    assert (True, (), ()) == (struck.ok, struck.odd, struck.miscounted), struck.proof
    assert calm.accounts == struck.accounts
    assert (2 * DAYS, DAYS) == (struck.accounts.orders, struck.accounts.returns)
    assert lasting(calm) == lasting(struck)
    assert set(LASTING) == set(lasting(struck))
    assert faults.struck > 180
    assert min(faults.modes[mode] for mode in Mode) > 25
    assert min(faults.names[name] for name in ("storage.begin", "storage.read", "storage.commit")) > 15
    assert faults.crashes == faults.modes[Mode.BEFORE] + faults.modes[Mode.AFTER]
    assert faults.starts > faults.crashes > 60
    assert faults.again > faults.crashes


def test_a_seed_strikes_the_same_calls_again(days: Path) -> None:
    """What struck, how and where depends on the seed alone."""

    def told(seed: int) -> tuple[Any, ...]:
        faults = Faults(share(".02"), seed)
        run(days, in_memory(), days=7, faults=faults)
        return faults.calls, faults.modes, faults.names, faults.again, faults.starts

    assert told(1) == told(1)
    assert told(1) != told(2)


def test_no_share_strikes_nothing(days: Path) -> None:
    """0 counts the calls, and that is all."""
    faults = Faults(share("0"))

    done = run(days, in_memory(), days=3, faults=faults)

    assert done.ok
    assert (0, 0, 0, 1) == (faults.struck, faults.crashes, faults.again, faults.starts)
    assert faults.calls > 100


def test_the_command_tells_what_struck_and_reconciles(days: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The share and the seed are printed, so that it can be run again; the table of money is that of a calm replay."""
    calm = main(["replay", str(days), "--limit-days", "9"]), capsys.readouterr().out.splitlines()
    struck = main(["replay", str(days), "--limit-days", "9", "--faults", "0.050"]), capsys.readouterr().out.splitlines()
    other = main(["replay", str(days), "--limit-days", "2", "--faults", ".05", "--seed", "7"]), capsys.readouterr().out

    assert (0, 0, 0) == (calm[0], struck[0], other[0])
    timed = next(at for at, line in enumerate(calm[1]) if "lines/s" in line)
    assert calm[1][:timed] == struck[1][:timed]
    assert calm[1][-2:] == struck[1][-2:] == ["difference: 0", "verify: OK"]
    told = "\n".join(struck[1][timed + 1 :])
    assert "faults: 0.05 of all calls, seed 1: " in told
    assert "crashes" in told
    assert "faults:" not in "\n".join(calm[1])
    assert "faults: 0.05 of all calls, seed 7: " in other[1]


def test_a_shop_that_forgets_its_keys_is_found_out(
    written: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Corrections that happen twice when they are sent twice end in stock that nobody can explain, and in status 1."""

    async def forgetful(unit: Any, scope: Any, key: Any, request: Any, step: Any) -> tuple[str, bool]:
        return await step(), True

    monkeypatch.setattr("tokolib.inventory.service.once", forgetful)

    found = (f"5{n:03},84029E,,5,2011-02-01 09:{n // 2:02},0.0," for n in range(120))

    status = main(["replay", str(written(*found)), "--faults", "0.1"])

    told = capsys.readouterr().out
    assert 1 == status
    assert "expected" in told
    assert "verify: OK" in told  # the books are right: it did happen twice


def test_orders_that_nobody_was_answered_for_are_found_out(days: Path) -> None:
    """A shop that keeps another number of orders or returns than it told of has lost one, or made one twice."""
    done = run(days, in_memory(), days=2)

    done.accounts.orders -= 1
    assert (("4 orders kept, 3 answered",), False) == (done.miscounted, done.ok)
    done.accounts.orders += 1
    done.accounts.returns += 1
    assert (("2 returns kept, 3 answered",), False) == (done.miscounted, done.ok)


def test_a_refusal_is_not_asked_for_again() -> None:
    """What another try would meet as well goes to whoever asked, at once."""
    faults = Faults(share("0"))
    with Client(in_memory(), ReplayClock(START), faults) as client, pytest.raises(InvalidInput):
        client.does(lambda shop: shop.stock.adjust("85123A", 1, reason=""))

    assert 0 == faults.again


def test_a_request_that_is_never_answered_is_given_up() -> None:
    """The process is there, and busy for ever: after very many tries that is said."""

    def ask(_: Shop) -> None:
        raise Busy("others write")

    faults = Faults(share("0"))
    with Client(in_memory(), ReplayClock(START), faults) as client, pytest.raises(GaveUp, match="1,000 tries"):
        client.does(ask)

    assert (1_000, 1) == (faults.again, faults.starts)


def test_another_shop_at_the_place_is_not_opened_again_and_again() -> None:
    """A shop of another country is refused at once: no other process would find another one."""
    place, faults = in_memory(), Faults(share("0"))
    with place() as storage:
        tokolib.open(storage, country="ID")  # and left open: memory ends with its shop

    with pytest.raises(ConfigMismatch):
        Client(place, ReplayClock(START), faults).__enter__()

    assert 1 == faults.starts


def test_too_large_a_share_ends_with_a_way_out(days: Path) -> None:
    """Where nearly every call fails no request is ever answered, and the replay says so instead of going on."""
    with pytest.raises(GaveUp) as refused:
        run(days, in_memory(), faults=Faults(share("0.999")))

    assert "smaller share" in refused.value.hint


@pytest.mark.parametrize(
    "text", ["1", "1.0", "-0.1", "", "nan", "half", "5%", "1e-2", "0,01", "0.", "0.0000000001", "٠.١", "0.01 "]
)
def test_what_is_no_share_is_refused_before_anything_happens(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line says what is wrong and one what to give, the status is 2, and no file is there."""
    into = tmp_path / "shop.db"

    status = main(["replay", "sample", "--into", str(into), f"--faults={text}"])

    assert 2 == status
    told = capsys.readouterr().err.splitlines()
    assert [f"replay.bad_share: {text!r} is no share of calls to strike"] == told[:1]
    assert 2 == len(told)
    assert not into.exists()


def test_a_share_is_exact() -> None:
    """A decimal is read to its last digit, and refused beyond nine."""
    assert Fraction(1, 100) == share("0.01") == share(".010")
    assert Fraction(1, 10**9) == share("0.000000001")
    with pytest.raises(BadShare):
        share("0.9999999999")


def test_a_share_strikes_as_often_as_it_says() -> None:
    """Of 20,000 calls a tenth is struck, give or take what luck does."""
    faults = Faults(share("0.1"))
    for _ in range(20_000):
        faults.plan.restart()
        faults.plan.count("storage.read")
    faults.count()

    assert 1_800 < faults.struck < 2_200
    assert 20_000 == faults.calls
