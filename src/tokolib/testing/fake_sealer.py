"""A sealer for tests: what it seals nobody reads by chance, and anybody who wants to."""

import base64
import hashlib
import hmac
from collections.abc import Iterator
from itertools import cycle
from typing import Final

_MARK: Final = "fake:"


class FakeSealer:
    """Seals by a secret that is no secret; *broken* lets nothing be unsealed."""

    def __init__(self, secret: bytes = b"for tests") -> None:
        self.broken = False
        self._secret = secret

    def seal(self, text: str) -> str:
        """*text* as something else."""
        return _MARK + base64.b64encode(bytes(self._mixed(text.encode()))).decode()

    def unseal(self, sealed: str) -> str:
        """What was sealed.

        Raises:
            ValueError: it was not sealed by this.
        """
        if self.broken or not sealed.startswith(_MARK):
            raise ValueError("not sealed by this")
        return bytes(self._mixed(base64.b64decode(sealed.removeprefix(_MARK), validate=True))).decode()

    def digest(self, text: str) -> str:
        """A keyed hash of *text*."""
        return hmac.new(self._secret, text.encode(), hashlib.sha256).hexdigest()

    def _mixed(self, data: bytes) -> Iterator[int]:
        return (each ^ other for each, other in zip(data, cycle(self._secret), strict=False))


class AsyncFakeSealer:
    """The same, to be awaited; *inner* is the blocking one, with the switch."""

    def __init__(self, secret: bytes = b"for tests") -> None:
        self.inner = FakeSealer(secret)

    async def seal(self, text: str) -> str:
        """*text* as something else."""
        return self.inner.seal(text)

    async def unseal(self, sealed: str) -> str:
        """What was sealed.

        Raises:
            ValueError: it was not sealed by this.
        """
        return self.inner.unseal(sealed)

    async def digest(self, text: str) -> str:
        """A keyed hash of *text*."""
        return self.inner.digest(text)
