"""The wheel is complete and works where there is no checkout."""

from __future__ import annotations

import re
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(directory)],
        check=True,
        capture_output=True,
        cwd=PROJECT,
    )
    return next(directory.glob("*.whl"))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["rules", "schemas"])
def test_the_wheel_holds_every_data_file(wheel: Path, name: str) -> None:
    inside = {each for each in zipfile.ZipFile(wheel).namelist() if each.startswith(f"checker/_data/{name}/")}
    files = (path.relative_to(PROJECT) for path in (PROJECT / name).rglob("*") if path.is_file())
    assert inside == {f"checker/_data/{path.as_posix()}" for path in files}


@pytest.mark.slow
def test_the_wheel_holds_no_tests_and_nothing_else_at_the_top(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {re.sub(r"-.*\.dist-info", ".dist-info", name) for name in tops} == {"checker", "mailposture.dist-info"}


@pytest.mark.slow
def test_the_installed_wheel_works_without_the_checkout(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "venv", with_pip=False)
    python = tmp_path / "venv" / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*pip, str(wheel)], check=True)
    # The libraries are those of the running environment. Its .pth files are not obeyed from here, so that the package
    # itself comes from the wheel alone.
    site = next((tmp_path / "venv" / "lib").glob("python*/site-packages"))
    (site / "libraries.pth").write_text(f"{sysconfig.get_path('purelib')}\n")
    copy_of_example = tmp_path / "host" / "etc" / "postfix"
    copy_of_example.mkdir(parents=True)
    for path in (PROJECT / "examples/insecure/etc/postfix").iterdir():
        (copy_of_example / path.name).write_bytes(path.read_bytes())
    command = tmp_path / "venv" / "bin" / "mailposture"
    version = subprocess.run([command, "--version"], check=True, capture_output=True, text=True, cwd=tmp_path)
    assert re.fullmatch(r"mailposture \d+\.\d+\.\d+\n", version.stdout)
    checked = subprocess.run([command, "check", "host"], check=False, capture_output=True, text=True, cwd=tmp_path)
    assert checked.returncode == 1, checked.stderr


def test_every_development_tool_is_pinned() -> None:
    declared = tomllib.loads((PROJECT / "pyproject.toml").read_text())
    wanted = [*declared["project"]["dependencies"], *declared["dependency-groups"]["dev"]]
    pins = (PROJECT / "constraints" / "dev.txt").read_text()
    pinned = {line.split("==")[0].lower() for line in pins.splitlines() if "==" in line}
    assert {re.split(r"[<>=]", name)[0].lower() for name in wanted} <= pinned
