"""What stands in a storage's URL, read as what it is: nothing is ignored, mended or guessed."""

import re
from collections.abc import Mapping, Sequence
from typing import Final, TypeVar
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

import attrs

from tokolib.kernel.adapter_errors import AdapterConfig
from tokolib.kernel.errors import shown

SECONDS: Final = re.compile(r"[0-9]+\.?[0-9]*|\.[0-9]+")
NUMBER: Final = re.compile(r"[1-9][0-9]{0,3}")

PASSWORD: Final = re.compile(
    r"(://[^:/@]*):.*@|((?:^|[?&])\w*(?:password|secret|_key)=)[^&]*", re.DOTALL | re.IGNORECASE
)
"""In front of the host, where one may hold an @ or a / that nobody has escaped, or behind the question mark.

Source of the parameters: postgresql.org/docs/18/libpq-connect.html, section 32.1.2.
"""

Default = TypeVar("Default")


@attrs.frozen
class Parameters:
    """What stands behind a URL's question mark."""

    adapter: str
    given: Mapping[str, str]

    def text(self, name: str, otherwise: str) -> str:
        """Text as it stands; *otherwise* where it isn't given."""
        text = self.given.get(name, otherwise)
        if not text and name in self.given:  # a variable that was not set
            raise AdapterConfig(self.adapter, f"parameter {name} is empty; leave it out for what is usual")
        return text

    def switch(self, name: str, otherwise: Default) -> bool | Default:
        """`0` or `1` as a truth value; *otherwise* where it isn't given."""
        text = self.given.get(name)
        if text is None:
            return otherwise
        if text not in ("0", "1"):
            raise AdapterConfig(self.adapter, f"parameter {name}: {text!r:.40} is neither 0 nor 1")
        return text == "1"

    def seconds(self, name: str, otherwise: float) -> float:
        """A number of seconds; *otherwise* where it isn't given."""
        text = self.given.get(name)
        if text is None:
            return otherwise
        if not SECONDS.fullmatch(text):
            raise AdapterConfig(self.adapter, f"parameter {name}: {text!r:.40} is no number of seconds")
        return float(text)

    def number(self, name: str, otherwise: int) -> int:
        """A number from 1 to 9999; *otherwise* where it isn't given."""
        text = self.given.get(name)
        if text is None:
            return otherwise
        if not NUMBER.fullmatch(text):
            raise AdapterConfig(self.adapter, f"parameter {name}: {text!r:.40} is no number from 1 to 9999")
        return int(text)


def without_password(url: str) -> str:
    """*url* as an error may show it."""
    return shown(hidden(url))


def hidden(url: str) -> str:
    """*url* with an ellipsis for its password."""
    return PASSWORD.sub(lambda found: f"{found[1]}:…@" if found[2] is None else f"{found[2]}…", url)


def split(adapter: str, url: str, right: str) -> SplitResult:
    """The URL in parts, its path percent-decoded; *right* is what one looks like.

    Raises:
        AdapterConfig: it can't be read.
    """
    try:
        parts = urlsplit(url)
        parts = parts._replace(path=unquote(parts.path, errors="strict"))
    except ValueError as error:
        raise AdapterConfig(adapter, f"{without_password(url)} can't be read: {error}; write {right}") from error
    # urlsplit drops control characters, which would name another place
    if "://" not in url or parts.fragment or not url.isprintable():
        raise AdapterConfig(adapter, f"{without_password(url)} can't be read; write {right}")
    return parts


def place(adapter: str, url: str, right: str) -> SplitResult:
    """The same for what is on this machine: it names no host.

    Raises:
        AdapterConfig: it does, or can't be read.
    """
    parts = split(adapter, url, right)
    if parts.netloc:
        raise AdapterConfig(adapter, f"{without_password(url)} can't be read; write {right}")
    return parts


def parameters(adapter: str, pairs: Sequence[tuple[str, str]], known: Sequence[str]) -> Parameters:
    """*pairs* by their names.

    Raises:
        AdapterConfig: one is none of *known*, or is given twice.
    """
    given: dict[str, str] = {}
    for name, text in pairs:
        if name not in known:
            raise AdapterConfig(adapter, f"no parameter {name!r:.40}; known: {', '.join(known) or 'none'}")
        if name in given:
            raise AdapterConfig(adapter, f"parameter {name} is given twice")
        given[name] = text
    return Parameters(adapter, given)


def queried(parts: SplitResult) -> list[tuple[str, str]]:
    """What stands behind the question mark, name by name."""
    return parse_qsl(parts.query, keep_blank_values=True)
