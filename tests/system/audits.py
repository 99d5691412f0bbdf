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

# What is seen on a screen of some width for the first time; of several things that lie in each other, the outermost.
SEEN = """() => {
    window.seenBefore ??= new WeakSet();
    const visible = (element) => element.checkVisibility({visibilityProperty: true});
    const fresh = [...document.querySelectorAll("body *")].filter((one) => visible(one) && !seenBefore.has(one));
    window.seenOnlyHere = fresh.filter((one) => !fresh.includes(one.parentElement));
    fresh.forEach((one) => seenBefore.add(one));
    return seenOnlyHere.length;
}"""
ALL, ONLY_HERE = "document", "{include: seenOnlyHere}"
OF_COLOUR = ("color-contrast", "link-in-text-block")


async def faults(page: Page, *widths: int) -> list[str]:
    """These are the faults of a page on screens of some widths, light and dark.

    Where it is first looked at, all rules are judged in the light and those of colour in the dark too; at the other
    widths what is seen there alone; and at each whether one must scroll sideways.
    """
    found: list[str] = []
    for width in widths:
        await page.set_viewport_size({"width": width, "height": 900})
        await page.emulate_media(color_scheme="light")
        found += [f"{width} is wider: {wide}" for wide in await wider_than_the_window(page)]
        await page.evaluate(AT_REST)
        of = ONLY_HERE if width != widths[0] else ALL
        if await page.evaluate(SEEN) or of == ALL:
            found += [f"{width} light: {broken}" for broken in await violations(page, of=of)]
            await page.emulate_media(color_scheme="dark")
            found += [f"{width} dark: {broken}" for broken in await violations(page, *OF_COLOUR, of=of)]
    return found


async def violations(page: Page, *rules: str, of: str = ALL) -> list[str]:
    """These are the serious and critical breaches of the rules of accessibility, of all or only some."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(_axe())
    await page.evaluate(AT_REST)
    options = {"resultTypes": ["violations"]} | ({"runOnly": rules} if rules else {})
    results: dict[str, Any] = await page.evaluate(f"(options) => axe.run({of}, options)", options)
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
