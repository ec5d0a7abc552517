"""Why a storage can't be opened by what it is named."""

from collections.abc import Mapping
from typing import ClassVar, Final

import attrs

from tokolib.kernel.errors import TokolibError, named

SHORT_SCHEMES: Final[Mapping[str, str]] = {"pg": "postgresql", "psql": "postgresql"}


@attrs.frozen
class UnknownAdapter(TokolibError):
    """No adapter is known for the scheme of this URL."""

    code: ClassVar[str] = "kernel.unknown_adapter"
    status: ClassVar[int] = 500
    url: str = attrs.field(converter=named)
    known: tuple[str, ...]

    def __str__(self) -> str:
        return f"no storage adapter for {self.url!r}; known: {', '.join(self.known)}"

    @property
    def hint(self) -> str:
        from difflib import get_close_matches  # only for those who go wrong

        scheme, slashes, _ = self.url.partition("://")
        if not self.url:
            return (
                "the URL is empty, as that of a variable that was not set; name a storage, such as sqlite:///kedai.db"
            )
        if not slashes:
            return f"a file is opened by its URL: sqlite:///{self.url}"
        dialect = scheme.lower().partition("+")[0]  # SQLAlchemy names a driver behind it
        nearest = get_close_matches(SHORT_SCHEMES.get(dialect, dialect), self.known, 1)
        return f"did you mean {nearest[0]}://?" if nearest else ""


@attrs.frozen
class AdapterBroken(TokolibError):
    """An installed adapter could not be loaded."""

    code: ClassVar[str] = "kernel.adapter_broken"
    status: ClassVar[int] = 500
    name: str
    package: str
    error: str

    def __str__(self) -> str:
        return f"adapter {self.name!r} of package {self.package} could not be loaded: {self.error}"


@attrs.frozen
class AdapterConfig(TokolibError):
    """The adapter is known, but it can't work with these settings."""

    code: ClassVar[str] = "kernel.adapter_config"
    status: ClassVar[int] = 500
    adapter: str
    reason: str

    def __str__(self) -> str:
        return f"{self.adapter}: {self.reason}"


@attrs.frozen
class MissingExtra(TokolibError):
    """This needs an optional dependency that isn't installed."""

    code: ClassVar[str] = "kernel.missing_extra"
    status: ClassVar[int] = 500
    extra: str
    module: str

    def __str__(self) -> str:
        return f"the module {self.module!r} is not installed; it comes with: pip install 'tokolib[{self.extra}]'"
