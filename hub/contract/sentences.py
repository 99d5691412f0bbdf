"""What the browser says of events, as TypeScript: the sentences that are declared beside the events."""

import json
from collections.abc import Iterator
from typing import Any

from hub.parts import NOTICES, TIMELINE
from store.sentences import Condition, Fact, FromEvent, Is, Named, Otherwise, Same, Say, Sentence, Sentences, Source

HEAD = """/** What is said of events. Made from the server's `sentences.py` by `python -m hub.contract`. */
import type { Sentences } from "./models/sentences";

/** Marks a text for the catalogue; it is translated where it is said. */
const t = (text: string): string => text;

/** How what stands in an event is read. */
export type Reading = %(readings)s;

/** What one can ask a timeline for, in the order in which it is offered. */
export const KINDS = {
%(kinds)s};
"""


def sentences() -> str:
    """This is the whole module."""
    kinds = "".join(f"  {kind}: t({json.dumps(called)}),\n" for kind, called in TIMELINE.kinds.items())
    return HEAD % {"kinds": kinds, "readings": _readings(TIMELINE)} + "".join(
        f"\nexport const {name}: Sentences = {_table(table)};\n"
        for name, table in (("TIMELINE", TIMELINE), ("NOTICES", NOTICES))
    )


def _readings(table: Sentences) -> str:
    sources = (source for sources in table.blanks.values() for source in sources if isinstance(source, FromEvent))
    named = {source.reading for source in sources if isinstance(source.reading, str)}
    return " | ".join(map(json.dumps, sorted(named - {"text"})))


def _table(table: Sentences) -> str:
    blanks = _object({name: _array(map(_source, sources)) for name, sources in table.blanks.items()}, "    ")
    events = _object({json.dumps(name): _sentence(each) for name, each in table.items()}, "    ")
    return _object({"blanks": blanks, "events": events}, "  ")


def _sentence(sentence: Sentence) -> str:
    says = "".join(f"        {_say(say, sentence.icon)},\n" for say in sentence.says)
    fact = f"      fact: {_fact(sentence.fact)},\n" if sentence.fact else ""
    return f"{{\n      kind: {json.dumps(sentence.kind)},\n      says: [\n{says}      ],\n{fact}    }}"


def _say(say: Say, icon: str) -> str:
    fields = [f"pattern: t({json.dumps(say.pattern, ensure_ascii=False)})", f"icon: {json.dumps(say.icon or icon)}"]
    if say.conditions:
        fields.append(f"when: {_array(map(_condition, say.conditions))}")
    return f"{{ {', '.join(fields)} }}"


def _fact(fact: Fact) -> str:
    fields = [f"thing: {json.dumps(fact.of.thing)}", f"at: {json.dumps(fact.at)}"]
    if fact.by:
        fields.append(f"by: {json.dumps(fact.by)}")
    if fact.shorter:
        fields.append(f"shorter: t({json.dumps(fact.shorter, ensure_ascii=False)})")
    return f"{{ {', '.join(fields)} }}"


def _condition(condition: Condition) -> str:
    if isinstance(condition, Is):
        return json.dumps(["is", condition.path, condition.value])
    return json.dumps(["same" if isinstance(condition, Same) else "differs", condition.path, condition.other])


def _source(source: Source) -> str:
    if isinstance(source, FromEvent):
        return _array(map(json.dumps, (source.path, _reading(source.reading))))
    text = json.dumps(source.text, ensure_ascii=False)
    said = f"t({text})" if _has_letters(source) else text
    return f'[{json.dumps(source.path)}, "otherwise", {said}]'


def _reading(reading: str | Named) -> str | dict[str, Any]:
    if isinstance(reading, str):
        return reading
    return {"things": reading.things, "field": reading.field, **({"builtIn": True} if reading.built_in else {})}


def _has_letters(source: Otherwise) -> bool:
    return any(sign.isalpha() for sign in source.text)


def _array(parts: "Iterator[str] | map[str]") -> str:
    return f"[{', '.join(parts)}]"


def _object(fields: dict[str, str], indent: str) -> str:
    return "{\n" + "".join(f"{indent}{name}: {value},\n" for name, value in fields.items()) + f"{indent[2:]}}}"
