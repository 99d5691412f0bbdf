"""Registrations where letters are sent: the e-mail is confirmed by a link before anyone can approve."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from people.installation.registration_decisions import AlreadyDecided, NotConfirmed, Waiting, registrations
from people.installation.registrations import (
    MOST_JUDGED,
    MOST_OF_EMAIL,
    MOST_OF_NETWORK,
    RegisterBusiness,
    Registration,
    RegistrationAsk,
    TooManyRegistrations,
    TooManyRegistrationsOfNetwork,
    confirm_registration,
    forget_old,
    register,
    registration_by,
)
from people.journal import JournalEntry
from people.mail import Letter
from people.mail.links import LinkDead
from people.signing.sign_in import NotAdmitted, sign_in
from people.signing.throttling import Whence
from store.database import Database
from store.errors import Invalid, Refusal
from tests.mail import MailServer, html_of, link_in, mail_server, text_of
from tests.people.installations import registered
from tests.people.mail.test_letters import working
from tests.people.offices import Office
from web.words.translations import translated

EMAIL, PASSWORD = "nadia@casa.example", "grey heron over water"
THERE = Whence("192.0.2.1", "test")
WISH = {"business_name": "Casa", "name": "Nadia", "email": EMAIL, "password": PASSWORD}


@pytest.fixture
async def mail(database: Database, office: Office) -> AsyncIterator[MailServer]:
    """Letters are sent, and anyone may register."""
    async with mail_server() as server:
        await server.set_up(database)
        await run(office, "installation.change", registration_open=True)
        yield server


async def run(office: Office, command: str, /, **fields: Any) -> Any:
    return (await office.agency.commands.run(office.root.actor, command, fields)).result


async def queue(database: Database, office: Office) -> list[Waiting]:
    async with database.reading() as tx:
        return await registrations(tx, office.root.actor)


async def secret_of(database: Database, mail: MailServer, number: int = 1) -> str:
    async with working(database):
        letter = await mail.letter_to(EMAIL, number=number)
    return link_in(letter).removeprefix("/registration/")


async def told(database: Database) -> list[str]:
    async with database.reading() as tx:
        return list(await tx.scalars(select(Letter.kind).where(Letter.email == EMAIL).order_by(Letter.id)))


async def may_sign_in(database: Database) -> str:
    """Why somebody can't sign in with what they registered; empty when they can."""
    try:
        await sign_in(database, EMAIL, PASSWORD, address="192.0.2.7", agent="test", limits=None)
    except NotAdmitted as refused:
        return str(refused.message)
    return ""


async def test_cc20_the_link_comes_before_the_yes(database: Database, office: Office, mail: MailServer) -> None:
    await registered(database, **WISH)
    (waiting,) = await queue(database, office)
    assert (waiting.standing, waiting.confirm_by) == ("unconfirmed", waiting.asked_at + timedelta(hours=48))
    with pytest.raises(NotConfirmed):
        await run(office, "registration.approve", registration_id=str(waiting.id))
    assert "Confirm your email first" in await may_sign_in(database)

    secret = await secret_of(database, mail)
    about = await registration_by(database, secret)
    assert (about.business_name, about.email) == ("Casa", EMAIL)
    assert (await queue(database, office))[0].standing == "unconfirmed", "looking at the page confirms nothing"
    await confirm_registration(database, secret, THERE)
    assert (await queue(database, office))[0].standing == "confirmed"
    assert "awaiting approval" in await may_sign_in(database)

    await run(office, "registration.approve", registration_id=str(waiting.id))
    assert await may_sign_in(database) == ""
    assert await told(database) == ["registration_confirm", "account_approved"]
    async with working(database):
        letter = await mail.letter_to(EMAIL, number=2)
    assert letter["Subject"] == "Your business is ready: Casa"
    with pytest.raises(AlreadyDecided):
        await run(office, "registration.approve", registration_id=str(waiting.id))


async def deciders_told(database: Database, office: Office) -> list[dict[str, Any]]:
    async with database.reading() as tx:
        query = select(Letter.params).where(Letter.kind == "registration_asked", Letter.person_id == office.root.id)
        return list(await tx.scalars(query))


async def test_cc20_who_decides_is_told_by_letter_once_it_can_be_decided(
    database: Database, office: Office, mail: MailServer
) -> None:
    await registered(database, **WISH)
    secret = await secret_of(database, mail)
    assert await deciders_told(database, office) == [], "whose e-mail isn't confirmed may be anybody"
    await confirm_registration(database, secret, THERE)
    assert [said["business"] for said in await deciders_told(database, office)] == ["Casa"]
    async with working(database):
        letter = await mail.letter_to("rada@atrium.example")
    assert letter["Subject"] == "Casa is waiting for your approval"
    assert f"Nadia ({EMAIL}) would like to register the business Casa here." in text_of(letter)
    assert "https://hub.example/installation/admins" in text_of(letter)
    async with database.reading() as tx:
        told_to = set(await tx.scalars(select(Letter.person_id).where(Letter.kind == "registration_asked")))
    assert told_to == {office.root.id}, "and nobody but superadmins"


async def test_cc20_without_mail_the_letter_waits(database: Database, office: Office) -> None:
    await run(office, "installation.change", registration_open=True)
    await registered(database, **WISH)
    assert [said["business"] for said in await deciders_told(database, office)] == ["Casa"]


async def test_the_link_works_once(database: Database, office: Office, mail: MailServer) -> None:
    await registered(database, **WISH)
    secret = await secret_of(database, mail)
    await confirm_registration(database, secret, THERE)
    for dead in (secret, "nobodys"):
        with pytest.raises(LinkDead):
            await registration_by(database, dead)
        with pytest.raises(LinkDead):
            await confirm_registration(database, dead, THERE)
    async with database.reading() as tx:
        assert (
            len(list(await tx.scalars(select(JournalEntry).where(JournalEntry.what == "registration_confirmed")))) == 1
        )


async def test_a_link_of_a_refused_one_is_dead(database: Database, office: Office, mail: MailServer) -> None:
    await registered(database, **WISH)
    secret = await secret_of(database, mail)
    (waiting,) = await queue(database, office)
    await run(office, "registration.refuse", registration_id=str(waiting.id))
    with pytest.raises(LinkDead):
        await confirm_registration(database, secret, THERE)


async def test_nobody_is_confirmed_by_what_another_filled_in(
    database: Database, office: Office, mail: MailServer
) -> None:
    await registered(database, **WISH | {"password": "somebody else chose this", "business_name": "Not Casa"})
    first = await secret_of(database, mail)
    await registered(database, **WISH)
    with pytest.raises(LinkDead):
        await confirm_registration(database, first, THERE)
    await confirm_registration(database, await secret_of(database, mail, 2), THERE)
    await registered(database, **WISH | {"password": "somebody else chose this", "business_name": "Not Casa"})
    (waiting,) = await queue(database, office)
    assert (waiting.business_name, waiting.standing) == ("Casa", "confirmed"), "what is confirmed stays"
    await run(office, "registration.approve", registration_id=str(waiting.id))
    assert await may_sign_in(database) == ""


async def test_unconfirmed_ones_vanish(database: Database, office: Office, mail: MailServer) -> None:
    await registered(database, **WISH)
    secret = await secret_of(database, mail)
    async with database.reading() as tx:
        asked = await tx.scalar(select(Registration.asked_at))
    assert asked
    for late, left in ((timedelta(hours=47), 1), (timedelta(hours=49), 0)):
        async with database.transaction(now=asked + late) as tx:
            await forget_old(tx)
        assert len(await queue(database, office)) == left
        assert [event.name for event in tx.stored] == ([] if left else ["registration.lapsed"])
    with pytest.raises(LinkDead):
        await confirm_registration(database, secret, THERE)


async def test_confirmed_ones_stay(database: Database, office: Office, mail: MailServer) -> None:
    await registered(database, **WISH)
    await confirm_registration(database, await secret_of(database, mail), THERE)
    async with database.transaction(now=database.clock() + timedelta(days=9)) as tx:
        await forget_old(tx)
    assert [each.standing for each in await queue(database, office)] == ["confirmed"]


async def test_without_mail_nobody_has_to_confirm(database: Database, office: Office) -> None:
    await run(office, "installation.change", registration_open=True)
    await registered(database, **WISH)
    (waiting,) = await queue(database, office)
    assert waiting.standing == "unasked"
    async with database.transaction(now=database.clock() + timedelta(days=9)) as tx:
        await forget_old(tx)
    await run(office, "registration.approve", registration_id=str(waiting.id))
    assert await told(database) == ["registration_waiting", "account_approved"]


async def test_registering_does_the_same_whoever_has_the_e_mail(
    database: Database, office: Office, mail: MailServer
) -> None:
    """What differs is found out by a worker: the answer can't give away what hasn't been looked at."""
    for email in (EMAIL, "manager@atelier.example"):
        wish = RegisterBusiness.model_validate(WISH | {"email": email})
        await register(database, wish, address="192.0.2.1")
    async with database.reading() as tx:
        assert len(list(await tx.scalars(select(RegistrationAsk.id)))) == 2
        assert await tx.scalar(select(Registration.id)) is None
    await mail.set_up(database)
    async with working(database):
        assert "already have an account" in text_of(await mail.letter_to("manager@atelier.example"))
        await mail.letter_to(EMAIL)
    async with database.reading() as tx:
        assert await tx.scalar(select(RegistrationAsk.id)) is None, "and with it the password's hash"
    assert len(await queue(database, office)) == 1


@pytest.mark.parametrize("language", ["en", "ro", "uk"])
async def test_the_letter_is_in_the_language_that_was_chosen(
    database: Database, office: Office, mail: MailServer, language: str
) -> None:
    await registered(database, **WISH, language=language)
    async with working(database):
        letter = await mail.letter_to(EMAIL)
    subject = translated(language, "Confirm your email for %(business)s") % {"business": "Casa"}
    assert letter["Subject"] == subject
    assert "Nadia" in html_of(letter)
    assert PASSWORD not in text_of(letter)


async def test_only_superadmins_see_the_queue(database: Database, office: Office, mail: MailServer) -> None:
    await registered(database, **WISH)
    async with database.reading() as tx:
        with pytest.raises(Refusal):
            await registrations(tx, office.agency.admin.actor)


async def test_registrations_are_counted_by_network_and_by_email(database: Database, office: Office) -> None:
    await run(office, "installation.change", registration_open=True)

    async def wish(email: str, address: str) -> None:
        await register(database, RegisterBusiness.model_validate(WISH | {"email": email}), address=address)

    for nr in range(MOST_OF_NETWORK):
        await wish(f"n{nr}@casa.example", f"2001:db8:1:2::{nr:x}")
    with pytest.raises(TooManyRegistrationsOfNetwork, match="registrations from your network"):
        await wish("n9@casa.example", "2001:db8:1:2:ffff::1")
    for nr in range(MOST_OF_EMAIL):
        await wish(EMAIL, f"192.0.2.{nr}")
    with pytest.raises(TooManyRegistrations, match="Check your inbox"):
        await wish(EMAIL.upper(), "192.0.2.9")


async def test_passwords_that_are_refused_use_up_no_registration(database: Database, office: Office) -> None:
    await run(office, "installation.change", registration_open=True)

    async def wish(password: str) -> None:
        given = WISH | {"email": EMAIL, "password": password}
        await register(database, RegisterBusiness.model_validate(given), address="192.0.2.1")

    for _nr in range(MOST_JUDGED - 1):
        with pytest.raises(Invalid):
            await wish("password12")
    await wish(WISH["password"])
    with pytest.raises(TooManyRegistrationsOfNetwork):  # judging a password is work, too
        await wish("password12")
