"""What a page says that it prints is compared, and can be renewed."""

import printed

PAGE = """\
# A page

```python
total = 0
for n in range(2):
    total += n
    print(n)
    # > 7
```

Between two blocks.

```python
print(total)
print("a", end="")
# > 8
last = 3
```

<!-- skip: next "it would fail" -->
```python
raise SystemExit
# > 9
```
"""


def test_the_promised_lines_are_those_behind_the_mark():
    """Indented or not, and an empty one is an empty line."""
    assert ["one", "  two", ""] == printed.promised("# > one\nprint()\n    # >   two\n    # >\n# no\n")


def test_a_difference_shows_both_sides():
    """Nothing is said where nothing differs."""
    assert "" == printed.difference("# > a\n", ["a"])
    assert "prints\n  a\nand it prints\n  nothing" in printed.difference("# > a\n", [])
    assert "prints\n  nothing\nand it prints\n  b" in printed.difference("", ["b"])


def test_a_page_is_renewed_where_it_prints():
    """After the statement, as far in as its last line; skipped blocks and prose stay."""
    renewed = printed.renewed(PAGE)

    assert "    print(n)\n    # > 0\n    # > 1\n```" in renewed
    assert 'print(total)\n# > 1\nprint("a", end="")\n# > a\nlast = 3\n```' in renewed
    assert renewed.endswith(PAGE[PAGE.index("<!--") :])
    assert renewed == printed.renewed(renewed)


def test_the_command_renews_the_pages_that_it_is_given(tmp_path, monkeypatch):
    """In place, one after the other."""
    page = tmp_path / "page.md"
    page.write_text("```python\nprint(1 + 1)\n```\n", "utf-8")
    monkeypatch.setattr(printed.sys, "argv", ["printed.py", str(page)])

    assert 0 == printed.main()
    assert "```python\nprint(1 + 1)\n# > 2\n```\n" == page.read_text("utf-8")
