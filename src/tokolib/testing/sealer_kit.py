"""The conformance kit of the sealer port: subclass `SealerKit`, give three fixtures, run pytest.

    class TestAcmeSealer(SealerKit):
        @pytest.fixture
        def sealer(self):
            return AcmeSealer(secrets=[FIRST], digest_secret=FOR_DIGESTS)

        @pytest.fixture
        def renewed(self):
            return AcmeSealer(secrets=[SECOND, FIRST], digest_secret=FOR_DIGESTS)

        @pytest.fixture
        def foreign(self):
            return AcmeSealer(secrets=[OTHER], digest_secret=OTHER_FOR_DIGESTS)

Each check's docstring is one promise of `tokolib.fulfilment.licences.Sealer`. An async sealer overrides `drive` as
well, with something that runs a coroutine to its end on one event loop, such as `asyncio.Runner().run`.
"""

from collections.abc import Callable, Iterable
from typing import Final, cast

import pytest

from tokolib.fulfilment.licences.sealing import LONGEST_KEY, Sealer
from tokolib.kernel import hosting
from tokolib.kernel.hosting import MaybeAwaitable, resolved
from tokolib.testing.storage_checks.driven import Drive

KEY: Final = "KOPI-7F3A-GAYO-9921"
OTHER_KEY: Final = "KOPI-7F3A-GAYO-9922"
WRITINGS: Final = (
    "7",
    "Kunci Äpfel é e\u0301 ﬁ",
    "ꦏꦸꦚ꧀ꦕꦶ 钥匙 مفتاح",
    "🗝️👩🏽‍💻",
    "-----BEGIN-----\r\nTWFudQ==\n\tende\n-----END-----",
    "{'json': \"yes\"}; DROP TABLE keys; %s \\n",
    "9" * LONGEST_KEY,
    "🗝" * LONGEST_KEY,
)
"""Keys of every kind that a pool takes, none of which is to come back as another."""

NEAR: Final = (KEY, OTHER_KEY, KEY.lower(), f"{KEY} ", f"{KEY}\n", KEY[:-1], "é", "e\u0301", "fi", "ﬁ")
"""Texts that are nearly one another, and are not."""

NEVER_SEALED: Final = ("", " ", "0", KEY, "bm90IHNlYWxlZA==", "9f3a" * 32, "schlüssel", "🗝", "\n")
IDLE_TAIL: Final = 4
"""The last characters of base64 may carry bits, or be a filling, that say nothing."""

TRIED: Final = 48
"""Places of a sealed text that are tried, spread over its whole length: each may be a call to a service."""

Answered = Callable[[MaybeAwaitable[str]], str]
Refuses = Callable[[Sealer, str], bool]


def places(length: int) -> Iterable[int]:
    """Up to `TRIED` places of a text and all of its end."""
    step = max(1, length // TRIED)
    return sorted({*range(0, length, step), *range(max(0, length - 2 * IDLE_TAIL), length)})


def altered(sealed: str, at: int) -> str:
    """*sealed* with one character changed into another of its kind."""
    was = sealed[at]
    new = str((int(was) + 1) % 10) if was in "0123456789" else {"a": "b", "A": "B"}.get(was, "A" if was < "a" else "a")
    return sealed[:at] + new + sealed[at + 1 :]


class SealerKit:
    """Every promise of the sealer port."""

    @pytest.fixture
    def sealer(self) -> Sealer:
        """A sealer with a secret."""
        raise NotImplementedError("override the fixture sealer")

    @pytest.fixture
    def renewed(self) -> Sealer:
        """The same shop's after its secret was changed: it seals by a new one, and knows the one of `sealer`."""
        raise NotImplementedError("override the fixture renewed")

    @pytest.fixture
    def foreign(self) -> Sealer:
        """A sealer of the same make with secrets of its own; it knows none of `sealer`'s."""
        raise NotImplementedError("override the fixture foreign")

    @pytest.fixture
    def drive(self) -> Drive:
        """Runs a coroutine to its end."""
        return hosting.drive

    @pytest.fixture
    def answered(self, drive: Drive) -> Answered:
        """Waits for an answer."""
        return lambda asked: cast(str, drive(resolved(asked)))

    @pytest.fixture
    def refuses(self, answered: Answered) -> Refuses:
        """Whether a sealer refuses to open a text by `ValueError`; any other error is no refusal."""

        def ask(sealer: Sealer, sealed: str) -> bool:
            try:
                answered(sealer.unseal(sealed))
            except ValueError:
                return True
            return False

        return ask

    @pytest.mark.parametrize("text", WRITINGS, ids=range(len(WRITINGS)))
    def test_what_was_sealed_comes_back_as_it_was(self, sealer: Sealer, answered: Answered, text: str) -> None:
        """To the last character, in every writing, and as long as a key may be."""
        assert text == answered(sealer.unseal(answered(sealer.seal(text))))

    @pytest.mark.parametrize("text", WRITINGS, ids=range(len(WRITINGS)))
    def test_a_sealed_text_is_printable_and_another(self, sealer: Sealer, answered: Answered, text: str) -> None:
        """It can be stored and shown wherever text can, and doesn't hold the key, nor half of it."""
        sealed = answered(sealer.seal(text))

        assert sealed
        assert sealed.isprintable()
        assert text != sealed
        halves = (text[: len(text) // 2], text[len(text) // 2 :])
        assert not [each for each in halves if len(each) > IDLE_TAIL and each in sealed]

    def test_two_seals_of_one_text_both_open(self, sealer: Sealer, answered: Answered) -> None:
        """Whether they differ or not, and in whatever order they are opened."""
        first, second = answered(sealer.seal(KEY)), answered(sealer.seal(KEY))

        assert [KEY, KEY] == [answered(sealer.unseal(each)) for each in (second, first)]

    def test_two_texts_are_never_sealed_as_one(self, sealer: Sealer, answered: Answered) -> None:
        """Not even those that are nearly the same."""
        assert list(NEAR) == [answered(sealer.unseal(answered(sealer.seal(each)))) for each in NEAR]
        assert len(NEAR) == len({answered(sealer.seal(each)) for each in NEAR})

    def test_an_altered_text_is_refused(self, sealer: Sealer, answered: Answered, refuses: Refuses) -> None:
        """Wherever a character was changed; never is another text the answer."""
        sealed = answered(sealer.seal(KEY))

        opened = [at for at in places(len(sealed)) if not refuses(sealer, altered(sealed, at))]

        assert not [at for at in opened if at < len(sealed) - IDLE_TAIL]
        assert {KEY} >= {answered(sealer.unseal(altered(sealed, at))) for at in opened}

    def test_a_text_that_was_cut_is_refused(self, sealer: Sealer, answered: Answered, refuses: Refuses) -> None:
        """At whatever place, from either end; never is a part of the key the answer."""
        sealed = answered(sealer.seal(KEY))
        heads = [sealed[:at] for at in places(len(sealed))]
        tails = [sealed[at:] for at in places(len(sealed)) if at]

        assert not [each for each in tails if not refuses(sealer, each)]
        opened = [each for each in heads if not refuses(sealer, each)]
        assert not [each for each in opened if len(each) < len(sealed) - IDLE_TAIL]
        assert {KEY} >= {answered(sealer.unseal(each)) for each in opened}

    def test_parts_of_two_texts_are_none(self, sealer: Sealer, answered: Answered, refuses: Refuses) -> None:
        """Put together from two seals, or one after the other, they are refused."""
        first, second = answered(sealer.seal(KEY)), answered(sealer.seal(OTHER_KEY[::-1]))
        half = min(len(first), len(second)) // 2

        assert refuses(sealer, first[:half] + second[half:])
        assert refuses(sealer, first + second)

    @pytest.mark.parametrize("text", NEVER_SEALED, ids=range(len(NEVER_SEALED)))
    def test_what_was_never_sealed_is_refused(self, sealer: Sealer, refuses: Refuses, text: str) -> None:
        """By `ValueError`, whatever it looks like."""
        assert refuses(sealer, text)

    def test_another_secret_opens_nothing(
        self, sealer: Sealer, foreign: Sealer, answered: Answered, refuses: Refuses
    ) -> None:
        """Neither way: whoever has the storage and the program, and not the secret, reads nothing."""
        assert refuses(foreign, answered(sealer.seal(KEY)))
        assert refuses(sealer, answered(foreign.seal(KEY)))

    def test_a_former_secret_still_opens(
        self, sealer: Sealer, renewed: Sealer, answered: Answered, refuses: Refuses
    ) -> None:
        """After the secret was changed, what was sealed before opens, and so does what is sealed now."""
        before, now = answered(sealer.seal(KEY)), answered(renewed.seal(OTHER_KEY))

        assert [KEY, OTHER_KEY] == [answered(renewed.unseal(each)) for each in (before, now)]
        assert refuses(renewed, altered(before, len(before) // 2))

    def test_what_a_new_secret_sealed_is_shut_to_the_former(
        self, sealer: Sealer, renewed: Sealer, answered: Answered, refuses: Refuses
    ) -> None:
        """The one who has the former secret alone, which may be why it was changed, reads nothing that is new."""
        assert refuses(sealer, answered(renewed.seal(KEY)))

    def test_a_digest_is_the_same_for_good(self, sealer: Sealer, renewed: Sealer, answered: Answered) -> None:
        """Each time, and after the secret was changed, or a key that is in the pool would come in again."""
        for text in WRITINGS:
            told = {answered(each.digest(text)) for each in (sealer, sealer, renewed)}
            assert 1 == len(told)

    def test_a_digest_tells_texts_apart(self, sealer: Sealer, answered: Answered) -> None:
        """Those that are nearly the same, and some hundreds that are counted through."""
        texts = [*NEAR, *(f"COUNT-{n:04}" for n in range(300))]

        assert len(texts) == len({answered(sealer.digest(each)) for each in texts})

    def test_a_digest_gives_no_key_away(
        self, sealer: Sealer, foreign: Sealer, answered: Answered, refuses: Refuses
    ) -> None:
        """It doesn't hold the text, nobody finds it out without the secret, and it opens nothing."""
        digest = answered(sealer.digest(KEY))

        assert digest
        assert KEY not in digest
        assert digest != answered(foreign.digest(KEY))
        assert refuses(sealer, digest)
