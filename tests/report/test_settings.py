"""Effective values with the chain that made them."""

from __future__ import annotations

from checker.facts.settings import Plain
from checker.report.settings import settings_data, settings_text
from checker.report.style import Style
from checker.values import ABSENT, Known, OneOf, Origin, Unknown, Value
from tests.report.made import MAIN, TEMPLATE, span

WRITTEN = Origin("main.cf", span(MAIN, 2), "name", "no")
DEFAULT = Origin("Postfix 3.7.11", None, "name", "yes", is_default=True)


class Settings:
    def get(self, name: str) -> Value[Plain]:
        values: dict[str, Value[Plain]] = {
            "flag": Known(False, (WRITTEN, DEFAULT)),
            "list": Known(("a", "b")),
            "template": Unknown(TEMPLATE, (WRITTEN,)),
            "platform": OneOf((("on debian-12", Known("a")), ("else", Known("b")))),
            "smtp_sasl_password_maps": Known("static:user:pass", (Origin("main.cf", None, "smtp_sasl_password_maps"),)),
        }
        return values.get(name, ABSENT)


def test_a_value_has_its_chain_below() -> None:
    assert settings_text([("set", Settings())], ["flag", "list"], Style()) == (
        "flag = no\n    default (Postfix 3.7.11) -> main.cf:2\nlist = a, b\n"
    )


def test_what_is_not_known_says_why_and_what_is_not_there_says_so() -> None:
    assert settings_text([("set", Settings())], ["template", "platform", "nonsense"], Style()) == (
        "template = ?\n"
        "    template: smtpd_tls_security_level is filled in by a template\n"
        "    main.cf:2\n"
        "platform = one of\n"
        "    on debian-12: a; else: b\n"
        "nonsense: no such parameter in this release\n"
    )


def test_scopes_have_headings_where_there_are_several() -> None:
    told = settings_text([("one", Settings()), ("two", Settings())], ["list"], Style())
    assert told == "one\nlist = a, b\n\ntwo\nlist = a, b\n"


def test_a_secret_is_hidden_in_text_and_data() -> None:
    scopes, names = [("set", Settings())], ["smtp_sasl_password_maps"]
    assert settings_text(scopes, names, Style()).startswith("smtp_sasl_password_maps = static:<secret>\n")
    assert settings_data(scopes, names)["settings"][0]["value"] == "static:<secret>"


def test_data_has_the_same() -> None:
    assert settings_data([("set", Settings())], ["flag", "template"]) == {
        "settings": [
            {
                "scope": "set",
                "name": "flag",
                "value": False,
                "unknown": None,
                "origins": [
                    {"note": "main.cf", "value": "no", "default": False, "path": MAIN, "line": 2},
                    {"note": "Postfix 3.7.11", "value": "yes", "default": True, "path": None, "line": None},
                ],
            },
            {
                "scope": "set",
                "name": "template",
                "value": None,
                "unknown": "template: smtpd_tls_security_level is filled in by a template",
                "origins": [{"note": "main.cf", "value": "no", "default": False, "path": MAIN, "line": 2}],
            },
        ]
    }
