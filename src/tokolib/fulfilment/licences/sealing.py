"""**Port.** What seals the keys of licences, so that no copy of the storage gives them away."""

from typing import Final, Protocol

from tokolib.kernel.hosting import MaybeAwaitable

LONGEST_KEY: Final = 4_000
"""Characters of one key: some are files of a few lines."""


class Sealer(Protocol):
    """**Port.** Keeps texts unreadable for whoever has the storage alone: a cipher of the host's, with its own secret.

    Each method may be `def` or `async def`, and is called outside any unit. A text has 1 to 4,000 characters of any
    writing, and comes back as it was, to the last of them. `tokolib.testing.SealerKit` checks every sentence of this.
    """

    def seal(self, text: str) -> MaybeAwaitable[str]:
        """*text* sealed by the present secret: printable, and different each time or not, but never *text* itself.

        Nobody opens it without that secret, one who has a former secret alone neither.
        """
        ...

    def unseal(self, sealed: str) -> MaybeAwaitable[str]:
        """The text that was sealed, also by a secret that was used before the present one.

        Raises:
            ValueError: it was not sealed by this, or was altered, cut or put together since. Never is another text the
                answer. Bits of a coding that say nothing, as at the end of base64, may be looked over.
        """
        ...

    def digest(self, text: str) -> MaybeAwaitable[str]:
        """The same for the same *text*, for good, and by nobody to be turned back or tried out without the secret.

        A keyed hash is one, such as HMAC-SHA-256 (RFC 2104, February 1997). It tells a key that is in the pool already,
        so its secret stays when that of the seals is changed.
        """
        ...
