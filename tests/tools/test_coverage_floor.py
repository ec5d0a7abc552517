"""The coverage floors of tools/coverage_floor.py."""

import json

import coverage_floor


def report(tmp_path, **rooms):
    """A coverage.py report in which each room has one file with (covered, total) lines, and no branches."""
    files = {
        f"src/tokolib/{room}/model.py": {
            "summary": {
                "covered_lines": covered,
                "num_statements": total,
                "covered_branches": 0,
                "num_branches": 0,
            }
        }
        for room, (covered, total) in rooms.items()
    }
    path = tmp_path / "coverage.json"
    path.write_text(json.dumps({"files": files}))
    return str(path)


def check(monkeypatch, *arguments):
    monkeypatch.setattr("sys.argv", ["coverage_floor.py", *arguments])
    return coverage_floor.main()


def test_a_room_on_its_floor_is_kept(tmp_path, monkeypatch):
    """95 of 100 is 95 per cent."""
    assert 0 == check(monkeypatch, report(tmp_path, kernel=(95, 100)), "kernel=95")


def test_a_room_that_is_not_there_fails(tmp_path, monkeypatch, capsys):
    """A floor under a misspelt room holds nothing up."""
    assert 1 == check(monkeypatch, report(tmp_path, kernel=(100, 100)), "kernal=95")
    assert "coverage kernal: 0.00 % of 0, floor 95 %: UNDER ITS FLOOR" in capsys.readouterr().out


def test_a_well_tested_room_does_not_pay_for_a_neglected_one(tmp_path, monkeypatch, capsys):
    """Each room is measured alone, and the report says which one fell."""
    assert 1 == check(monkeypatch, report(tmp_path, kernel=(1000, 1000), tax=(94, 100)), "kernel=95", "tax=95")
    assert "coverage tax: 94.00 % of 100, floor 95 %: UNDER ITS FLOOR" in capsys.readouterr().out


def test_a_room_that_was_not_measured_fails(tmp_path, monkeypatch):
    """Zero of zero is not a success."""
    assert 1 == check(monkeypatch, report(tmp_path), "kernel=95")
