"""Devices: a browser's long name for itself, in two words that its owner knows it by."""

BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def device(agent: str) -> str:
    """This is a user agent as people say it: Firefox · Windows."""
    known = [name for names in (BROWSERS, SYSTEMS) if (name := _first(names, agent))]
    return " · ".join(known) or agent.split("/", maxsplit=1)[0][:40] or "?"


def _first(names: tuple[tuple[str, str], ...], agent: str) -> str | None:
    return next((name for sign, name in names if sign in agent), None)
