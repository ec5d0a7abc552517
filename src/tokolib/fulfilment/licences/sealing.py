"""**Port.** What seals the keys of licences, so that no copy of the storage gives them away."""

from typing import Protocol

from tokolib.kernel.hosting import MaybeAwaitable


class Sealer(Protocol):
    """**Port.** Keeps texts unreadable for whoever has the storage alone: a cipher of the host's, with its own secret.

    Each method may be `def` or `async def`, and is called outside any unit.
    """

    def seal(self, text: str) -> MaybeAwaitable[str]:
        """*text* sealed: printable, and different each time or not, but never *text* itself."""
        ...

    def unseal(self, sealed: str) -> MaybeAwaitable[str]:
        """The text that was sealed, also by a secret that was used before the present one.

        Raises:
            ValueError: it was not sealed by this, or was altered since.
        """
        ...

    def digest(self, text: str) -> MaybeAwaitable[str]:
        """The same for the same *text*, for good, and by nobody to be turned back or tried out without the secret.

        A keyed hash is one, such as HMAC-SHA-256 (RFC 2104, February 1997). It tells a key that is in the pool already.
        """
        ...
