"""The mutations of `tests.mutations` still find the formulas that they make wrong, and leave the working tree alone."""

import pytest

from tests.mutations import AGAINST_TRAINING, MUTATIONS, ROOT, Result, apply, by_function, copy_tree, page


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_mutation_changes_its_files_in_a_copy_alone(name, tmp_path):
    edited = {edit.file for edit in MUTATIONS[name].edits}
    ours = {file: (ROOT / "anneal_theory" / file).read_text("utf-8") for file in edited}
    for file, text in ours.items():
        (tmp_path / "anneal_theory" / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "anneal_theory" / file).write_text(text, "utf-8")
    before = apply(MUTATIONS[name], tmp_path)
    for file, text in ours.items():
        copy = tmp_path / "anneal_theory" / file
        assert before[copy] == text != copy.read_text("utf-8")
        compile(copy.read_text("utf-8"), file, "exec")
        assert (ROOT / "anneal_theory" / file).read_text("utf-8") == text


def test_a_text_that_is_gone_is_told(tmp_path):
    file = tmp_path / "anneal_theory" / MUTATIONS["critical"].edits[0].file
    file.parent.mkdir(parents=True)
    file.write_text("nothing of it\n", "utf-8")
    with pytest.raises(SystemExit, match="no longer holds"):
        apply(MUTATIONS["critical"], tmp_path)


def test_the_copy_holds_the_package_and_the_tests_without_caches(tmp_path):
    copy_tree(tmp_path)
    assert (tmp_path / "anneal_theory" / "py.typed").exists()
    assert (tmp_path / "tests" / "conftest.py").exists()
    assert not list(tmp_path.rglob("*.nbi"))


def test_cases_of_one_function_are_counted_together():
    names = ["tests.a.b::test_c[1]", "tests.a.b::test_c[2]", "tests.a.b::test_d"]
    assert by_function(names) == {"a.b::test_c": 2, "a.b::test_d": 1}


def test_the_page_tells_each_failed_function_and_runs_without_end():
    failed = ("tests.a::test_c[1]", "tests.a::test_c[2]", f"{AGAINST_TRAINING[0]}::test_d")
    endless = Result("psi", "psi x 1.01", 0, ("(no end within 1800 s)",), 1800.0)
    told = page([Result("none", "as it is", 5, (), 1.0), Result("mmse", "G x 1.02", 5, failed, 1.0), endless])
    assert told.startswith("5 tests, of which none fail without a mutation.")
    assert "**G x 1.02**: 3 fail, 1 of them against training." in told
    assert "| a | `test_c` | 2 |" in told
    assert "| (no end within 1800 s) | | |" in told
