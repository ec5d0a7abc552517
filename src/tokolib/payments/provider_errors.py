"""What is refused of payment providers: nobody by a name, or a message that came in one's name."""

from typing import ClassVar

import attrs

from tokolib.kernel.errors import TokolibError


@attrs.frozen
class UnknownProvider(TokolibError):
    """No gateway is registered under this name. Nothing was stored."""

    code: ClassVar[str] = "payments.unknown_provider"
    status: ClassVar[int] = 404
    provider: str
    known: tuple[str, ...]

    def __str__(self) -> str:
        return f"no gateway {self.provider!r}; registered: {', '.join(self.known) or 'none'}"


@attrs.frozen
class SignatureInvalid(TokolibError):
    """A webhook's signature is missing or wrong: it may come from anybody. Nothing was stored."""

    code: ClassVar[str] = "payments.signature_invalid"
    status: ClassVar[int] = 401
    provider: str

    def __str__(self) -> str:
        return f"a webhook of {self.provider} does not carry a valid signature"

    @property
    def hint(self) -> str:
        return "pass the raw bytes of the body as received, never JSON that was parsed and written again"


@attrs.frozen
class WebhookUnreadable(TokolibError):
    """A webhook with a valid signature has a body that can't be read. Nothing was stored."""

    code: ClassVar[str] = "payments.webhook_unreadable"
    status: ClassVar[int] = 400
    provider: str
    reason: str

    def __str__(self) -> str:
        return f"a webhook of {self.provider} can't be read: {self.reason}"
