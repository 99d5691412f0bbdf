"""Forms as a page drew them: what a browser would send if nobody typed anything."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

NOT_SENT = {"submit", "button", "image", "reset", "file"}


@dataclass
class DrawnForm:
    action: str
    method: str = "get"
    fields: list[tuple[str, str]] = field(default_factory=list)
    needs: bool = False
    """Whether a browser wouldn't send it so: something that is required is empty."""
    asks_password: bool = False
    takes_files: bool = False

    @property
    def command(self) -> str:
        named = dict(self.fields).get("command", "")
        return named or self.action.partition("?")[0].partition("#")[0].rpartition("/do/")[2]

    def data(self) -> dict[str, list[str]]:
        sent: dict[str, list[str]] = {}
        for name, value in self.fields:
            sent.setdefault(name, []).append(value)
        return sent


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[DrawnForm] = []
        self._open: DrawnForm | None = None
        self._area: tuple[str, bool] | None = None
        self._select: tuple[str, bool] | None = None
        self._options: list[tuple[str, bool]] = []
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = DrawnForm(given.get("action", ""), given.get("method", "get").lower())
            self._open.takes_files = "multipart" in given.get("enctype", "")
            self.forms.append(self._open)
        if self._open is None or "disabled" in given:
            return
        name, required = given.get("name", ""), "required" in given
        if tag == "input" and name:
            self._input(given, name, required)
        elif tag == "textarea" and name:
            self._area, self._text = (name, required), ""
        elif tag == "select" and name:
            self._select, self._options = (name, required), []
        elif tag == "option" and self._select:
            self._options.append((given.get("value", ""), "selected" in given))

    def _input(self, given: dict[str, str], name: str, required: bool) -> None:
        assert self._open is not None
        kind = given.get("type", "text")
        if kind in NOT_SENT or (kind in ("checkbox", "radio") and "checked" not in given):
            self._open.needs |= required and kind == "file"
            return
        self._open.asks_password |= kind == "password" and required
        self._put(name, given.get("value", "on" if kind in ("checkbox", "radio") else ""), required)

    def _put(self, name: str, value: str, required: bool) -> None:
        assert self._open is not None
        self._open.needs |= required and not value
        self._open.fields.append((name, value))

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "textarea" and self._area and self._open:
            self._put(self._area[0], self._text.removeprefix("\n"), self._area[1])
            self._area = None
        elif tag == "select" and self._select and self._open:
            chosen = [value for value, selected in self._options if selected] or [v for v, _ in self._options[:1]]
            for value in chosen[:1]:
                self._put(self._select[0], value, self._select[1])
            self._select = None


def drawn_forms(page: str) -> list[DrawnForm]:
    """These are the forms of a page that are posted."""
    reader = _Reader()
    reader.feed(page)
    return [form for form in reader.forms if form.method == "post"]
