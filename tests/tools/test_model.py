"""What `make model` reads in the verifier's print, and says where Spin is missing; none of this needs Spin."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from model import __main__ as model
from model import pan
from model.bugs import BUGS, Style

TOOLS = Path(pan.__file__).parents[1]
SOUND = """
State-vector 96 byte, depth reached 240, errors: 0
  1322182 states, stored
 13346403 states, matched
  1301.783\ttotal actual memory usage
"""
BROKEN = """pan:1: assertion violated (held<=on_hand) (at depth 105)
State-vector 96 byte, depth reached 232, errors: 1
    33061 states, stored
   620.102\ttotal actual memory usage
"""


def test_a_search_without_errors_is_a_proof():
    """States, the longest path and the memory are read as printed."""
    assert pan.Searched(1_322_182, 240, 0, 1301.783, complete=True) == pan.read(SOUND)
    assert pan.read(SOUND).is_proof


def test_a_great_number_of_states_is_read_too():
    """From 10^8 on they are printed as powers of ten."""
    assert 123_456_780 == pan.read(SOUND.replace("1322182", "1.2345678e+08")).states


def test_an_error_is_told_by_its_own_depth():
    """Not by that of the longest path that was followed before."""
    assert (1, 105, False) == (pan.read(BROKEN).errors, pan.read(BROKEN).depth, pan.read(BROKEN).is_proof)


@pytest.mark.parametrize("words", ["error: max search depth too small", "Warning: Search not completed"])
def test_a_search_that_was_cut_short_proves_nothing(words):
    """No error was found, and not everything was looked at."""
    cut = pan.read(f"{words}\n{SOUND}")

    assert (0, False) == (cut.errors, cut.is_proof)


@pytest.mark.parametrize("printed", ["", "pan: out of memory", BROKEN.splitlines()[0]])
def test_what_has_no_figures_is_not_taken_for_good(printed):
    """A verifier that died is no proof."""
    with pytest.raises(pan.Unreadable, match=re.escape(printed) or "nothing"):
        pan.read(printed)


def test_every_bug_of_the_model_is_listed_and_every_listed_bug_is_in_it():
    """A switch that is misspelt would seed nothing."""
    switches = set(re.findall(r"^ *#if(?:n?def) BUG_(\w+)", pan.MODEL.read_text("utf-8"), re.MULTILINE))

    assert switches == {bug.name for bug in BUGS}
    assert len(BUGS) == len({bug.name for bug in BUGS})


def test_without_spin_one_sentence_says_what_to_install(tmp_path):
    """It is said before anything is tried, and the status is not 0."""
    done = subprocess.run(
        [sys.executable, "-m", "model"],
        cwd=TOOLS,
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (2, "", pan.MISSING["spin"] + "\n") == (done.returncode, done.stdout, done.stderr)
    assert "apt install spin" in done.stderr


def searches(*, broken=(), missed=()):
    """A search that finds errors where it should, but for *broken* styles and *missed* bugs."""
    sound, found = pan.read(SOUND), pan.read(BROKEN)

    def search(style, bug=None):
        if bug is None:
            return found if style in broken else sound
        return sound if bug in missed else found

    return search


def run(search, capsys):
    status = model.main(search, missing=str)
    return status, capsys.readouterr().out.splitlines()


def test_all_is_well_when_the_styles_hold_and_the_bugs_are_found(capsys):
    """One line for each search, and the sum."""
    status, lines = run(searches(), capsys)

    assert (0, len(Style) + len(BUGS) + 1) == (status, len(lines))
    assert "KEY                         holds: 1,322,182 states, errors 0, depth 240, 0.0 s, 1,302 MiB" == lines[0]
    assert f"{len(BUGS)} of {len(BUGS)} bugs found" in lines[-1]


def test_an_error_in_the_sound_model_is_a_failure(capsys):
    """It would be a mistake of the protocol."""
    status, lines = run(searches(broken=["STYLE=2"]), capsys)

    assert 1 == status
    assert lines[1].startswith("REFERENCE                   BROKEN: ")


def test_a_bug_that_is_not_found_is_a_failure(capsys):
    """The model would look away."""
    status, lines = run(searches(missed=["BUG_NO_LOOKUP"]), capsys)

    assert (1, f"3 of 3 styles hold, {len(BUGS) - 1} of {len(BUGS)} bugs found") == (status, lines[-1])
    assert 1 == sum("no_lookup                   NOT FOUND: " in line for line in lines)


def test_what_spin_could_not_do_is_said(capsys):
    """Such as an error of syntax in the model."""

    def search(*defined):
        raise pan.Unreadable("spin: syntax error")

    assert 1 == model.main(search, missing=str)
    assert "spin: syntax error\n" == capsys.readouterr().err
