"""Where rules and schemas are found."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker import resources


def test_in_a_checkout_they_are_beside_the_package() -> None:
    assert resources.rules_directory() == Path(resources.__file__).parent.parent / "rules"
    assert resources.schema("rule")["title"] == "mailposture rule"


def test_in_a_wheel_they_are_inside_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    schemas = tmp_path / "_data" / "schemas"
    schemas.mkdir(parents=True)
    (schemas / "rule.schema.json").write_text('{"title": "installed"}')
    (tmp_path / "_data" / "rules").mkdir()
    monkeypatch.setattr(resources, "_PACKAGE", tmp_path)
    assert resources.rules_directory() == tmp_path / "_data" / "rules"
    assert resources.schema("rule") == {"title": "installed"}
