"""Audits: what is looked at on any page, whatever is on it."""

from functools import cache
from pathlib import Path
from typing import Any

from playwright.async_api import Page

from web.words.translations import read_catalogue

CLIENT = Path(__file__).parents[2] / "web" / "client"

WIDER = """() => {
    const page = document.documentElement;
    if (page.scrollWidth <= page.clientWidth) return [];
    return [...document.querySelectorAll("body *")]
        .filter((element) => element.getBoundingClientRect().right > page.clientWidth + 1)
        .map((element) => element.outerHTML.slice(0, 120)).slice(0, 5);
}"""

TEXTS = """() => {
    const texts = [document.title];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        if (!walker.currentNode.parentElement.closest("script, style")) texts.push(walker.currentNode.data);
    }
    for (const name of ["aria-label", "placeholder", "title", "data-tip"]) {
        for (const element of document.querySelectorAll(`[${name}]`)) texts.push(element.getAttribute(name));
    }
    return texts.map((text) => text.trim().replace(/\\s+/g, " "));
}"""


# Colours cross over from parent to child, a frame each; only what stands still is judged. A page that the browser
# doesn't paint has no frames, and some never rests: neither is waited for.
AT_REST = """async () => {
    const moment = () => new Promise((done) => setTimeout(done, 100));
    const frame = () => Promise.race([new Promise(requestAnimationFrame), moment()]);
    for (let frames = 0; frames < 100; frames += 1) {
        await frame();
        if (!document.getAnimations().some((animation) => animation instanceof CSSTransition)) return;
    }
}"""


async def violations(page: Page, *rules: str) -> list[str]:
    """These are the serious and critical breaches of the rules of accessibility, of all or only some."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(_axe())
    await page.evaluate(AT_REST)
    options = {"resultTypes": ["violations"]} | ({"runOnly": rules} if rules else {})
    results: dict[str, Any] = await page.evaluate("(options) => axe.run(options)", options)
    return [
        f"{rule['id']}: {node['html'][:200]} {node['failureSummary'][:300]}"
        for rule in results["violations"]
        if rule["impact"] in {"serious", "critical"}
        for node in rule["nodes"]
    ]


async def wider_than_the_window(page: Page) -> list[str]:
    """These are the elements for which one must scroll sideways."""
    found: list[str] = await page.evaluate(WIDER)
    return found


async def untranslated(page: Page, language: str) -> list[str]:
    """These are the English texts on the page that the language's catalogue has words for."""
    known = _translated(language)
    return [text for text in await page.evaluate(TEXTS) if text in known]


@cache
def _axe() -> str:
    return (CLIENT / "node_modules" / "axe-core" / "axe.min.js").read_text()


@cache
def _translated(language: str) -> frozenset[str]:
    return frozenset(
        message.id
        for message in read_catalogue(language)
        if isinstance(message.id, str) and message.id and message.string and message.string != message.id
    )
