"""Texts of commands: one line has no sign that ends it, turns it round, or means something to a mail program."""

from collections.abc import Iterator
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from annotated_types import MaxLen
from pydantic import ValidationError
from pydantic.fields import FieldInfo

from clients.notes import AddCompanyNote
from commands.faults import MOST_FAULTS, read_command
from hub.contract.classes import ASKED
from hub.parts import VERBS
from people.installation.registrations import RegisterBusiness
from people.mail.mail_settings import ChangeMailSettings
from people.persons.own_accounts import ChangeAccount
from people.persons.persons import AddPerson
from people.signing.access import ChangePassword
from rooms.wall.messages import PostMessage
from staff.employees.records import ChangeEmployee
from store.commands import Command, catalogue
from store.errors import Invalid
from store.texts.texts import LONGEST_LINE, MOST, Signs, signs_of
from tests.costs import cost

COMMANDS: tuple[type[Command], ...] = (
    *(entry.command for entry in catalogue(VERBS).values()),
    *ASKED.values(),
    RegisterBusiness,
)
ENCODED = ("=?utf-8?q?=0d=0aContent-Type:text/html=0d=0a=0d=0a<h1>Pay here</h1>?=", "Nord =?UTF-8?B?DQpYOnk=?= SRL")
UNSEEN = ("a\nb", "a\r\nb", "a\tb", "a\x1bb", "a\x7fb", "a\x85b", "a\u2028b", "a\u202eb", "a\u2066b", "\x1ca")
NAMES = {"name", "title", "business_name", "surname", "first_name", "patronymic", "position", "role", "phone", "email"}
NOTHING_SHOWN = ("\u200b", "\u3164", " \u2800 ", "\u115f\u1160", "\u00ad")
TURNED = ("a\u202eb", "a\u2066b\nc")
ROOM = "01a2250d-3f88-798d-93fb-067752ea7788"
LONG = 490_000
"""So many signs of two bytes, or numbers, does the longest request have."""


def deep(value: Any, times: int) -> Any:
    for _time in range(times):
        value = [value]
    return value


WITHOUT_END: dict[str, Any] = {
    "deep": deep("a", 900),
    "deep and wide": deep(["a"] * (LONG // 4), 400),
    "many texts": ["ș"] * (LONG // 3),
    "many numbers": [0] * LONG,
    "many lists": [[]] * (LONG // 2),
    "long": "ș" * LONG,
    "marks": "a" + "\u0301\u0316" * (LONG // 2),
    "many names": {str(number): 0 for number in range(LONG // 5)},
}


def fields(signs: Signs) -> list[Any]:
    """The fields of all commands that hold texts with these signs."""
    return [
        pytest.param(command, name, field, id=f"{command.wire_name}.{name}")
        for command in COMMANDS
        for name, field in command.model_fields.items()
        if signs_of(field) is signs and "str" in str(field.annotation)
    ]


def refusals(command: type[Command], name: str, value: Any) -> set[str]:
    """Why a field is refused, whatever else the command lacks."""
    try:
        command.model_validate({name: value})
    except ValidationError as error:
        return {str(fault.get("ctx", {}).get("error", "")) for fault in error.errors() if fault["loc"][0] == name}
    return set()


def valued(field: FieldInfo, text: str) -> Any:
    return [text] if "list" in str(field.annotation) else text


@pytest.mark.parametrize(("command", "name", "field"), fields(Signs.ONE_LINE))
def test_every_field_of_one_line_refuses_what_isn_t_one(command: type[Command], name: str, field: FieldInfo) -> None:
    for text in (*UNSEEN, *NOTHING_SHOWN):
        assert any("one line" in why for why in refusals(command, name, valued(field, text))), text
    for text in ENCODED:
        assert any("mail programs" in why for why in refusals(command, name, valued(field, text))), text


@pytest.mark.parametrize(("command", "name", "field"), fields(Signs.LINES))
def test_no_lines_turn_the_words_of_others_round(command: type[Command], name: str, field: FieldInfo) -> None:
    for text in TURNED:
        assert any("isn't allowed" in why for why in refusals(command, name, valued(field, text))), text


@pytest.mark.parametrize(("command", "name", "field"), fields(Signs.LINES) + fields(Signs.AS_TYPED))
def test_only_a_longer_text_has_several_lines(command: type[Command], name: str, field: FieldInfo) -> None:
    assert name not in NAMES or signs_of(field) is Signs.AS_TYPED
    for text in (*UNSEEN, *ENCODED):
        whys = refusals(command, name, valued(field, text))
        assert not any("one line" in why or "mail programs" in why for why in whys), text
    assert any("isn't allowed" in why for why in refusals(command, name, valued(field, "a\x00b")))


def test_what_people_write_stays_allowed() -> None:
    for name in ("Ștefan", "Мар’яна", "👩‍👧 Ana", "نورا\u200f", "a =? b", "x ?= y", "1 + 1 =?", " Ana\n"):
        assert ChangeAccount(name=name).name == name.strip()


def test_letters_are_of_one_form_in_lines_and_in_lists_too() -> None:
    apart, one = "Te\u0302te", "T\u00eate"
    fields = {"person_id": ROOM, "notes": f"{apart}\n{apart}", "messengers": [f"Signal: {apart}"]}
    card = ChangeEmployee.model_validate(fields)
    assert (card.notes, card.messengers) == (f"{one}\n{one}", [f"Signal: {one}"])
    assert PostMessage(room_id=UUID(ROOM), body=apart).body == apart, "taken as it was typed"


def test_a_company_s_note_is_taken_as_it_was_typed_but_not_blank() -> None:
    note = {"company_id": ROOM, "body": "    code\n\ntext\n"}
    assert AddCompanyNote.model_validate(note).body == note["body"]
    assert refusals(AddCompanyNote, "body", " \n\t") == {"This is required."}


def test_registering_and_the_sender_are_held_to_it_too() -> None:
    for command, field in ((RegisterBusiness, "business_name"), (RegisterBusiness, "name"), (AddPerson, "name")):
        assert refusals(command, field, ENCODED[0])
    assert refusals(ChangeMailSettings, "sender_name", "Hub\r\nBcc: all@firm.example")


def test_passwords_are_taken_as_they_were_typed() -> None:
    typed = " a long password, \t=?utf-8?q?x?= "
    assert ChangePassword(old_password=typed, new_password=typed).new_password == typed


def test_a_message_may_have_what_a_title_may_not() -> None:
    body = "Look:\n\n\t=?utf-8?q?x?="
    assert PostMessage.model_validate({"room_id": ROOM, "body": body}).body == body


def all_fields() -> list[Any]:
    return [
        pytest.param(command, name, id=f"{command.wire_name}.{name}")
        for command in COMMANDS
        for name in command.model_fields
    ]


@pytest.mark.parametrize(("command", "name"), all_fields())
def test_what_is_sent_is_refused_or_taken_before_anybody_waits_for_it(command: type[Command], name: str) -> None:
    """In processor time: all who are here share one loop, and it is read there."""
    for kind, value in WITHOUT_END.items():
        assert cost(partial(_is_refused, command, {name: value, "unheard_of": 1}), enough=0.05) <= 0.05, kind


def _is_refused(command: type[Command], fields: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        read_command(command, fields)


def test_a_command_of_more_fields_than_any_has_is_refused_as_one() -> None:
    with pytest.raises(Invalid) as refused:
        read_command(ChangeAccount, WITHOUT_END["many names"])
    assert refused.value.fields == {"fields": "That's too many."}


def lists(schema: Any) -> Iterator[dict[str, Any]]:
    """The lists in a JSON Schema, wherever they are."""
    parts = schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ()
    if isinstance(schema, dict) and schema.get("type") == "array":
        yield schema
    for part in parts:
        yield from lists(part)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.wire_name)
def test_every_list_says_how_many_it_takes(command: type[Command]) -> None:
    for found in lists(command.model_json_schema()):
        assert found.get("maxItems", MOST + 1) <= MOST


def test_only_some_of_what_is_wrong_is_said() -> None:
    with pytest.raises(Invalid) as refused:
        read_command(PostMessage, {"attachments": [[]] * 20, **dict.fromkeys("abcdefghij", 0)})
    assert len(refused.value.fields) == MOST_FAULTS
    assert "attachments.0" in refused.value.fields


@pytest.mark.parametrize(("command", "name", "field"), fields(Signs.ONE_LINE))
def test_no_line_may_be_longer_than_what_is_looked_at(command: type[Command], name: str, field: FieldInfo) -> None:
    for limit in (each.max_length for each in field.metadata if isinstance(each, MaxLen)):
        assert limit <= (MOST if "list" in str(field.annotation) else LONGEST_LINE)
    assert refusals(command, name, valued(field, "a" * (LONGEST_LINE + 1))) == {"This is too long."}
