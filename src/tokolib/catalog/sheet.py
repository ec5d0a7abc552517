"""CSV as it really arrives: bytes or text, in lines, some of them broken; read in bounded memory.

A broken line spoils its own record and no other. Quotes are counted before a record is parsed, so that one quote
that is never closed doesn't swallow the rest of the file, as it does with Python's `csv` alone.
Source: RFC 4180 (October 2005); UTF-8 with or without a byte order mark.
"""

import csv
import io
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, Protocol, runtime_checkable

import attrs

from tokolib.catalog.errors import ImportRefused, RowFault
from tokolib.kernel.errors import Fault, InvalidInput, shown
from tokolib.kernel.limits import Limits


@runtime_checkable
class Lines(Protocol):
    """An open text or binary file, as far as it is needed here."""

    def readline(self, size: int, /) -> str | bytes:
        """The next line, or its first *size* characters; empty at the end."""
        ...


Source = str | bytes | bytearray | Lines | Iterable[str] | Iterable[bytes]
"""A whole file as text or bytes, an open one, or its lines, each whole. The core opens no files itself."""

LONGEST_RECORD: Final = 1024 * 1024
"""Characters of one record, which may have many lines in quoted cells."""

LARGEST_CSV_CELL: Final = 131_072
"""What Python's reader takes by default; the setting `import_cell` can only be lower."""

DELIMITERS: Final = ",;\t"
"""What spreadsheets write between two cells."""

UTF16: Final = (b"\xff\xfe", b"\xfe\xff")


@attrs.frozen
class Line:
    """One line of the source with its end, or what is wrong with it."""

    number: int
    text: str
    fault: RowFault | None = None


@attrs.frozen
class Record:
    """One record: the line on which it begins, and its cells; with a fault, what could be made out of them."""

    line: int
    cells: tuple[str, ...]
    fault: RowFault | None = None


class Sheet:
    """The records of a source, one at a time."""

    def __init__(self, source: Source, *, delimiter: str | None, limits: Limits) -> None:
        self._delimiter = "" if delimiter is None else checked_delimiter(delimiter)
        """Empty until the first line is seen, when the caller leaves it to that one: what it has most of."""
        self._limits = limits
        self._lines = _lines(source, limits)
        self._back: deque[Line] = deque()
        self.lines_read = 0
        self.total = _count(source)
        """Lines in the source, when that can be known beforehand."""

    def records(self) -> Iterator[Record]:
        """Every record that isn't blank, the header first.

        Raises:
            ImportRefused: the text is UTF-16, or not text at all.
            InvalidInput: the source is none of what `Source` lists.
        """
        while (line := self._next()) is not None:
            if line.fault is not None or line.text.strip():
                self._delimiter = self._delimiter or max(DELIMITERS, key=line.text.count)
                yield self._record(line)

    def _next(self) -> Line | None:
        line = self._back.popleft() if self._back else next(self._lines, None)
        if line is not None:
            self.lines_read = max(self.lines_read, line.number)
        return line

    def _record(self, first: Line) -> Record:
        lines = [first]
        size, quotes = len(first.text), first.text.count('"')
        while quotes % 2:
            line = self._next() if size <= LONGEST_RECORD else None
            if line is None:
                self._back.extendleft(reversed(lines[1:]))  # they get their own chance
                return self._broken(first, "catalog.unclosed_quote", 'a quote (") is opened and never closed')
            lines.append(line)
            size, quotes = size + len(line.text), quotes + line.text.count('"')
        text = "".join(line.text for line in lines)
        try:
            cells = tuple(next(csv.reader([text], delimiter=self._delimiter, strict=True)))
        except (csv.Error, StopIteration) as error:
            self._back.extendleft(reversed(lines[1:]))
            return self._broken(first, "catalog.malformed_row", _reason(str(error), text))
        return Record(first.number, cells, next((line.fault for line in lines if line.fault), None))

    def _broken(self, line: Line, code: str, message: str) -> Record:
        fault = line.fault or RowFault(line.number, "", code, message, line.text[:40].strip())
        return Record(line.number, self._guess(line.text), fault)

    def _guess(self, text: str) -> tuple[str, ...]:
        """The cells as far as they can be made out, to tell to which product a broken row belongs."""
        return tuple(cell.strip().strip('"') for cell in text[:LARGEST_CSV_CELL].split(self._delimiter))


def checked_delimiter(given: str) -> str:
    """*given* as what stands between two cells.

    Raises:
        InvalidInput: it isn't one visible character or a tab, or it is a quote, a letter or a digit.
    """
    if len(given) == 1 and (given == "\t" or (given.isprintable() and not given.isalnum() and given not in "\"' ")):
        return given
    message = "is one character, such as ',' or ';' or a tab; no quote, letter, digit or space"
    raise InvalidInput((Fault("delimiter", "catalog.invalid_delimiter", message, repr(given[:40])),))


def _reason(said: str, text: str) -> str:
    if "new-line" in said and "\r" in text.replace("\r\n", "\n"):
        return "a carriage return stands outside quotes; save the file with LF or CRLF line ends"
    if "field larger" in said:
        return f"a cell has more than {LARGEST_CSV_CELL} characters"
    return 'a quote (") stands where none may: a cell with quotes is quoted whole, and its quotes are doubled'


def _count(source: Source) -> int | None:
    match source:
        case bytes() | bytearray():
            return source.count(b"\n") + (not source.endswith(b"\n"))
        case str():
            return source.count("\n") + (not source.endswith("\n"))
        case list() | tuple():
            return len(source)
        case _:
            return None


def _pieces(source: object) -> Iterator[str | bytes]:
    """The lines of *source* with their ends; of an overlong line in a file, one piece after the other."""
    match source:
        case bytes() | bytearray():
            return _read(io.BytesIO(source))
        case str():
            return _read(io.StringIO(source, newline="\n"))
        case Lines():
            return _read(source)
        case Iterable() if not isinstance(source, Mapping):
            return (_ended(line, place) for place, line in enumerate(source))
        case _:
            raise _no_source("source", source)


def _read(file: Lines) -> Iterator[str | bytes]:
    while piece := file.readline(LONGEST_RECORD):
        yield piece


def _ended(line: object, place: int) -> str | bytes:
    """A line of a list, which may have lost its end: without one, a cell's second line would join its first."""
    match line:
        case str():
            return line if line.endswith("\n") else line + "\n"
        case bytes():
            return line if line.endswith(b"\n") else line + b"\n"
        case _:
            raise _no_source(f"source[{place}]", line)


def _no_source(path: str, given: object) -> InvalidInput:
    message = "must be text, bytes, a file that is open (open(path, 'rb')), or its lines"
    return InvalidInput((Fault(path, "kernel.wrong_type", message, shown(given)),))


def _lines(source: Source, limits: Limits) -> Iterator[Line]:
    number, offset = 0, 0
    open_ended = False  # the piece before was the beginning of an overlong line
    try:
        for piece in _pieces(source):
            number += not open_ended
            if offset + len(piece) > limits.import_bytes:
                yield _too_large(number, limits)
                return
            ended = piece.endswith(b"\n") if isinstance(piece, bytes) else piece.endswith("\n")
            if not open_ended:
                too_long = len(piece) > LONGEST_RECORD or (len(piece) == LONGEST_RECORD and not ended)
                yield _too_long(number) if too_long else _line(piece, number, offset)
            open_ended = not ended and (open_ended or len(piece) == LONGEST_RECORD)
            offset += len(piece)
    except UnicodeDecodeError as error:  # of a text file that the caller opened; it can't be read any further
        yield _undecodable(number + 1, error)


def _too_large(number: int, limits: Limits) -> Line:
    message = f"the file has more than {limits.import_bytes} bytes"
    return Line(number, "", RowFault(number, "", "catalog.file_too_large", message))


def _undecodable(number: int, error: UnicodeDecodeError) -> Line:
    found = error.object[error.start : error.start + 4].hex(" ")
    message = f"from here on, the open file can't be read as {error.encoding}; open it as bytes: open(path, 'rb')"
    return Line(number, "", RowFault(number, "", "catalog.undecodable", message, found))


def _too_long(number: int) -> Line:
    message = f"the line has more than {LONGEST_RECORD} characters"
    return Line(number, "", RowFault(number, "", "catalog.line_too_long", message))


def _line(piece: str | bytes, number: int, offset: int) -> Line:
    if isinstance(piece, bytes):
        if number == 1:
            _refuse_utf16(piece)
            if piece.startswith(b"\xef\xbb\xbf"):
                piece, offset = piece[3:], offset + 3
        try:
            text = piece.decode("utf-8")
        except UnicodeDecodeError as error:
            where = offset + error.start
            message = f"byte 0x{piece[error.start]:02X} at offset {where} is not UTF-8; save the file as UTF-8"
            fault = RowFault(number, "", "catalog.not_utf8", message, piece[error.start : error.start + 4].hex(" "))
            return Line(number, piece.decode("utf-8", "replace"), fault)
    else:
        text = piece.removeprefix("\ufeff") if number == 1 else piece
    if (place := _half_character(text)) is not None:
        message = (
            f"half a character, U+{ord(text[place]):04X}, stands at offset {offset + place}; save the file as UTF-8"
        )
        fault = RowFault(number, "", "catalog.not_utf8", message, ascii(text[place]))
        return Line(number, text.encode("utf-8", "replace").decode(), fault)
    if "\0" in text:
        place = offset + (text.index("\0") if not isinstance(piece, bytes) else piece.index(b"\0"))
        message = f"a NUL character stands at offset {place}; the file is damaged, or not UTF-8"
        return Line(number, text.replace("\0", ""), RowFault(number, "", "catalog.nul", message))
    return Line(number, text)


def _half_character(text: str) -> int | None:
    """Where half of a surrogate pair stands, which no UTF-8 has, and so no storage."""
    try:
        if not text.isascii():
            text.encode()
    except UnicodeEncodeError as error:
        return error.start
    return None


def _refuse_utf16(head: bytes) -> None:
    if head.startswith(UTF16) or head[:4] == b"\0\0\xfe\xff" or b"\0" in head[:4]:
        message = f"the file is UTF-16 or UTF-32 (it begins with the bytes {head[:4].hex(' ')} at offset 0), not UTF-8"
        raise ImportRefused((RowFault(1, "", "catalog.not_utf8", message + "; save it as UTF-8", head[:4].hex(" ")),))
