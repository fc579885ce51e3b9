import runpy
from pathlib import Path

import pytest

BENCHMARK = runpy.run_path(str(Path(__file__).parents[1] / "benchmarks" / "diagnosis.py"))


def test_drawn_programs_are_half_healthy_and_each_is_python(tmp_path: Path) -> None:
    labels = BENCHMARK["draw"](60, 3, tmp_path)
    for name in labels:
        compile((tmp_path / name).read_text(encoding="utf-8"), name, "exec")
    assert sum(label["primary"] == "none" for label in labels.values()) == 30


def test_a_drawn_program_has_the_values_that_its_label_names(tmp_path: Path) -> None:
    for name, label in BENCHMARK["draw"](20, 4, tmp_path).items():
        lines = (tmp_path / name).read_text(encoding="utf-8").splitlines()
        assert all(f"{key} = {value!r}" in lines for key, value in label["values"].items())


def test_the_same_seed_draws_the_same_programs(tmp_path: Path) -> None:
    again = tmp_path / "again"
    again.mkdir()
    assert BENCHMARK["draw"](12, 5, tmp_path) == BENCHMARK["draw"](12, 5, again)


def test_a_grid_that_names_no_constant_of_its_template_is_refused() -> None:
    with pytest.raises(ValueError, match="WIDHT is in the grid"):
        BENCHMARK["filled"]("WIDTH = 3\n", {"WIDHT": 4})
