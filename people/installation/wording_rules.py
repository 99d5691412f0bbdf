"""What a translation must keep: the blanks of its text, and as many forms as its language has."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from babel.messages.plurals import get_plural

from people.installation.interface_texts import Text, texts
from store.errors import _


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a form of a text can't be so: as said beside the form, and as said of lines of a file."""

    said: str
    in_file: str
    signs: str = ""
    count: int = 0

    @property
    def params(self) -> dict[str, Any]:
        return {"signs": self.signs, "count": self.count}


BLANK = re.compile(r"%\(\w+\)[sd]|\{\w+\}")


STRAY = re.compile(r'%+|[{}<>"]')


def blanks_lost(source: str | Sequence[str], translation: str | Sequence[str]) -> Iterator[str]:
    """These are the blanks that a translation lacks or has too many; a singular may spell its number out."""
    sources = [source] if isinstance(source, str) else list(source)
    allowed = {blank for text in sources for blank in BLANK.findall(text)}
    for text in [translation] if isinstance(translation, str) else translation:
        found = set(BLANK.findall(text))
        if found - allowed or (len(sources) == 1 and found != allowed):
            yield ", ".join(sorted(found ^ allowed))


def faults_of(text: Text, language: str, forms: Sequence[str]) -> Iterator[tuple[int | None, Fault]]:
    """These are the reasons why a text can't be said so, each with the number of its form."""
    wanted = 1 if text.plural is None else plural_forms(language)
    if len(forms) != wanted:
        yield None, forms_wanted(wanted)
        return
    allowed = {sign for form in text.english for sign in STRAY.findall(BLANK.sub("", form))}
    for number, form in enumerate(forms):
        if not form.strip():
            yield number, Fault(_("This is required."), _("Lines %(lines)s: a plural form is empty."))
        for blanks in blanks_lost(text.english, form):
            yield (
                number,
                Fault(
                    _("Keep the placeholders as in English: %(signs)s."),
                    _("Lines %(lines)s: keep the placeholders as in English: %(signs)s."),
                    signs=blanks,
                ),
            )
        if strays := set(STRAY.findall(BLANK.sub("", form))) - allowed:
            yield (
                number,
                Fault(
                    _("These characters aren't allowed here: %(signs)s"),
                    _("Lines %(lines)s: these characters aren't allowed there: %(signs)s"),
                    signs=" ".join(sorted(strays)),
                ),
            )


def forms_wanted(count: int) -> Fault:
    return Fault(
        _("It needs this many plural forms: %(count)s."),
        _("Lines %(lines)s: it needs this many plural forms: %(count)s."),
        count=count,
    )


def plural_forms(language: str) -> int:
    """This is how many plural forms a language has: by Atrium's own translations, or else by Babel."""
    shipped = (len(text.shipped[language]) for text in texts().values() if text.plural and language in text.shipped)
    return next(shipped, 0) or int(get_plural(language).num_plurals)
