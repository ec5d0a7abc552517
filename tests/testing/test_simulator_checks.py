"""The simulator's own checks: an adapter that is broken is caught, and the printed script breaks it again."""

import asyncio
import subprocess
import sys
from importlib import import_module

import pytest

from tokolib import InvalidInput, Policies
from tokolib.testing import FakeGateway, PromiseBroken, asimulate, simulate
from tokolib.testing.simulator.faults import Mode
from tokolib.testing.simulator.rules import RULES
from tokolib.testing.simulator.steps import Step

BROKEN = '''
"""Adapters as somebody might write them, each with one fault."""

import attrs

from tokolib.effects import EffectState
from tokolib.kernel import Money
from tokolib.testing import FakeGateway


class FreshKeys(FakeGateway):
    """Makes up a new key for each request, so that the provider can't know it again."""

    def create(self, charge):
        return FakeGateway.create(self, attrs.evolve(charge, key=f"{charge.key}-{len(self.world.entries)}"))


class OtherAmounts(FakeGateway):
    """Says the price in another unit than the provider does."""

    def create(self, charge):
        seen = FakeGateway.create(self, charge)
        return attrs.evolve(seen, amount=Money(seen.amount.minor_units * 100, seen.amount.currency))


class Optimist(FakeGateway):
    """Takes what it asked for as done."""

    def create(self, charge):
        return attrs.evolve(FakeGateway.create(self, charge), state=EffectState.SUCCEEDED)


class Forgetful(FakeGateway):
    """Answers that nothing was refunded, and lets it be refunded again."""

    def refund(self, refund):
        FakeGateway.refund(self, refund)
        return FakeGateway.refund(self, attrs.evolve(refund, key=f"{refund.key}-again"))


class Crude(FakeGateway):
    """Lets its driver's errors through."""

    def create(self, charge):
        raise KeyError("token")
'''


@pytest.fixture
def adapters(tmp_path, monkeypatch):
    """The module with the broken adapters, which a script can import too."""
    (tmp_path / "adapters_of_somebody.py").write_text(BROKEN)
    monkeypatch.syspath_prepend(tmp_path)
    yield import_module("adapters_of_somebody")
    del sys.modules["adapters_of_somebody"]


@pytest.mark.parametrize(
    ("name", "promise"),
    [("FreshKeys", "M7"), ("OtherAmounts", "G"), ("Optimist", "M7"), ("Forgetful", "M7"), ("Crude", "T")],
)
def test_a_broken_gateway_is_caught_and_its_script_breaks_it_again(adapters, tmp_path, capsys, name, promise):
    """The error names the promise; the script that is printed needs few steps, and breaks the same one."""
    with pytest.raises(PromiseBroken) as caught:
        simulate(2, gateway=getattr(adapters, name), policies=Policies(), faults=0.05)
    found = caught.value

    assert promise == found.promise
    assert len(found.steps) <= 6
    assert found.script in capsys.readouterr().err
    (tmp_path / "replay.py").write_text(found.script)
    again = subprocess.run([sys.executable, "replay.py"], cwd=tmp_path, capture_output=True, text=True)
    assert again.returncode != 0
    assert f"PromiseBroken: {found.promise} {found.row}: {found.found}" in again.stderr


def test_a_script_says_what_the_simulation_was_given(adapters, capsys):
    """Adapter, style and policies stand in it by their names, and each step is told in words."""
    with pytest.raises(PromiseBroken) as caught:
        simulate(1, gateway=adapters.Optimist, style="none+lag", policies=Policies(stock_taken="at_order"))

    script = caught.value.script
    assert "from adapters_of_somebody import Optimist" in script
    assert "from tokolib import Policies" in script
    assert "    gateway=Optimist,\n    style='none+lag',\n    policies=Policies(stock_taken='at_order'),\n" in script
    assert "  # orders a basket" in script or "  # orders quote" in script


def test_the_same_failure_shrinks_the_same_way(adapters, capsys):
    """No luck is involved in finding the fewest steps."""
    scripts = []
    for _ in range(2):
        with pytest.raises(PromiseBroken) as caught:
            simulate(11, gateway=adapters.Forgetful, policies=Policies())
        scripts.append(caught.value.script)

    assert scripts[0] == scripts[1]


def test_a_sound_gateway_of_ones_own_is_no_trouble():
    """An adapter of another name, over a provider of a chosen style, breaks nothing."""

    def mine(world):
        return FakeGateway(world, "kilat")

    told = simulate(3, steps=60, gateway=mine, style="reference+lag", settings={"hold_minutes": 30})

    assert 60 == told.counted


@pytest.mark.parametrize("rule", RULES)
def test_a_step_of_every_rule_is_read_as_it_is_written(rule):
    """Whatever is printed in a script is played again by it."""
    step = Step(rule, 12, mode=Mode.AFTER, call=3, meanwhile="tick", moment=2)

    assert step == Step.parse(str(step), RULES)


@pytest.mark.parametrize("step", ["", "order", "dance 7", "order x", "order 7 after@x", "order 7 dance@2", 7])
def test_a_step_that_is_none_is_refused(step):
    """A list of steps is checked before a shop is opened."""
    with pytest.raises(InvalidInput, match="must read like"):
        simulate(1, steps=[step])


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"seed": "x"}, r"must be a whole number @ seed"),
        ({"steps": 0}, r"must be a whole number of at least 1 @ steps"),
        ({"steps": -1}, r"must be a whole number of at least 1 @ steps"),
        ({"steps": 1.5}, r"must be how many, or a list of steps as a script has it @ steps"),
        ({"steps": "order 7"}, r"must be how many, or a list of steps as a script has it @ steps"),
        ({"storage": "memory://"}, r"must be a function that makes one for each run @ storage"),
        ({"gateway": 5}, r"must be a function that makes one for each run @ gateway"),
        ({"style": "nonesuch"}, r"must be one of key.*none\+lag @ style"),
        ({"policies": "frozen"}, r"must be Policies @ policies"),
        ({"settings": 5}, r"must be arguments of settings\.change by name @ settings"),
        ({"settings": {"bogus": 1}}, r"is no argument of settings\.change @ settings\[bogus\]"),
        ({"faults": "x"}, r"must be a part, from 0 to 1 @ faults"),
        ({"faults": 2}, r"must be a part, from 0 to 1 @ faults"),
        ({"faults": float("nan")}, r"must be a part, from 0 to 1 @ faults"),
        ({"verify_every": 0}, r"must be a whole number of at least 1 @ verify_every"),
        ({"steps": 0, "verify_every": 0}, r"@ steps; .* @ verify_every"),
    ],
)
def test_arguments_that_cannot_be_are_refused(wrong, told):
    """All of them at once, before a shop is opened: none of them is a broken promise of the shop's."""
    with pytest.raises(InvalidInput, match=told):
        simulate(**{"seed": 1} | wrong)
    with pytest.raises(InvalidInput, match=told):
        asyncio.run(asimulate(**{"seed": 1} | wrong))
