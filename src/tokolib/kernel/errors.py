"""The root of every error that tokolib raises on purpose, and the few that all rooms share.

An error is frozen data: a stable `code` (`room.what_happened`), one field for every value in its sentence,
a `hint` with the way out, and `problem()` for an HTTP answer (RFC 9457, July 2023).
Errors pickle, so they cross process and queue borders whole.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, ClassVar, Final, Self

import attrs

_RESERVED: Final = frozenset({"type", "title", "status", "detail", "instance", "code", "hint"})
"""Members of a problem document with a meaning of their own (RFC 9457, section 3.1, and two of ours)."""


def _revive(cls: type["TokolibError"], fields: dict[str, Any]) -> "TokolibError":
    return cls(**fields)


class TokolibError(Exception):
    """Anything that tokolib refuses. Subclasses are frozen attrs classes with a unique `code`."""

    code: ClassVar[str] = "tokolib.error"
    status: ClassVar[int] = 422
    """The HTTP status that a host would answer with."""

    def __attrs_post_init__(self) -> None:
        if self.hint:
            self.add_note(f"hint: {self.hint}")

    @property
    def hint(self) -> str:
        """The way out, in one sentence; empty when the message already says it."""
        return ""

    @property
    def fields(self) -> Mapping[str, Any]:
        """Every value in the error's sentence, by name."""
        cls: type[Any] = type(self)
        return {field.name: getattr(self, field.name) for field in attrs.fields(cls)} if attrs.has(cls) else {}

    def problem(self) -> dict[str, Any]:
        """The error as an RFC 9457 problem document: JSON-ready, for a host's HTTP answer."""
        body: dict[str, Any] = {
            "type": f"tokolib:{self.code}",
            "title": self.code.rpartition(".")[2].replace("_", " "),
            "status": self.status,
            "detail": shortened(str(self), LONGEST_TEXT),
            "code": self.code,
        }
        if self.hint:
            body["hint"] = self.hint
        # The standard's own members win: a field called `status` must not become the HTTP status.
        extra = {f"{name}_" if name in _RESERVED else name: plain(value) for name, value in self.fields.items()}
        return body | extra

    def __reduce__(self) -> tuple[Any, ...]:
        return _revive, (type(self), dict(self.fields))

    def __copy__(self) -> Self:
        return self


def plain(value: Any) -> Any:
    """*value* as JSON would carry it: strings, integers, booleans, lists and dicts only."""
    match value:
        case Enum():
            return value.value
        case None | bool():
            return value
        case str():
            return shortened(value, LONGEST_TEXT)
        case int():
            return value if value.bit_length() < LONGEST_BITS else shown(value)
        case datetime() | date():
            return value.isoformat()
        case Decimal():
            return str(value)
        case Mapping():
            return {str(key): plain(item) for key, item in value.items()}
        case tuple() | list() | set() | frozenset():
            return [plain(item) for item in value]
        case _ if attrs.has(type(value)):
            return {field.name: plain(getattr(value, field.name)) for field in attrs.fields(type(value))}
        case _:
            return str(value)


LONGEST_SHOWN: Final = 60
LONGEST_BITS: Final = 256
"""Of whole numbers in a problem document; Python's own JSON fails at some thousand digits."""
LONGEST_NAME: Final = 200
"""Paths, ids and URLs: long enough that every one of ours stays whole."""
LONGEST_TEXT: Final = 1_000
"""Of one text in a problem document, its sentence included; what is beyond it is no help to anybody."""


def shown(value: object, write: Callable[[object], str] = repr) -> str:
    """*value* as an error repeats it: as Python writes it (`str` for a key in a path), 60 characters at the most."""
    try:
        return shortened(write(value))
    except ValueError:  # Python doesn't write integers of more than 4,300 digits
        return "huge"
    except Exception:  # noqa: BLE001 - a value that fails to write itself is refused like any other
        return f"a {type(value).__name__}"


def shortened(text: str, longest: int = LONGEST_SHOWN) -> str:
    """*text*, or the beginning of it and `…`: an error is read by people, and kept in logs."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def named(text: str) -> str:
    """*text* as an error's name of something: whole, where it is one of ours."""
    return shortened(text, LONGEST_NAME)


@attrs.frozen
class Fault:
    """One thing that is wrong with an input: where, with which value (shortened), and what would be right."""

    path: str = attrs.field(converter=named)
    code: str
    message: str
    value: str = attrs.field(default="", converter=shortened)

    def __str__(self) -> str:
        return f"{self.message} @ {self.path}" if self.path else self.message


@attrs.frozen
class InvalidInput(TokolibError):
    """The input has faults; all of them are named, and nothing was stored."""

    code: ClassVar[str] = "kernel.invalid_input"
    faults: tuple[Fault, ...]

    def __str__(self) -> str:
        return "; ".join(str(fault) for fault in self.faults)


_PLACES: Final[Mapping[str, str]] = {"shop": " in this storage", "file": "", "folder": ""}
"""Where that is looked for which no shop holds."""


@attrs.frozen
class NotFound(TokolibError):
    """There is nothing by that id in this shop; or no such shop, when `kind` is `shop` and `id` the tenant."""

    code: ClassVar[str] = "kernel.not_found"
    status: ClassVar[int] = 404
    kind: str
    id: str = attrs.field(converter=named)

    def __str__(self) -> str:
        return f"no {self.kind} {self.id!r}{_PLACES.get(self.kind, ' in this shop')}"

    @property
    def hint(self) -> str:
        if self.kind != "shop":
            return ""
        return f'look at the spelling, or open it once: tokolib.open(url, tenant={self.id!r}, country="ID")'


@attrs.frozen
class VersionMismatch(TokolibError):
    """The aggregate has moved on since the caller read it; nothing was changed."""

    code: ClassVar[str] = "kernel.version_mismatch"
    status: ClassVar[int] = 409
    kind: str
    id: str
    expected: int
    actual: int

    def __str__(self) -> str:
        return f"{self.kind} {self.id} is at version {shown(self.actual)}, not {shown(self.expected)}"

    @property
    def hint(self) -> str:
        return "read it again, look at what changed, and send the command with the new version"


@attrs.frozen
class KeyReused(TokolibError):
    """The idempotency key was used before, for another request; nothing was changed."""

    code: ClassVar[str] = "kernel.key_reused"
    status: ClassVar[int] = 409
    scope: str
    key: str

    def __str__(self) -> str:
        return f"key {self.key!r} was already used for another {self.scope} request"

    @property
    def hint(self) -> str:
        return "make one new key for each new wish; send the same key only to repeat the very same request"


@attrs.frozen
class Forbidden(TokolibError):
    """The shop's access policy denies this to this actor; nothing was changed."""

    code: ClassVar[str] = "kernel.forbidden"
    status: ClassVar[int] = 403
    actor: str
    permission: str
    reason: str

    def __str__(self) -> str:
        return f"{self.actor} may not {self.permission}: {self.reason}"


@attrs.frozen
class NaiveDatetime(TokolibError):
    """An instant without a zone could mean two different moments, so it is refused."""

    code: ClassVar[str] = "kernel.naive_datetime"
    name: str
    value: str

    def __str__(self) -> str:
        return f"{self.name}: {self.value} has no time zone"

    @property
    def hint(self) -> str:
        return "give an aware instant, such as datetime(2026, 1, 31, 9, 0, tzinfo=ZoneInfo('Asia/Jakarta'))"


@attrs.frozen
class HostMismatch(TokolibError):
    """A part that must be awaited stands in a blocking shop."""

    code: ClassVar[str] = "kernel.host_mismatch"
    status: ClassVar[int] = 500
    part: str

    def __str__(self) -> str:
        return f"{self.part} waited inside the blocking Shop"

    @property
    def hint(self) -> str:
        return "open the shop with tokolib.aopen(...) and await its commands, or give it a blocking adapter"


@attrs.frozen
class ConfigMismatch(TokolibError):
    """The shop was opened with a setting that differs from the stored one; nothing was changed."""

    code: ClassVar[str] = "kernel.config_mismatch"
    status: ClassVar[int] = 409
    name: str
    stored: str
    given: str = attrs.field(converter=shortened)

    def __str__(self) -> str:
        return f"this shop was created with {self.name}={self.stored!r}, and is opened with {self.given!r}"

    @property
    def hint(self) -> str:
        if self.name in ("country", "currency"):  # every amount in the shop is counted by them
            return f"leave {self.name} out of open(), or open another storage or tenant for a shop of its own"
        return f"leave {self.name} out of open(), or change it for good with shop.settings.change()"


"""What people write for a scheme, and is too short to be near it."""
