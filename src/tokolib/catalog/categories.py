"""The category tree: codes, each below at most one other, and never below itself.

The tree is one aggregate. Two moves that are each fine, and a circle together, then meet on one version.
"""

from collections.abc import Iterable
from typing import Final

import attrs

from tokolib.catalog.attributes import CODE
from tokolib.catalog.errors import CategoryCycle, InvalidCategory, UnknownCategory

TREE_ID: Final = "tree:categories"
LARGEST_TREE: Final = 5_000
LONGEST_NAME: Final = 300


@attrs.frozen
class Category:
    """A place in the tree."""

    code: str
    name: str
    parent: str | None = None


@attrs.frozen
class CategoryTree:
    """All categories of a shop, in the order in which they were first put."""

    id: str
    version: int
    categories: tuple[Category, ...]

    def find(self, code: str) -> Category | None:
        """The category with that code."""
        return next((each for each in self.categories if each.code == code), None)

    def ancestors(self, code: str) -> tuple[str, ...]:
        """The codes above *code*, nearest first.

        Raises:
            UnknownCategory: it isn't in the tree.
        """
        parents = self._parents()
        if code not in parents:
            raise UnknownCategory(code)
        return tuple(_upwards(parents, code))[1:]

    def with_ancestors(self, codes: Iterable[str]) -> tuple[str, ...]:
        """*codes* and everything above them, each once; unknown ones stay as they are."""
        parents = self._parents()
        return tuple(dict.fromkeys(above for code in codes for above in _upwards(parents, code)))

    def children(self, code: str | None) -> tuple[Category, ...]:
        """The categories right below *code*; None asks for the roots."""
        return tuple(each for each in self.categories if each.parent == code)

    def _parents(self) -> dict[str, str | None]:
        return {each.code: each.parent for each in self.categories}


EMPTY: Final = CategoryTree(TREE_ID, 0, ())


def _upwards(parents: dict[str, str | None], code: str | None) -> Iterable[str]:
    while code is not None:
        yield code
        code = parents.get(code)


def checked_category(tree: CategoryTree, code: str, name: str, parent: str | None) -> Category:
    """A category that may be put into *tree*.

    Raises:
        InvalidCategory: its code or name is malformed, or the tree is full.
        UnknownCategory: there is no such parent.
        CategoryCycle: the parent stands below it, or is itself.
    """
    if not CODE.fullmatch(code):
        raise InvalidCategory(code[:80], "a code is 1 to 64 of a-z, 0-9, '_' and '-'")
    shown = name.strip()
    if not shown or len(shown) > LONGEST_NAME or not shown.isprintable():
        raise InvalidCategory(code, f"a name is 1 to {LONGEST_NAME} printable characters")
    if tree.find(code) is None and len(tree.categories) >= LARGEST_TREE:
        raise InvalidCategory(code, f"the tree is full: it has {LARGEST_TREE} categories")
    if parent is not None and parent != code and tree.find(parent) is None:
        raise UnknownCategory(parent)
    if parent is not None and code in tree.with_ancestors([parent]):
        raise CategoryCycle(code, parent)
    return Category(code, shown, parent)
