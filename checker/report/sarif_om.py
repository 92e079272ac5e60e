"""The one place that touches the library ``sarif_om``: typed constructors for what our logs hold, and plain data.

The library is generated from a draft of the schema, checks nothing, and its own encoder is slow and drops a level
of ``warning``, which then means the level of the rule. So objects become plain data here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NewType

import attr
import sarif_om as om  # type: ignore[import-untyped]  # the library has no types; this module gives it some

from checker.source import Span

Node = NewType("Node", object)
"""An object of the library."""

Level = Literal["error", "warning", "note"]

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def location(address: Node, span: Span, *, text: str = "", number: int | None = None, subject: str = "") -> Node:
    """Return a stretch of a file, with what is said of it, its number for links, and what it belongs to."""
    region = om.Region(
        start_line=span.line, start_column=span.column, end_line=span.end_line, end_column=span.end_column
    )
    return Node(
        om.Location(
            id=-1 if number is None else number,
            message=om.Message(text=text) if text else None,
            physical_location=om.PhysicalLocation(artifact_location=address, region=region),
            logical_locations=[om.LogicalLocation(fully_qualified_name=subject)] if subject else None,
        )
    )


def address(uri: str, index: int = -1) -> Node:
    """Return where an artifact is, and its index in the run."""
    return _told(om.ArtifactLocation(uri=uri, index=index))


def artifact(where: Node, length: int, sha256: str) -> Node:
    """Return a file that was read."""
    return Node(om.Artifact(location=where, length=length, hashes={"sha-256": sha256}, roles=["analysisTarget"]))


def code_flow(steps: Sequence[Node]) -> Node:
    """Return the way of a value through some places, the decisive one last."""
    last = len(steps) - 1
    locations = [
        om.ThreadFlowLocation(
            location=step, execution_order=at + 1, importance="essential" if at == last else "important"
        )
        for at, step in enumerate(steps)
    ]
    return Node(om.CodeFlow(thread_flows=[om.ThreadFlow(locations=locations)]))


def rule(  # noqa: PLR0913 - as many as the object has properties
    rule_id: str,
    *,
    name: str,
    title: str,
    why: str,
    help_text: str,
    help_markdown: str,
    help_uri: str | None,
    level: Level,
    rank: float | None,
    properties: Mapping[str, object],
) -> Node:
    """Return the metadata of a rule."""
    return Node(
        om.ReportingDescriptor(
            id=rule_id,
            name=name,
            short_description=om.MultiformatMessageString(text=title),
            full_description=om.MultiformatMessageString(text=why),
            help=om.MultiformatMessageString(text=help_text, markdown=help_markdown),
            help_uri=help_uri,
            default_configuration=om.ReportingConfiguration(level=level, rank=-1.0 if rank is None else rank),
            properties=dict(properties),
        )
    )


def result(  # noqa: PLR0913 - as many as the object has properties
    rule_id: str,
    rule_index: int,
    *,
    level: Level,
    rank: float | None,
    message: str,
    place: Node,
    related: Sequence[Node],
    flow: Node | None,
    fingerprints: Mapping[str, str],
    since: Literal["new", "unchanged"] | None,
    properties: Mapping[str, object],
) -> Node:
    """Return one finding; ``since`` says what it is against the revision that the run compares with."""
    return _told(
        om.Result(
            rule_id=rule_id,
            rule_index=rule_index,
            level=level,
            rank=-1.0 if rank is None else rank,
            message=om.Message(text=message),
            locations=[place],
            related_locations=list(related) or None,
            code_flows=[flow] if flow else None,
            partial_fingerprints=dict(fingerprints),
            baseline_state=since,
            properties=dict(properties),
        )
    )


def notification(level: Level, text: str, place: Node | None) -> Node:
    """Return something that the reader must know of the run itself."""
    return Node(om.Notification(level=level, message=om.Message(text=text), locations=[place] if place else None))


def log(  # noqa: PLR0913 - as many as the object has properties
    *,
    version: str,
    language: str,
    rules: Sequence[Node],
    results: Sequence[Node],
    artifacts: Sequence[Node],
    notifications: Sequence[Node],
    exit_status: int,
    exit_cause: str,
    category: str,
    properties: Mapping[str, object],
) -> dict[str, Any]:
    """Return the log of one run as plain data."""
    driver = om.ToolComponent(
        name="mailposture", semantic_version=version, version=version, language=language, rules=list(rules)
    )
    invocation = om.Invocation(
        execution_successful=exit_status in (0, 1),
        exit_code=exit_status,
        exit_code_description=exit_cause,
        tool_execution_notifications=list(notifications),
    )
    run = om.Run(
        tool=om.Tool(driver=driver),
        language=language,
        column_kind="unicodeCodePoints",
        invocations=[invocation],
        artifacts=list(artifacts),
        results=list(results),
        automation_details=om.RunAutomationDetails(id=f"{category}/") if category else None,
        properties=dict(properties),
    )
    data: dict[str, Any] = _plain(om.SarifLog(schema_uri=SCHEMA, version="2.1.0", runs=[run]))
    return data


_KEPT = frozenset({(om.Result, "level"), (om.ReportingConfiguration, "level"), (om.Notification, "level")})
"""What is written even where it is the default: absent it would mean the level of the rule."""

_Plan = dict[str, tuple[str, object]]
_plans: dict[type, _Plan] = {}


class _Plain(dict[str, Any]):
    """What is plain data already: since many objects share it, or so that its objects need not be kept."""


def _told(node: object) -> Node:
    return Node(_Plain(_plain(node)))


def _plain(node: Any) -> Any:
    """Return an object of the library as plain data, without what is absent or the default of the schema."""
    kind = type(node)
    if kind in _SCALARS or kind is _Plain:
        return node
    if kind is list:
        return [_plain(each) for each in node]
    if kind is dict:
        return {key: _plain(each) for key, each in node.items()}
    plan = _plans.get(kind) or _plans.setdefault(kind, _plan_of(kind))
    data = {}
    for name, value in vars(node).items():
        if value is None:
            continue
        key, default = plan[name]
        if type(value) not in _SCALARS:
            if type(value) is not type(default) or value != default:
                data[key] = _plain(value)
        elif value != default:
            data[key] = value
    return data


_SCALARS = frozenset({str, int, float, bool})


def _plan_of(kind: type) -> _Plan:
    """Return the name in the log and the default of each attribute of a class."""
    return {
        each.name: (each.metadata["schema_property_name"], None if (kind, each.name) in _KEPT else _default(each))
        for each in attr.fields(kind)
    }


def _default(attribute: attr.Attribute[Any]) -> object:
    default: Any = attribute.default
    if default is attr.NOTHING:
        return None
    return default.factory() if isinstance(default, attr.Factory) else default  # type: ignore[arg-type]  # a class at run time
