"""Everything that a provider may refuse or fail at: one closed tree for gateways, couriers and tax services.

An adapter translates its driver's errors into these with `raise ... from`. Each says what it means for the
operation: only a definite "no" is `failed`; silence is `unknown`, and never "failed".
"""

from typing import ClassVar

import attrs

from tokolib.effects.model import EffectState
from tokolib.kernel.errors import TokolibError


class OutsideError(TokolibError):
    """The root of what comes back from outside instead of an answer."""

    status: ClassVar[int] = 502
    means: ClassVar[EffectState] = EffectState.UNKNOWN
    """What it says about the operation that was sent."""

    @property
    def failure(self) -> str:
        """The reason that is kept with the operation."""
        return self.code


@attrs.frozen
class Declined(OutsideError):
    """The provider, the bank or the courier said no. Nothing happened."""

    code: ClassVar[str] = "effects.declined"
    status: ClassVar[int] = 402
    means: ClassVar[EffectState] = EffectState.FAILED
    provider: str
    reason: str

    def __str__(self) -> str:
        return f"{self.provider} declined: {self.reason}"

    @property
    def failure(self) -> str:
        return self.reason

    @property
    def hint(self) -> str:
        return "nothing happened: choose another way, or another provider; the same again gets the same answer"


@attrs.frozen
class Invalid(OutsideError):
    """The provider doesn't accept this request, now or later. Nothing happened."""

    code: ClassVar[str] = "effects.invalid"
    means: ClassVar[EffectState] = EffectState.FAILED
    provider: str
    field: str
    reason: str

    def __str__(self) -> str:
        return f"{self.provider} refused {self.field}: {self.reason}"


@attrs.frozen
class NotSupported(OutsideError):
    """The provider can't do this at all. Nothing happened."""

    code: ClassVar[str] = "effects.not_supported"
    means: ClassVar[EffectState] = EffectState.FAILED
    provider: str
    capability: str

    def __str__(self) -> str:
        return f"{self.provider} does not support {self.capability}"


@attrs.frozen
class RateLimited(OutsideError):
    """Asked too often; the request was not taken."""

    code: ClassVar[str] = "effects.rate_limited"
    status: ClassVar[int] = 503
    means: ClassVar[EffectState] = EffectState.REQUESTED
    provider: str
    retry_after_seconds: int

    def __str__(self) -> str:
        return f"{self.provider} takes no more requests for {self.retry_after_seconds} s"


@attrs.frozen
class Transient(OutsideError):
    """The provider could not be reached; the request was certainly not taken."""

    code: ClassVar[str] = "effects.transient"
    status: ClassVar[int] = 503
    means: ClassVar[EffectState] = EffectState.REQUESTED
    provider: str
    detail: str

    def __str__(self) -> str:
        return f"{self.provider} could not be reached: {self.detail}"


@attrs.frozen
class Unknown(OutsideError):
    """The request went out and no answer came: a time-out, a lost connection, a 5xx. It may have happened."""

    code: ClassVar[str] = "effects.unknown"
    status: ClassVar[int] = 504
    provider: str
    key: str
    detail: str

    def __str__(self) -> str:
        return f"{self.provider} gave no answer to {self.key}: {self.detail}"

    @property
    def hint(self) -> str:
        return "it may have happened: look it up, and don't send it with another key"


@attrs.frozen
class Conflict(OutsideError):
    """The provider knows this key with another request, or is still working on it. Look it up."""

    code: ClassVar[str] = "effects.conflict"
    status: ClassVar[int] = 409
    provider: str
    key: str
    detail: str

    def __str__(self) -> str:
        return f"{self.provider} already knows {self.key}: {self.detail}"


@attrs.frozen
class NotFoundOutside(OutsideError):
    """The provider knows nothing by this reference or key, as far as it can see now."""

    code: ClassVar[str] = "effects.not_found"
    status: ClassVar[int] = 404
    provider: str
    reference: str

    def __str__(self) -> str:
        return f"{self.provider} knows nothing by {self.reference!r}"


@attrs.frozen
class AuthFailed(OutsideError):
    """The provider doesn't accept our credentials; the request was not taken."""

    code: ClassVar[str] = "effects.auth_failed"
    status: ClassVar[int] = 500
    means: ClassVar[EffectState] = EffectState.REQUESTED
    provider: str
    detail: str

    def __str__(self) -> str:
        return f"{self.provider} refused our credentials: {self.detail}"

    @property
    def hint(self) -> str:
        return "check the keys that the adapter was given, and whether they are for the sandbox"
