"""What `.ci/run` does where there is no browser: it goes on, and says at its very end what was not looked at."""

import subprocess
import sys

import pytest

from tests.conftest import ROOT

TOLD = "NOT CHECKED: pages in a browser."


def run(folder, programs, script="get_browser; browser_told", **more):
    """The end of a run whose PATH holds these programs alone."""
    for name, text in {"id": "echo 0", **programs}.items():
        (folder / name).write_text(f"#!/bin/bash\n{text}\n")
        (folder / name).chmod(0o755)
    start = f'set -euo pipefail; python={sys.executable}; step() {{ echo "$@"; }}; source .ci/browser; {script}'
    return subprocess.run(
        ["/bin/bash", "-c", start],
        cwd=ROOT,
        env={"PATH": str(folder), **more},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("programs", [{}, {"apt-get": "exit 1"}, {"apt-get": "exit 0", "id": "echo 1000"}],
                         ids=["no way to install one", "no network", "not root"])  # fmt: skip
def test_without_a_browser_the_last_line_says_what_was_not_checked(tmp_path, programs):
    ended = run(tmp_path, programs)
    assert ended.returncode == 0
    assert ended.stdout.splitlines()[-1].startswith(TOLD)
    assert "install Chromium" in ended.stdout


@pytest.mark.parametrize("name", ["chromium", "google-chrome"])
def test_with_one_nothing_is_installed_or_told(tmp_path, name):
    ended = run(tmp_path, {name: "exit 0", "apt-get": "echo installing"})
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")


def test_one_is_installed_where_that_may_be_done(tmp_path):
    makes = f"echo '#!/bin/bash' > {tmp_path}/chromium; /bin/chmod +x {tmp_path}/chromium"
    ended = run(tmp_path, {"apt-get": makes})
    assert (ended.returncode, ended.stdout) == (0, "a browser to look at pages in\n")


def test_where_one_is_required_its_lack_ends_the_run_with_what_to_install(tmp_path):
    ended = run(tmp_path, {}, script="get_browser; echo more", REQUIRE_BROWSER="1")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert "install Chromium (apt-get install chromium) or Google Chrome" in ended.stderr


def test_the_run_ends_with_it():
    lines = (ROOT / ".ci" / "run").read_text("utf-8").splitlines()
    assert lines[-1] == "browser_told"
    assert lines.index("get_browser") < lines.index("readme tests .ci-venv")
