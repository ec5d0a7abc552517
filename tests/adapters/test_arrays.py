"""Arrays are written as text, and PostgreSQL reads the very values back."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokolib.adapters.sql.arrays import array_of_bytes, array_of_integers, array_of_text

QUOTED = st.text(st.sampled_from("\"\\,{} a\n'é😀")) | st.just("NULL")
texts = QUOTED | st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))


@pytest.fixture(scope="module")
def connection(postgres: Any) -> Iterator[psycopg.Connection[Any]]:
    """One connection for every example: what it is asked leaves nothing behind."""
    with psycopg.connect(postgres.database(), autocommit=True) as connection:
        yield connection


def read(connection: psycopg.Connection[Any], written: str, kind: str) -> list[Any]:
    found = connection.execute(f"SELECT %s::{kind}[]", [written]).fetchone()
    assert found is not None
    return list(found[0])


@given(st.lists(texts | st.none()))
def test_texts(connection: psycopg.Connection[Any], values: list[str | None]) -> None:
    """Quotes, backslashes, braces and the word NULL are texts like others; None is null."""
    assert values == read(connection, array_of_text(values), "text")


@given(st.lists(texts, min_size=1), st.integers(0))
def test_what_has_a_nul_is_left_out(values: list[str], place: int) -> None:
    """No database keeps it, so nobody can find anything by it."""
    place %= len(values)
    assert array_of_text(values) == array_of_text([*values[:place], "a\0b", *values[place:]])


@given(st.lists(st.integers(-(2**63), 2**63 - 1) | st.none()))
def test_integers(connection: psycopg.Connection[Any], values: list[int | None]) -> None:
    """Of 64 bits, or null."""
    assert values == read(connection, array_of_integers(values), "bigint")


@given(st.lists(st.binary() | st.none()))
def test_byte_strings(connection: psycopg.Connection[Any], values: list[bytes | None]) -> None:
    """Any bytes, or null."""
    assert values == read(connection, array_of_bytes(values), "bytea")
