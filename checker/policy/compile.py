"""Turn the conditions of a rule file into trees, and refuse what they cannot mean, with its place and a hint."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from checker.facts.fields import KINDS, SETTING, FieldType, fields_of
from checker.policy.condition import All, AnyOf, Atom, Condition, Constant, Exists, FieldOf, Not, Term
from checker.policy.document import Node
from checker.policy.names import nearest
from checker.policy.operands import OperandError, check_word
from checker.policy.operators import OPERATORS, is_mode

_COMBINING = ("all", "any", "not", "exists", "no_such")
_TEXT = FieldType("text")


class Context(Struct, frozen=True):
    """The kind of fact that a condition asks, the parameters in force and, inside ``exists``, the judged kind."""

    kind: str
    params: Mapping[str, Any]
    outer: str = ""


class _Subject(Struct, frozen=True):
    """What an atom asks, and its type."""

    term: Term
    type: FieldType


def field_type(kind: str, name: str) -> FieldType | None:
    """Return the type of a field of a kind of fact; None if there is no such field."""
    if name == "id":
        return _TEXT
    if name.startswith("settings.") and len(name) > len("settings."):
        return SETTING
    return fields_of(kind).get(name)


def compiled(node: Node, context: Context) -> Condition:
    """Return the tree of a condition; raise UserError where it has no meaning."""
    if not isinstance(node.data, dict):
        raise node.error("a condition is a mapping from fields to what they must be")
    parts = tuple(_part(name, part, context) for name, part in node.items())
    return parts[0] if len(parts) == 1 else All(parts)


def _part(name: str, node: Node, context: Context) -> Condition:
    if name in ("all", "any"):
        if not isinstance(node.data, list) or not node.data:
            raise node.error(f"`{name}` needs a list of conditions")
        parts = tuple(compiled(each, context) for each in node.members())
        return All(parts) if name == "all" else AnyOf(parts)
    if name == "not":
        return Not(compiled(node, context))
    if name in ("exists", "no_such"):
        found = _exists(name, node, context)
        return found if name == "exists" else Not(found)
    return _test(_subject(name, node, context), node, context)


def _exists(name: str, node: Node, context: Context) -> Condition:
    if context.outer:
        raise node.key_error(f"`{name}` cannot stand inside another", "ask one fact of the host at a time")
    if not isinstance(node.data, dict) or len(node.data) != 1:
        raise node.error(f"`{name}` needs one kind of fact and its condition", "such as {endpoint: {protocol: imap}}")
    kind, condition = next(node.items())
    if kind not in KINDS:
        raise condition.key_error(f"there is no kind of fact `{kind}`", nearest(kind, KINDS))
    return Exists(kind, compiled(condition, Context(kind, context.params, context.kind)))


def _subject(name: str, node: Node, context: Context) -> _Subject:
    if name.startswith("params."):
        short = name.removeprefix("params.")
        if short not in context.params:
            raise node.key_error(f"the rule has no parameter `{short}`", nearest(short, context.params))
        value = _frozen(context.params[short])
        return _Subject(Constant(value, short), _type_of(value))
    kind = field_type(context.kind, name)
    if kind is not None:
        return _Subject(FieldOf(name), kind)
    if name in OPERATORS:
        raise node.key_error(f"`{name}` is an operator, not a field", "write it below the field that it asks")
    right = [*fields_of(context.kind), *_COMBINING, *(f"params.{each}" for each in context.params)]
    raise node.key_error(f"a fact of kind {context.kind} has no field `{name}`", nearest(name, right))


def _type_of(value: Any) -> FieldType:
    if isinstance(value, bool):
        return FieldType("boolean")
    return FieldType("integer") if isinstance(value, int) else SETTING


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _test(subject: _Subject, node: Node, context: Context) -> Condition:
    if isinstance(node.data, list):
        return _atom(subject, "in", node, context)
    if not isinstance(node.data, dict) or _is_reference(node):
        return _atom(subject, "is", node, context)
    if not node.data:
        raise node.error("nothing is asked of this field", "a word, a list or an operator")
    parts = tuple(_operation(subject, name, part, context) for name, part in node.items())
    return parts[0] if len(parts) == 1 else All(parts)


def _operation(subject: _Subject, name: str, node: Node, context: Context) -> Condition:
    if name == "not" or (name == "is_not" and isinstance(node.data, dict) and not _is_reference(node)):
        return Not(_test(subject, node, context))
    if name not in OPERATORS or name == "is":
        right = [*(each for each in OPERATORS if each != "is"), "not"]
        raise node.key_error(f"there is no operator `{name}`", nearest(name, right))
    return _atom(subject, name, node, context)


def _atom(subject: _Subject, name: str, node: Node, context: Context) -> Atom:
    kind = subject.type
    if not OPERATORS[name].takes(kind):
        fitting = [each for each, other in OPERATORS.items() if each not in ("is", "in") and other.takes(kind)]
        what = f"a list of {kind.base}" if kind.is_list else kind.base
        asked = {"is": "a word", "in": "a list of possible words"}.get(name, f"`{name}`")
        raise node.key_error(f"{asked} cannot be asked of this field ({what})", f"one of: {', '.join(fitting)}")
    return Atom(subject.term, name, _operand(kind, name, node, context), kind.base)


def _is_reference(node: Node) -> bool:
    return isinstance(node.data, dict) and len(node.data) == 1 and node.data.keys() <= {"param", "field"}


def _operand(kind: FieldType, operator: str, node: Node, context: Context) -> Term:
    if not isinstance(node.data, dict):
        _check(kind, operator, node.data, node)
        return Constant(_frozen(node.data))
    if not _is_reference(node):
        raise node.error(f"`{operator}` cannot take a mapping", "{param: NAME} or {field: NAME}")
    if "field" in node:
        return _field_operand(kind, node["field"], context)
    name = node["param"].data
    if not isinstance(name, str) or name not in context.params:
        hint = nearest(str(name), context.params)
        raise node["param"].error(f"the rule has no parameter `{name}`", hint)
    value = context.params[name]
    if value is not None:
        # `{param: X}` alone means a word or a list of words, as if it stood there.
        _check(kind, "in" if operator == "is" and isinstance(value, list) else operator, value, node, f"`{name}`: ")
    return Constant(_frozen(value), name)


def _field_operand(kind: FieldType, node: Node, context: Context) -> FieldOf:
    name = str(node.data)
    outer = name.startswith("outer.")
    if outer and not context.outer:
        raise node.error("`outer.` means the judged fact, and stands inside `exists` and `no_such` only")
    asked, short = (context.outer if outer else context.kind), name.removeprefix("outer.")
    other = field_type(asked, short)
    if other is None:
        hint = nearest(name, [f"outer.{each}" if outer else each for each in fields_of(asked)])
        raise node.error(f"a fact of kind {asked} has no field `{short}`", hint)
    if kind.base != other.base and "setting" not in (kind.base, other.base):
        raise node.error(f"`{name}` ({other.base}) cannot be compared with {kind.base}")
    return FieldOf(short, outer)


def _check(kind: FieldType, operator: str, value: Any, node: Node, prefix: str = "") -> None:
    """Raise UserError unless the operator can take this operand of a field of this type."""
    shape = OPERATORS[operator].shape
    try:
        if shape == "flag" and not isinstance(value, bool):
            raise OperandError(f"`{operator}` needs true or false")
        if shape == "mode" and not is_mode(value):
            raise OperandError(f"`{operator}` needs a file mode in octal", 'such as "0640"')
        if shape == "list" and not isinstance(value, list):
            raise OperandError(f"`{operator}` needs a list", "[one, another]")
        if shape in ("flag", "mode"):
            return
        wanted = _TEXT if shape in ("glob", "names") else kind
        many = isinstance(value, list) and shape in ("list", "either", "glob", "names")
        for word in value if many else [value]:
            check_word(word, wanted, ordered=shape == "order")
    except OperandError as error:
        raise node.error(prefix + error.message, error.hint) from None
