"""A sealer for tests: what it seals nobody reads by chance, and anybody who wants to."""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from itertools import cycle
from typing import Final

_MARK: Final = "fake:"
_CHECK: Final = 16
"""Bytes before the text that tell whether it is what was sealed, and by which secret."""


class FakeSealer:
    """Seals by a secret that is no secret, and opens what *formerly* used ones sealed, the newest first.

    *broken* lets nothing be unsealed. Digests are by the oldest secret, so that they stay what they were.
    """

    def __init__(self, secret: bytes = b"for tests", *, formerly: Sequence[bytes] = ()) -> None:
        self.broken = False
        self._secrets = (secret, *formerly)

    def seal(self, text: str) -> str:
        """*text* as something else."""
        secret, data = self._secrets[0], text.encode()
        return _MARK + base64.b64encode(_check(secret, data) + _mixed(secret, data)).decode()

    def unseal(self, sealed: str) -> str:
        """What was sealed.

        Raises:
            ValueError: it was not sealed by this, or was altered since.
        """
        if self.broken or not sealed.startswith(_MARK):
            raise ValueError("not sealed by this")
        packed = base64.b64decode(sealed.removeprefix(_MARK), validate=True)
        for secret in self._secrets:
            data = _mixed(secret, packed[_CHECK:])
            whole = base64.b64encode(packed).decode() == sealed.removeprefix(_MARK)
            if whole and hmac.compare_digest(packed[:_CHECK], _check(secret, data)):
                return data.decode()
        raise ValueError("not sealed by this, or altered since")

    def digest(self, text: str) -> str:
        """A keyed hash of *text*."""
        return hmac.new(self._secrets[-1], text.encode(), hashlib.sha256).hexdigest()


class AsyncFakeSealer:
    """The same, to be awaited; *inner* is the blocking one, with the switch."""

    def __init__(self, secret: bytes = b"for tests", *, formerly: Sequence[bytes] = ()) -> None:
        self.inner = FakeSealer(secret, formerly=formerly)

    async def seal(self, text: str) -> str:
        """*text* as something else."""
        return self.inner.seal(text)

    async def unseal(self, sealed: str) -> str:
        """What was sealed.

        Raises:
            ValueError: it was not sealed by this, or was altered since.
        """
        return self.inner.unseal(sealed)

    async def digest(self, text: str) -> str:
        """A keyed hash of *text*."""
        return self.inner.digest(text)


def _mixed(secret: bytes, data: bytes) -> bytes:
    return bytes(each ^ other for each, other in zip(data, cycle(secret), strict=False))


def _check(secret: bytes, data: bytes) -> bytes:
    return hmac.new(secret, b"sealed:" + data, hashlib.sha256).digest()[:_CHECK]
