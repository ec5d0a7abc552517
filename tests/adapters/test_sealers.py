"""Our own sealers pass the kit that everybody's must pass; those with a fault fail the check that is about it."""

import asyncio
import base64
import hashlib
import inspect
import secrets
import unicodedata
from collections.abc import Iterator
from typing import Any

import pytest

from tokolib.fulfilment.licences import Sealer
from tokolib.testing import AsyncFakeSealer, FakeSealer, SealerKit
from tokolib.testing.storage_checks.driven import Drive


class OfAFake(SealerKit):
    kind: Any = FakeSealer

    @pytest.fixture
    def sealer(self) -> Sealer:
        return self.kind(b"first")

    @pytest.fixture
    def renewed(self) -> Sealer:
        return self.kind(b"second", formerly=[b"first"])

    @pytest.fixture
    def foreign(self) -> Sealer:
        return self.kind(b"another")


class TestFake(OfAFake):
    pass


class TestAsyncFake(OfAFake):
    kind = AsyncFakeSealer

    @pytest.fixture
    def drive(self) -> Iterator[Drive]:
        with asyncio.Runner() as runner:
            yield runner.run


class Salted(FakeSealer):
    def seal(self, text: str) -> str:
        return super().seal(secrets.token_hex(4) + text)

    def unseal(self, sealed: str) -> str:
        return super().unseal(sealed)[8:]


class TestOneThatSealsDifferentlyEachTime(OfAFake):
    kind = Salted


# Sealers with a fault


class OpensOnce(FakeSealer):
    opened = ""

    def unseal(self, sealed: str) -> str:
        if sealed == self.opened:
            raise ValueError("opened already")
        self.opened = sealed
        return super().unseal(sealed)


class SealsInClear(FakeSealer):
    def seal(self, text: str) -> str:
        return f"{super().seal(text)}.{text!a}"

    def unseal(self, sealed: str) -> str:
        return super().unseal(sealed.partition(".")[0])


class SealsInBytes(FakeSealer):
    def seal(self, text: str) -> str:
        return base64.b64decode(super().seal(text).removeprefix("fake:")).decode("latin-1")

    def unseal(self, sealed: str) -> str:
        return super().unseal("fake:" + base64.b64encode(sealed.encode("latin-1")).decode())


class ComposesLetters(FakeSealer):
    def seal(self, text: str) -> str:
        return super().seal(unicodedata.normalize("NFKC", text))


class CutsWhatIsLong(FakeSealer):
    def seal(self, text: str) -> str:
        return super().seal(text.encode()[:255].decode(errors="ignore"))


class StripsBlanks(FakeSealer):
    def seal(self, text: str) -> str:
        return super().seal(text.strip())


class OnlyEncodes(FakeSealer):
    def __init__(self, secret: bytes, **more: Any) -> None:
        super().__init__(b"in the program")


class LooksForNothing(FakeSealer):
    def unseal(self, sealed: str) -> str:
        if not sealed.startswith("fake:"):
            raise ValueError("not sealed by this")
        packed = base64.b64decode(sealed.removeprefix("fake:"))
        stream = (self._secrets[0] * len(packed))[: len(packed)]
        return bytes(each ^ other for each, other in zip(packed[16:], stream, strict=False)).decode(errors="replace")


class ReadsTheFirstPart(FakeSealer):
    def seal(self, text: str) -> str:
        return ".".join(FakeSealer.seal(self, each) for each in (text[:8], text[8:]))

    def unseal(self, sealed: str) -> str:
        return "".join(FakeSealer.unseal(self, each) for each in sealed.split("."))


class AnswersForeignTextsAsTheyAre(FakeSealer):
    def unseal(self, sealed: str) -> str:
        return super().unseal(sealed) if sealed.startswith("fake:") else sealed


class RaisesItsOwnError(FakeSealer):
    def unseal(self, sealed: str) -> str:
        try:
            return super().unseal(sealed)
        except ValueError:
            raise KeyError("no secret of this name") from None


class ForgetsFormerSecrets(FakeSealer):
    def unseal(self, sealed: str) -> str:
        return FakeSealer(self._secrets[0]).unseal(sealed)


class SealsByTheFormerSecret(FakeSealer):
    def seal(self, text: str) -> str:
        return FakeSealer(self._secrets[-1]).seal(text)


class DigestsByThePresentSecret(FakeSealer):
    def digest(self, text: str) -> str:
        return FakeSealer(self._secrets[0]).digest(text)


class DigestsAtRandom(FakeSealer):
    def digest(self, text: str) -> str:
        return super().digest(secrets.token_hex(8) + text)


class DigestsByNoSecret(FakeSealer):
    def digest(self, text: str) -> str:
        return hashlib.sha256(text.encode()).hexdigest()


class DigestsWithoutCase(FakeSealer):
    def digest(self, text: str) -> str:
        return super().digest(text.casefold())


class DigestsTooShort(FakeSealer):
    def digest(self, text: str) -> str:
        return super().digest(text)[:3]


class SealsForADigest(FakeSealer):
    def digest(self, text: str) -> str:
        return FakeSealer(self._secrets[-1]).seal(text)


CLAIMED = {
    OpensOnce: "test_two_seals_of_one_text_both_open",
    SealsInClear: "test_a_sealed_text_is_printable_and_another",
    SealsInBytes: "test_a_sealed_text_is_printable_and_another",
    ComposesLetters: "test_what_was_sealed_comes_back_as_it_was",
    CutsWhatIsLong: "test_what_was_sealed_comes_back_as_it_was",
    StripsBlanks: "test_two_texts_are_never_sealed_as_one",
    OnlyEncodes: "test_another_secret_opens_nothing",
    LooksForNothing: "test_an_altered_text_is_refused",
    ReadsTheFirstPart: "test_a_text_that_was_cut_is_refused",
    AnswersForeignTextsAsTheyAre: "test_what_was_never_sealed_is_refused",
    RaisesItsOwnError: "test_what_was_never_sealed_is_refused",
    ForgetsFormerSecrets: "test_a_former_secret_still_opens",
    SealsByTheFormerSecret: "test_what_a_new_secret_sealed_is_shut_to_the_former",
    DigestsByThePresentSecret: "test_a_digest_is_the_same_for_good",
    DigestsAtRandom: "test_a_digest_is_the_same_for_good",
    DigestsByNoSecret: "test_a_digest_gives_no_key_away",
    DigestsWithoutCase: "test_a_digest_tells_texts_apart",
    DigestsTooShort: "test_a_digest_tells_texts_apart",
    SealsForADigest: "test_a_digest_gives_no_key_away",
}


def finds(kind: type[FakeSealer], check: str) -> bool:
    """Whether a check of the kit fails for a sealer, for one of the texts that it is asked with."""
    at_hand: dict[str, Any] = {
        "sealer": kind(b"first"),
        "renewed": kind(b"second", formerly=[b"first"]),
        "foreign": kind(b"another"),
        "answered": lambda answer: answer,
        "refuses": refuses,
    }
    found = getattr(SealerKit, check)
    marks = [mark.args for mark in getattr(found, "pytestmark", ()) if mark.name == "parametrize"]
    rounds = [{marks[0][0]: each} for each in marks[0][1]] if marks else [{}]
    wanted = inspect.signature(found).parameters
    for each in rounds:
        try:
            found(OfAFake(), **{name: (at_hand | each)[name] for name in wanted if name != "self"})
        except (AssertionError, ValueError, KeyError):
            return True
    return False


def refuses(sealer: FakeSealer, sealed: str) -> bool:
    """As the kit's fixture says it."""
    try:
        sealer.unseal(sealed)
    except ValueError:
        return True
    return False


@pytest.mark.parametrize("kind", CLAIMED, ids=lambda kind: kind.__name__)
def test_the_kit_finds_a_fault(kind):
    """The check that is about it fails; it passes for the sealer without the fault."""
    assert finds(kind, CLAIMED[kind])
    assert not finds(FakeSealer, CLAIMED[kind])


def test_every_check_finds_something():
    """Each check of the kit fails for one of these sealers at least."""
    checks = [name for name in dir(SealerKit) if name.startswith("test_")]

    assert [] == [name for name in checks if not any(finds(kind, name) for kind in CLAIMED)]
