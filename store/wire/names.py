"""Wire names, made from class names: ``MessagePosted`` is ``message.posted``, ``PostMessage`` is ``message.post``."""

import re


def words_of(class_name: str) -> list[str]:
    """This is the class name's words, in lower case."""
    return [word.lower() for word in re.findall(r"[A-Z][a-z0-9]*", class_name)]


def event_name(class_name: str) -> str:
    *noun, verb = words_of(class_name)
    return f"{'_'.join(noun)}.{verb}"


def command_name(class_name: str) -> str:
    verb, *noun = words_of(class_name)
    return f"{'_'.join(noun)}.{verb}"
