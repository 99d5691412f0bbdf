"""The report: a table on the screen, JSON, a chart, and the part of docs/performance.md that is made by a run."""

import json
import math
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal
from xml.sax.saxutils import escape

from rich.console import Console
from rich.table import Table

DOCS = Path(__file__).parents[1] / "docs"
PAGE = DOCS / "performance.md"
CHART = DOCS / "images" / "performance.svg"
DATA = DOCS / "performance.json"
BEGIN = "<!-- Made by `make bench`: change bench/report.py instead. -->"
END = "<!-- The end of what `make bench` makes. -->"


@dataclass(frozen=True)
class Aim:
    """What a figure must reach."""

    side: Literal["<=", ">="]
    value: float

    def is_met(self, value: float) -> bool:
        return value <= self.value if self.side == "<=" else value >= self.value

    def __str__(self) -> str:
        return f"{'≤' if self.side == '<=' else '≥'} {self.value:g}"


@dataclass(frozen=True)
class Figure:
    """One row: the median of a measure's repeats."""

    what: str
    value: float
    unit: str
    repeats: list[float]
    aim: Aim | None

    @property
    def shown(self) -> str:
        return f"{number(self.value)} {self.unit}"

    @property
    def spread(self) -> str:
        return f"{number(min(self.repeats))} – {number(max(self.repeats))}" if len(self.repeats) > 1 else ""

    @property
    def verdict(self) -> str:
        if self.aim is None or math.isnan(self.value):
            return ""
        return "met" if self.aim.is_met(self.value) else "missed"


def number(value: float) -> str:
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


@dataclass
class Section:
    """A measure and what it gave."""

    name: str
    about: str
    figures: list[Figure]


def show(sections: list[Section]) -> None:
    table = Table("measure", "what", "median", "from – to", "aim", "")
    for section in sections:
        for figure in section.figures:
            style = {"met": "green", "missed": "red"}.get(figure.verdict, "")
            aim = str(figure.aim or "")
            table.add_row(section.name, figure.what, figure.shown, figure.spread, aim, figure.verdict, style=style)
    Console(width=150).print(table)


def as_json(sections: list[Section], machine: dict[str, str], settings: dict[str, Any]) -> str:
    return json.dumps(
        {"machine": machine, "settings": settings, "measures": [asdict(section) for section in sections]},
        indent=1,
        ensure_ascii=False,
    )


def write(sections: list[Section], machine: dict[str, str], settings: dict[str, Any]) -> None:
    """Put a run's figures into the documents; measures that weren't run keep the figures that they had."""
    kept = _before()
    fresh = {section.name: section for section in sections}
    order = [*kept, *(name for name in fresh if name not in kept)]
    merged = [fresh.get(name) or kept[name] for name in order]
    DATA.write_text(as_json(merged, machine, settings) + "\n")
    CHART.write_text(chart(merged))
    before, _, rest = PAGE.read_text().partition(BEGIN)
    after = rest.partition(END)[2]
    PAGE.write_text(before + BEGIN + "\n\n" + _tables(merged, machine, settings) + "\n" + END + after)


def _before() -> dict[str, Section]:
    if not DATA.exists():
        return {}
    sections = {}
    for section in json.loads(DATA.read_text())["measures"]:
        figures = [
            Figure(**(figure | {"aim": Aim(**figure["aim"]) if figure["aim"] else None}))
            for figure in section["figures"]
        ]
        sections[section["name"]] = Section(section["name"], section["about"], figures)
    return sections


def _tables(sections: list[Section], machine: dict[str, str], settings: dict[str, Any]) -> str:
    lines = [f"Seen on {machine['processor']}, {machine['memory']}, {machine['system']}, Python {machine['python']};"]
    lines += [
        f"{settings['repeats']} repeats of {settings['seconds']:g} s; its load before was {machine['load before']}."
    ]
    lines += ["", "![Each aim, and how far the hub is past it](images/performance.svg)", ""]
    for section in sections:
        lines += [
            f"### `{section.name}`",
            "",
            section.about,
            "",
            "| | median | from – to | aim | |",
            "|---|---|---|---|---|",
        ]
        for figure in section.figures:
            aim = figure.aim or ""
            lines.append(f"| {figure.what} | {figure.shown} | {figure.spread} | {aim} | {figure.verdict} |")
        lines.append("")
    return "\n".join(lines)


def chart(sections: list[Section]) -> str:
    """This is each figure that has an aim as a bar: 1 is the aim, more is better, on a logarithmic scale."""
    bars = []
    for section in sections:
        for figure in section.figures:
            if figure.aim and figure.value > 0 and math.isfinite(figure.value):
                past = figure.value / figure.aim.value
                bars.append((f"{section.name}: {figure.what}", past if figure.aim.side == ">=" else 1 / past, figure))
    left, width, height = 400, 320, 24
    middle = left + width / 2
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {left + width + 150} {len(bars) * height + 40}" '
        'font-family="system-ui, sans-serif" font-size="12">',
        "<style>text{fill:#333}.met{fill:#2f9e44}.missed{fill:#e8590c}.axis{stroke:#888}"
        "@media(prefers-color-scheme:dark){text{fill:#ddd}}</style>",
    ]
    for nr, (what, past, figure) in enumerate(bars):
        y = nr * height + 8
        length = max(-1.0, min(1.0, math.log2(past) / 3)) * width / 2
        x = middle + min(0.0, length)
        out.append(f'<text x="{left - 8}" y="{y + 13}" text-anchor="end">{escape(what)}</text>')
        out.append(
            f'<rect class="{figure.verdict}" x="{x:.0f}" y="{y}" width="{abs(length) + 1:.0f}" height="17" rx="2"/>'
        )
        said = escape(f"{figure.shown} (aim {figure.aim})")
        out.append(f'<text x="{max(middle, middle + length) + 6:.0f}" y="{y + 13}">{said}</text>')
    bottom = len(bars) * height + 12
    out.append(f'<line class="axis" x1="{middle}" x2="{middle}" y1="2" y2="{bottom}"/>')
    out.append(f'<text x="{middle}" y="{bottom + 18}" text-anchor="middle">aim; to the right is better</text></svg>')
    return "\n".join(out) + "\n"
