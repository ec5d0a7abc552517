"""What the disk of the power cuts forgets is what was not synced, and nothing else."""

import tempfile
from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st
from safety.undoing import Unsynced

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("write"), st.integers(0, 40), st.binary(min_size=1, max_size=20)),
        st.tuples(st.just("cut"), st.integers(0, 40), st.just(b"")),
        st.tuples(st.just("sync"), st.just(0), st.just(b"")),
    ),
    max_size=12,
)


def written(path: Path, unsynced: Unsynced, step: tuple[str, int, bytes]) -> None:
    """Do to a file what SQLite does, and note it as the disk does."""
    kind, offset, data = step
    content = path.read_bytes()
    match kind:
        case "write":
            unsynced.wrote(str(path), offset, content[offset : offset + len(data)], data, len(content))
            content = content[:offset] + bytes(max(0, offset - len(content))) + data + content[offset + len(data) :]
        case "cut" if offset <= len(content):
            unsynced.cut(str(path), offset, content[offset:], len(content))
            content = content[:offset]
        case "sync":
            unsynced.synced(str(path))
    path.write_bytes(content)


@given(STEPS)
@example([("write", 0, b"abc"), ("sync", 0, b""), ("cut", 1, b""), ("write", 5, b"z")])
def test_a_cut_leaves_the_last_synced_content(steps: list[tuple[str, int, bytes]]) -> None:
    """When nothing unsynced survives, a file is as it was at its last sync; when all does, it is as it is."""
    for survives in (False, True):
        with tempfile.TemporaryDirectory() as folder:
            path, unsynced = Path(folder) / "file", Unsynced()
            path.write_bytes(b"before")
            lasting = path.read_bytes()
            for step in steps:
                written(path, unsynced, step)
                lasting = path.read_bytes() if step[0] == "sync" else lasting

            expected = path.read_bytes() if survives else lasting
            unsynced.lose(lambda survives=survives: survives)  # type: ignore[misc]
            assert expected == path.read_bytes()


def test_names_are_forgotten_too(tmp_path: Path) -> None:
    """A new file is gone, and a deleted one is back, until a folder's sync makes both lasting."""
    for lasts in (False, True):
        journal, new, unsynced = tmp_path / f"journal-{lasts}", tmp_path / f"new-{lasts}", Unsynced()
        journal.write_bytes(b"synced")
        unsynced.deleted(str(journal))
        journal.unlink()
        unsynced.made(str(new))
        new.write_bytes(b"")
        if lasts:
            unsynced.synced(str(new))

        unsynced.lose(lambda: False)

        assert (not lasts, lasts) == (journal.exists(), new.exists())
