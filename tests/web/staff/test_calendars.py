"""Calendars: what they show of leave and of one's own tasks, and their secret addresses."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar
from sqlalchemy import update

from people.businesses import Business
from tests.web.houses import House
from tests.web.staff.pages import MONDAY, kind, send, shown


async def test_a_calendar_is_read_at_a_secret_address_until_it_is_renewed(house: House) -> None:
    def address(page: str) -> str:
        return "/calendar/" + page.partition("/calendar/")[2].partition('"')[0]

    await send(house, "admin", "/settings/leave", "/settings/leave", command="calendar.change", country="RO")
    await send(house, "mihai", "/leave", "/leave", command="calendar_feed.renew")
    first = address((await shown(house, "mihai", "/leave")).text)
    read = await shown(house, None, first)
    assert read.headers["content-type"].startswith("text/calendar")
    events = Calendar.from_ical(read.text).walk("VEVENT")
    assert events
    assert all("Sick" not in str(event["summary"]) for event in events)
    said = (await shown(house, "mihai", "/leave")).text.partition("Last read:")[2].partition("</p>")[0]
    assert said.strip().endswith("</relative-time>")  # short words for a time may end with a full stop of their own
    await send(house, "mihai", "/leave", "/leave", command="calendar_feed.renew")
    assert (await shown(house, None, first)).status_code == 404
    second = address((await shown(house, "mihai", "/leave")).text)
    assert (await shown(house, None, second)).status_code == 200
    await send(house, "mihai", "/leave", "/leave", command="calendar_feed.remove")
    assert (await shown(house, None, second)).status_code == 404
    assert (await shown(house, None, "/calendar/guess.ics")).status_code == 404


async def test_mc_p12_a_calendar_has_ones_own_tasks_through_ones_own_lens(own_house: House) -> None:
    agency, room = own_house.scene.agency, own_house.room
    mihai = str(agency.mihai.id)
    task = {"room_id": room, "assignee_id": mihai, "due_on": MONDAY}
    await agency.run(agency.admin, "task.create", title="Print the flyers", **task)
    await agency.run(agency.admin, "task.create", title="Count the money", audience="managers", **task)
    await agency.run(agency.admin, "task.create", title="Somebody else's", **task | {"assignee_id": str(agency.ana.id)})
    await agency.run(agency.admin, "task.create", title="Some day", **task | {"due_on": None})
    done = await agency.run(agency.admin, "task.create", title="Done already", **task)
    await agency.run(agency.mihai, "task.complete", room_id=room, task_id=done.result["id"])

    assert (await send(own_house, "mihai", "/account", "/account", command="calendar_feed.renew")).status_code == 303
    page = (await shown(own_house, "mihai", "/account")).text
    assert "from their own servers" in page
    address = "/calendar/" + page.partition("/calendar/")[2].partition('"')[0]
    read = (await shown(own_house, None, address)).text
    events = {str(event["summary"]): event for event in Calendar.from_ical(read).walk("VEVENT")}
    found = events["Print the flyers"]
    assert f"DTSTART;VALUE=DATE:{MONDAY:%Y%m%d}".encode() in found.to_ical()
    assert f"/rooms/{room}/tasks#task-" in str(found["url"])
    assert not {"Count the money", "Somebody else's", "Some day", "Done already"} & set(events)
    await agency.run(agency.admin, "member.remove", room_id=room, person_id=mihai)
    assert "flyers" not in (await shown(own_house, None, address)).text
    await send(own_house, "mihai", "/account", "/account", command="calendar_feed.remove")
    assert (await shown(own_house, None, address)).status_code == 404


async def test_a_client_has_no_calendar_of_the_team(house: House) -> None:
    assert "calendar_feed" not in (await shown(house, "client", "/account")).text
    refused = await send(house, "client", "/account", "/account", command="calendar_feed.renew")
    assert refused.status_code == 403


async def test_an_exchanged_day_and_halves_are_read_in_the_calendar(own_house: House) -> None:
    agency, settings = own_house.scene.agency, "/settings/leave"
    async with own_house.scene.database.transaction() as tx:
        await tx.execute(update(Business).values(time_zone="Europe/Bucharest"))
    today = datetime.now(UTC).date()
    monday = today + timedelta(days=7 - today.weekday())
    saturday, friday = monday + timedelta(days=5), monday + timedelta(days=11)
    exchange = {"command": "working_day.add", "day": str(saturday), "instead_of": str(friday), "name": "The fair"}
    assert (await send(own_house, "admin", settings, settings, **exchange)).status_code == 303
    again = await send(own_house, "admin", settings, settings, **exchange)
    assert again.status_code == 422
    assert "This day is already a working day." in again.text.partition('id="working-day-day-notes"')[2][:200]
    drawn = (await shown(own_house, "admin", f"{settings}?year={saturday.year}")).text
    assert f'aria-label="Remove the working day {saturday.day} ' in drawn
    month = (await shown(own_house, "mihai", f"/leave?month={saturday:%Y-%m}")).text
    assert "Working day: The fair" in month
    spans: dict[str, dict[str, Any]] = {
        "morning": {"starts_on": monday, "ends_on": monday, "ends_at_noon": True},
        "long": {"starts_on": saturday, "ends_on": saturday + timedelta(days=2), "starts_at_noon": True},
        "whole": {"starts_on": monday + timedelta(days=9), "ends_on": monday + timedelta(days=9)},
    }
    for name, span in spans.items():
        await agency.run(
            agency.admin, "leave.record", person_id=str(agency.mihai.id), kind_id=kind(own_house), note=name, **span
        )
    await send(own_house, "mihai", "/leave", "/leave", command="calendar_feed.renew")
    address = (await shown(own_house, "mihai", "/leave")).text.partition("/calendar/")[2].partition('"')[0]
    events = Calendar.from_ical((await shown(own_house, None, f"/calendar/{address}")).text).walk("VEVENT")
    busy = [event for event in events if event["transp"] == "OPAQUE"]
    times = sorted((str(event.decoded("dtstart")), str(event.decoded("dtend"))) for event in busy)

    def at(day: date, hour: int) -> str:
        return str(datetime.combine(day, time(hour), ZoneInfo("Europe/Bucharest")).astimezone(UTC))

    tuesday = saturday + timedelta(days=2)
    wednesday = monday + timedelta(days=9)
    assert times == sorted(
        [
            (at(monday, 8), at(monday, 12)),
            (at(saturday, 12), at(tuesday, 16)),
            (str(wednesday), str(wednesday + timedelta(days=1))),
        ]
    )
    said = {str(event["summary"]): event.decoded("dtstart") for event in events if event["transp"] == "TRANSPARENT"}
    assert said["Working day: The fair"] == saturday
    assert said["The fair"] == friday
    taken = await send(own_house, "admin", settings, settings, command="working_day.remove", day=str(saturday))
    assert taken.status_code == 303
