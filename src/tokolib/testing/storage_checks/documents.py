"""Documents: bodies, ids, versions, uniqueness, facts."""

from typing import Any, Final

import pytest

from tokolib.kernel.rows import LARGEST_INTEGER, Collection, Column, Doc, Kind
from tokolib.kernel.storage_errors import AlreadyExists, Misuse, VersionConflict
from tokolib.testing.storage_checks.driven import Driven
from tokolib.testing.storage_checks.setting import GOODS, NOTES, Setting, everything, goods

AWKWARD_IDS: Final = (
    'it\'s "quoted"',
    "100%_?;--\\",
    "kopi ☕ 🛵",
    "x" * 200,
    "Zoë\u0301",
    " leading and trailing ",
    "",
)
UNFIT_ROWS: Final[tuple[dict[str, Any], ...]] = (
    {"code": "a", "city": None},
    {"code": "a", "city": None, "rank": 1, "size": 2},
    {"code": "a", "city": None, "size": 2},
    {"code": 7, "city": None, "rank": 1},
    {"code": "a", "city": None, "rank": "1"},
    {"code": "a", "city": None, "rank": 1.0},
    {"code": "a", "city": None, "rank": True},
    {"code": "a", "city": None, "rank": None},
    {"code": "a", "city": None, "rank": LARGEST_INTEGER + 1},
    {"code": "nul\0", "city": None, "rank": 1},
    {"code": "half \ud83d", "city": None, "rank": 1},
)


class DocumentChecks(Setting):
    """One aggregate is one versioned document."""

    @pytest.mark.parametrize(
        "body", [b"", b"null", '{"nama":"kopi ☕","n":9007199254740993}'.encode(), bytes(range(256))]
    )
    def test_a_body_comes_back_as_it_was(self, store: Driven, body: bytes) -> None:
        """A body is bytes, and comes back equal to the letter."""
        with store.unit() as unit:
            unit.insert(NOTES, "n", body, {})

        with store.reading() as unit:
            assert Doc("n", 1, body) == unit.get(NOTES, "n")

    def test_a_megabyte_comes_back(self, store: Driven) -> None:
        """A body of 1 MB is no problem."""
        body = b"0123456789abcdef" * 65_536
        with store.unit() as unit:
            unit.insert(NOTES, "big", body, {})

        with store.reading() as unit:
            assert body == unit.get(NOTES, "big").body

    def test_a_body_above_the_limit_is_refused(self, store: Driven) -> None:
        """A body longer than `max_body` is refused when it is recorded, and nothing is stored."""
        body = bytes(store.storage.capabilities.max_body + 1)
        with store.unit() as unit, pytest.raises(Misuse):
            unit.insert(NOTES, "huge", body, {})

        with store.reading() as unit:
            assert unit.get(NOTES, "huge") is None

    @pytest.mark.parametrize("id", AWKWARD_IDS)
    def test_an_id_may_be_any_text(self, store: Driven, id: str) -> None:
        """Ids hold quotes, percent signs, emoji and 200 characters, and name one document only."""
        with store.unit() as unit:
            unit.insert(NOTES, id, b"1", {})

        with store.reading() as unit:
            assert {id: Doc(id, 1, b"1")} == unit.get_many(NOTES, [id, "another"])

    def test_what_is_not_there_is_none(self, store: Driven) -> None:
        """get() answers None, and get_many() leaves out what it lacks, whatever the order it was asked in."""
        with store.unit() as unit:
            unit.insert(NOTES, "a", b"1", {})
            unit.insert(NOTES, "b", b"2", {})

        with store.reading() as unit:
            assert unit.get(NOTES, "c") is None
            assert {"a", "b"} == set(unit.get_many(NOTES, ["b", "c", "a", "b"]))
            assert {} == unit.get_many(NOTES, [])

    def test_versions_count_from_one(self, store: Driven) -> None:
        """A document has version 1 when inserted, and each replace raises it by one."""
        with store.unit() as unit:
            unit.insert(NOTES, "a", b"1", {})
        for version in (1, 2, 3):
            with store.unit() as unit:
                unit.replace(NOTES, "a", b"x" * version, {}, expected=version)

        with store.reading() as unit:
            assert Doc("a", 4, b"xxx") == unit.get(NOTES, "a")

    @pytest.mark.parametrize("expected", [0, 1, 3])
    def test_a_stale_version_is_refused(self, store: Driven, expected: int) -> None:
        """replace() and delete() are refused for any version but the stored one, and nothing changes."""
        with store.unit() as unit:
            unit.insert(NOTES, "a", b"1", {})
            unit.replace(NOTES, "a", b"2", {}, expected=1)

        with pytest.raises(VersionConflict) as replaced, store.unit() as unit:
            unit.replace(NOTES, "a", b"3", {}, expected=expected)
        with pytest.raises(VersionConflict), store.unit() as unit:
            unit.delete(NOTES, "a", expected=expected)

        assert VersionConflict("notes", "a", expected).problem() == replaced.value.problem()
        with store.reading() as unit:
            assert Doc("a", 2, b"2") == unit.get(NOTES, "a")

    def test_replacing_what_is_not_there_is_a_conflict(self, store: Driven) -> None:
        """replace() never inserts."""
        with pytest.raises(VersionConflict), store.unit() as unit:
            unit.replace(NOTES, "a", b"1", {}, expected=1)

    def test_an_id_is_taken_once(self, store: Driven) -> None:
        """A second insert of an id is refused by name, in another unit or in the same."""
        with store.unit() as unit:
            unit.insert(NOTES, "a", b"1", {})

        with pytest.raises(AlreadyExists) as refused, store.unit() as unit:
            unit.insert(NOTES, "b", b"1", {})
            unit.insert(NOTES, "a", b"2", {})
        with pytest.raises(AlreadyExists), store.unit() as unit:
            unit.insert(NOTES, "c", b"1", {})
            unit.insert(NOTES, "c", b"2", {})

        assert AlreadyExists("notes", "a", "id").problem() == refused.value.problem()
        with store.reading() as unit:
            assert {"a"} == set(unit.get_many(NOTES, ["a", "b", "c"]))

    def test_a_unique_index_holds_inside_a_partition(self, store: Driven) -> None:
        """The columns of a unique index are taken once per partition, by insert and by replace."""
        with store.unit() as unit:
            unit.insert(GOODS, "a", b"1", goods("KOPI"))
            unit.insert(GOODS, "b", b"1", goods("TEH"))
        with store.unit("q") as unit:
            unit.insert(GOODS, "a", b"1", goods("KOPI"))

        with pytest.raises(AlreadyExists) as inserted, store.unit() as unit:
            unit.insert(GOODS, "c", b"1", goods("KOPI"))
        with pytest.raises(AlreadyExists) as replaced, store.unit() as unit:
            unit.replace(GOODS, "b", b"2", goods("KOPI"), expected=1)

        assert AlreadyExists("goods", "c", "by_code").problem() == inserted.value.problem()
        assert AlreadyExists("goods", "b", "by_code").problem() == replaced.value.problem()

    def test_null_never_collides(self, store: Driven) -> None:
        """Documents without a code share a unique index on it."""
        with store.unit() as unit:
            unit.insert(GOODS, "a", b"1", goods(None))
            unit.insert(GOODS, "b", b"1", goods(None))

        with store.reading() as unit:
            assert 2 == len(unit.find(GOODS, "by_code", equals={"code": None}).items)

    def test_a_deleted_document_frees_its_id_and_code(self, store: Driven) -> None:
        """After delete() the id and the unique columns may be used again, in the same unit too."""
        with store.unit() as unit:
            unit.insert(GOODS, "a", b"1", goods("KOPI"))
        with store.unit() as unit:
            unit.delete(GOODS, "a", expected=1)
            unit.insert(GOODS, "b", b"2", goods("KOPI"))
            unit.insert(GOODS, "a", b"3", goods("TEH"))

        with store.reading() as unit:
            assert {"a": Doc("a", 1, b"3"), "b": Doc("b", 1, b"2")} == unit.get_many(GOODS, ["a", "b"])

    def test_facts_follow_their_document(self, store: Driven) -> None:
        """Fact rows are those of the last write, in its order; None leaves them, and delete removes them."""

        def stored() -> list[Any]:
            with store.reading() as unit:
                return [row.facts["goods_line"] for row in unit.scan(Kind.DOCUMENTS, name="goods").items]

        first = [{"sku": "kopi", "quantity": 2}, {"sku": "a", "quantity": None}]
        with store.unit() as unit:
            unit.insert(GOODS, "a", b"1", goods("A"), {"goods_line": first})
        assert [tuple(first)] == stored()
        with store.unit() as unit:
            unit.replace(GOODS, "a", b"2", goods("A"), expected=1)
        assert [tuple(first)] == stored()
        with store.unit() as unit:
            unit.replace(GOODS, "a", b"3", goods("A"), expected=2, facts={"goods_line": first[1:]})
        assert [tuple(first[1:])] == stored()
        with store.unit() as unit:
            unit.replace(GOODS, "a", b"4", goods("A"), expected=3, facts={})
        assert [()] == stored()
        with store.unit() as unit:
            unit.replace(GOODS, "a", b"5", goods("A"), expected=4, facts={"goods_line": first})
            unit.delete(GOODS, "a", expected=5)
            unit.insert(GOODS, "a", b"6", goods("A"))
        assert [()] == stored()

    @pytest.mark.parametrize("row", UNFIT_ROWS)
    def test_a_row_must_fit_its_declaration(self, store: Driven, row: dict[str, Any]) -> None:
        """A missing, unknown, mistyped, null or oversized column is refused when it is recorded."""
        with store.unit() as unit, pytest.raises(Misuse):
            unit.insert(GOODS, "a", b"1", row)

        assert [] == everything(store)[Kind.DOCUMENTS]

    def test_an_undeclared_collection_is_refused(self, store: Driven) -> None:
        """Only what was declared when the storage was made can be read or written."""
        strange = Collection("strange")
        retold = Collection("notes", (Column("size", "integer"),))
        with store.unit() as unit:
            for collection in (strange, retold):
                with pytest.raises(Misuse):
                    unit.get(collection, "a")
                with pytest.raises(Misuse):
                    unit.insert(collection, "a", b"1", {})

    def test_partitions_do_not_see_each_other(self, store: Driven) -> None:
        """Nothing of one partition is read, found or refused because of another."""
        with store.unit("p") as unit:
            unit.insert(GOODS, "a", b"p", goods("A", rank=1))
        with store.unit("q") as unit:
            assert unit.get(GOODS, "a") is None
            assert () == unit.find(GOODS, "by_rank").items
            unit.insert(GOODS, "a", b"q", goods("A", rank=1))
            assert [b"q"] == [doc.body for doc in unit.find(GOODS, "by_rank").items]
