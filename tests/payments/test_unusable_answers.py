"""What an adapter says that is no answer: named with the gateway and the call, believed in nothing, asked again."""

import attrs
import pytest

from tokolib.effects.answers import UnusableAnswer
from tokolib.effects.model import EffectKind, EffectState
from tokolib.effects.outside import Declined
from tokolib.kernel.money import IDR
from tokolib.testing.fake_gateway import FakeGateway

NONSENSE = {
    "nothing at all": (lambda _: None, "must be an Observation (None)"),
    "a number for an amount": (lambda seen: attrs.evolve(seen, amount=5), "must be Money @ amount (5)"),
    "a word for a state": (lambda seen: attrs.evolve(seen, state="paid"), "must be EffectState @ state ('paid')"),
    "no key": (lambda seen: attrs.evolve(seen, key=None), "must be text @ key (None)"),
    "no reference": (lambda seen: attrs.evolve(seen, reference=None), "must be text @ reference (None)"),
    "a reference no storage keeps": (lambda seen: attrs.evolve(seen, reference="a\0"), "has a NUL character at 1"),
    "a reference of a page": (lambda seen: attrs.evolve(seen, reference="x" * 301), "must be at most 300 characters"),
    "a dict of details": (lambda seen: attrs.evolve(seen, details={"kind": "va"}), "must be a tuple of pairs of texts"),
    "one text of details": (lambda seen: attrs.evolve(seen, details=(("kind",),)), "must be a tuple of pairs of texts"),
    "a mistake in the adapter": (lambda _: {}["status"], "it raised KeyError: 'status'"),
    "a refusal without a reason": (lambda _: _refuse(), "must be text @ failure (None)"),
}


def _refuse():
    raise Declined("fake", None)


@pytest.fixture(params=NONSENSE)
def nonsense(request):
    """How an answer is spoilt, and what is told of it."""
    return NONSENSE[request.param]


def _spoil(till, monkeypatch, call, spoilt):
    whole = getattr(FakeGateway, call)
    monkeypatch.setattr(FakeGateway, call, lambda self, asked: spoilt(whole(self, asked)))
    return lambda: monkeypatch.setattr(FakeGateway, call, whole)


def test_a_charge_without_a_usable_answer_is_looked_up_later(till, monkeypatch, nonsense):
    """The error names the gateway, the call and the fault; the charge stays unknown, and is found when it is due."""
    spoilt, told = nonsense
    mend = _spoil(till, monkeypatch, "create", spoilt)
    key = till.open().operations[0].key

    with pytest.raises(UnusableAnswer) as refused:
        till.advance()

    assert ("fake", "create", key) == (refused.value.provider, refused.value.call, refused.value.key)
    assert str(refused.value).startswith(f"fake gave no usable answer to create {key}: ")
    assert told in str(refused.value)
    assert "mend create in the adapter of fake" in refused.value.hint
    assert till.intent().operations[0].state is EffectState.UNKNOWN

    mend()
    till.clock.pass_(minutes=10)
    assert till.advance().operations[0].state is EffectState.ACTION_REQUIRED
    assert till.gateway.world.charges_of(key) == 1


def test_a_refund_without_a_usable_answer_is_looked_up_later(till, monkeypatch, nonsense):
    """It may have gone back: it counts as pending until it is found."""
    spoilt, told = nonsense
    key = till.open().operations[0].key
    till.advance()
    till.gateway.pay(key)
    till.deliver()
    mend = _spoil(till, monkeypatch, "refund", spoilt)

    with pytest.raises(UnusableAnswer, match="fake gave no usable answer to refund") as refused:
        till.payments.refund("ord_1", IDR(30_000), reason="dented", key="r")
    assert told in str(refused.value)
    assert till.intent().pending_refund == IDR(30_000)

    mend()
    till.clock.pass_(minutes=10)
    assert till.advance().refunded == IDR(30_000)
    assert till.gateway.world.balance(IDR(0)) == IDR(70_000)


@pytest.mark.parametrize(
    ("spoilt", "told"),
    [
        (lambda _: None, "must be a tuple of Observations (None)"),
        (lambda seen: list(seen), "must be a tuple of Observations"),
        (lambda seen: (*seen, 5), "must be an Observation (5)"),
        (lambda seen: tuple(attrs.evolve(each, kind=EffectKind.REFUND) for each in seen), "must be charge under this"),
        (lambda seen: seen[0].no_such_field, "it raised AttributeError"),
    ],
)
def test_a_look_up_that_finds_nonsense_settles_nothing(till, monkeypatch, spoilt, told):
    """A refund under the charge's own key, and no charge, is no news of the charge: no money moves by it."""
    till.gateway.switches.time_out_after = 1
    till.open()
    till.advance()
    mend = _spoil(till, monkeypatch, "query", spoilt)
    till.clock.pass_(minutes=10)

    with pytest.raises(UnusableAnswer, match="fake gave no usable answer to query") as refused:
        till.advance()
    assert told in str(refused.value)
    assert (till.intent().operations[0].state, till.intent().refunded) == (EffectState.UNKNOWN, IDR(0))

    mend()
    till.clock.pass_(hours=1)
    assert till.advance().operations[0].state is EffectState.ACTION_REQUIRED


def test_a_movement_may_tell_the_key_of_its_charge(till, monkeypatch):
    """Beside the charge itself, a refund from the provider's dashboard under the charge's key is seen as one."""
    key = till.open().operations[0].key
    till.advance()
    till.gateway.pay(key)
    till.gateway.world.refund_by_hand(key, IDR(10_000))

    def echoed(seen):
        return tuple(attrs.evolve(each, key=key, about="") for each in seen)

    _spoil(till, monkeypatch, "query", echoed)
    till.clock.pass_(minutes=10)

    assert till.advance().refunded == IDR(10_000)
