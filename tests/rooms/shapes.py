"""Texts that cost much wherever something looks through the rest of a text at each of its signs."""

from functools import cache

LONGEST = 20_000

REPEATED = [
    "[", "![", "[://", "https://", "http://a.b ", "http://a ", ":", "@", "a@", "a@b.c ", "w", "www.", "www.a ", "*",
    "**a ", "*_", "_a*b ", "`", "`a``b```c````d", "~~a", "<", "<a:", "<a ", "&amp;", "&#1;", "\\", ">", "> ", "> a\n",
    "- ", "- a\n", "-\n", "1. ", "* * ", "#", "# a\n", "# \n", "|\n", "a|b\n-|-\n",
    "[a](", "[a](b ", "[](x)", "[[]", "]",
    "[a]:", "[a]: b\n", "!", "a\n", "a  \n", "    a\n", "```\n", "~~~\n", "(", "http://(", "[a](<", "[a](\\", "\t",
    "\n",
    "  - a\n", "a*a*", "***a** b* ", "[x][y]", "mailto:a", "mailto:a@b.c ", "xmpp:", "https:", "&", "<!--", "<!---->",
    "<a@b>", "<http://a", '[a](b "', "__a__b", "@x", "x@[", "\u0219", "a\u0301", "@\u0219 ", "@person 1", "\u202e",
    "\u0301\u0316", "\ufdfa",
    "00000000-0000-0000-0000-", "@[00000000-0000-0000-0000-000000000000]",
]  # fmt: skip


@cache
def costly_shapes(longest: int = LONGEST) -> list[tuple[str, str]]:
    """These are such texts, each as long as a message may be, with a name."""
    shapes = {sign: sign * (longest // len(sign) + 1) for sign in REPEATED}
    shapes["identifiers"] = " ".join(f"{number:08x}-0000-0000-0000-" for number in range(longest // 25))
    shapes["wide table"] = "|" + "a|" * 200 + "\n|" + "-|" * 200 + "\n" + "x\n" * longest
    shapes["long table"] = "|" + "a|" * 10 + "\n|" + "-|" * 10 + "\n" + "x\n" * longest
    wide = "|" + "a|" * 50 + "\n|" + "-|" * 50 + "\nx" * 16
    shapes["many tables"] = (wide + "\n\n" + "p" * 250 + "\n\n") * (longest // 482 + 1)
    shapes["deep quotes"] = "".join(">" * (row % 20 + 1) + " a\n" for row in range(longest // 10))
    shapes["deep lists"] = "".join("  " * (row % 20) + "- a\n" for row in range(longest // 20))
    shapes["rising ticks"] = "".join("`" * run + " " for run in range(1, 210))
    shapes["nested links"] = "[" * (longest // 3) + "a" + "](b)" * (longest // 6)
    shapes["emphasis"] = "*" * (longest // 2) + "a" + "*" * (longest // 2)
    return [(repr(name), text[:longest]) for name, text in shapes.items()]
