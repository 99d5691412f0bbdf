"""Departments: a tree without circles, with heads, deputies and people, addressable as a group (WO-05…08)."""

import asyncio
from dataclasses import replace
from uuid import UUID

import pytest

from staff.department_trees import tree_of
from staff.departments import departments, people_of_department
from store.database import Database
from store.errors import Conflict, Forbidden, Invalid, NotFound, Refusal
from tests.hub.agencies import Agency, Person, open_agency, open_room
from tests.stages import staged

agency = staged(open_agency)


async def add(agency: Agency, name: str, **fields: object) -> str:
    return str((await agency.run(agency.admin, "department.add", name=name, **fields)).result["id"])


async def seat(agency: Agency, department_id: str, person: Person, **fields: object) -> None:
    await agency.run(
        agency.admin, "department_member.add", department_id=department_id, person_id=str(person.id), **fields
    )


async def drawn(database: Database, agency: Agency) -> list[str]:
    async with database.reading() as tx:
        return ["  " * node.depth + node.department.name for node in tree_of(await departments(tx, agency.ana.actor))]


async def members(database: Database, agency: Agency, id: str, *, deep: bool = True) -> list[UUID]:
    async with database.reading() as tx:
        return await people_of_department(tx, agency.ana.actor, UUID(id), deep=deep)


async def test_wo05_departments_are_a_tree(database: Database, agency: Agency) -> None:
    design = await add(agency, "Design")
    await add(agency, "Print", parent_id=design)
    web = await add(agency, "Web", parent_id=design)
    await add(agency, "Fonts", parent_id=web)
    assert await drawn(database, agency) == ["Design", "  Print", "  Web", "    Fonts"]
    await agency.run(agency.admin, "department.change", department_id=web, parent_id=None, name="Web studio")
    assert await drawn(database, agency) == ["Design", "  Print", "Web studio", "  Fonts"]


async def test_wo05_a_department_can_t_be_under_itself(agency: Agency) -> None:
    top = await add(agency, "Design")
    low = await add(agency, "Web", parent_id=top)
    for parent in (low, top):
        with pytest.raises(Conflict) as refused:
            await agency.run(agency.admin, "department.change", department_id=top, parent_id=parent)
        assert refused.value.code == "department_in_itself"


async def test_wo05_two_moves_at_once_close_no_circle(database: Database, agency: Agency) -> None:
    for number in range(5):
        one, other = [await add(agency, f"{name} {number}") for name in ("North", "South")]
        outcomes = await asyncio.gather(
            agency.run(agency.admin, "department.change", department_id=one, parent_id=other),
            agency.run(agency.admin, "department.change", department_id=other, parent_id=one),
            return_exceptions=True,
        )
        assert sum(isinstance(outcome, Refusal) for outcome in outcomes) == 1
    assert len(await drawn(database, agency)) == 10


async def test_wo06_wo07_it_has_a_head_and_deputies(database: Database, agency: Agency) -> None:
    design = await add(agency, "Design", head_id=str(agency.ana.id))
    await agency.run(
        agency.admin,
        "department.change",
        department_id=design,
        deputy_ids=[str(agency.mihai.id), str(agency.admin.id)],
    )
    async with database.reading() as tx:
        (form,) = await departments(tx, agency.mihai.actor)
    assert (form.head_id, set(form.deputy_ids)) == (agency.ana.id, {agency.mihai.id, agency.admin.id})
    for field in ("head_id", "deputy_ids"):
        for stranger in (agency.client, agency.outsider):
            wrong = str(stranger.id) if field == "head_id" else [str(stranger.id)]
            with pytest.raises(Invalid) as refused:
                await agency.run(agency.admin, "department.change", department_id=design, **{field: wrong})
            assert refused.value.fields.keys() == {field}


async def test_wo07_a_head_is_not_their_own_deputy(database: Database, agency: Agency) -> None:
    ana, mihai = str(agency.ana.id), str(agency.mihai.id)
    design = await add(agency, "Design", head_id=ana)

    async def change(**fields: object) -> None:
        await agency.run(agency.admin, "department.change", department_id=design, **fields)

    async def refused(**fields: object) -> set[str]:
        with pytest.raises(Invalid) as refused:
            await change(**fields)
        return set(refused.value.fields)

    assert await refused(deputy_ids=[mihai, ana]) == {"deputy_ids"}
    await change(deputy_ids=[mihai])
    assert await refused(head_id=mihai) == {"head_id"}
    assert await refused(head_id=mihai, deputy_ids=[mihai, ana]) == {"head_id"}
    assert await refused(head_id=ana, deputy_ids=[ana]) == {"deputy_ids"}
    await change(head_id=mihai, deputy_ids=[ana])
    async with database.reading() as tx:
        (form,) = await departments(tx, agency.mihai.actor)
    assert (form.head_id, form.deputy_ids) == (agency.mihai.id, [agency.ana.id])


async def test_wo07_a_deputy_who_takes_over_is_head_alone(database: Database, agency: Agency) -> None:
    ana, mihai = str(agency.ana.id), str(agency.mihai.id)
    design = await add(agency, "Design", head_id=ana)
    await agency.run(agency.admin, "department.change", department_id=design, deputy_ids=[mihai])
    await agency.run(agency.admin, "person.deactivate", person_id=ana, successor_id=mihai)
    async with database.reading() as tx:
        (form,) = await departments(tx, agency.mihai.actor)
    assert (form.head_id, form.deputy_ids) == (agency.mihai.id, [])


async def test_wo08_addressing_a_unit_reaches_its_people(database: Database, agency: Agency) -> None:
    design = await add(agency, "Design", head_id=str(agency.admin.id))
    web = await add(agency, "Web", parent_id=design)
    await seat(agency, design, agency.ana)
    await seat(agency, web, agency.mihai)
    assert set(await members(database, agency, design)) == {agency.admin.id, agency.ana.id, agency.mihai.id}
    assert set(await members(database, agency, design, deep=False)) == {agency.admin.id, agency.ana.id}
    assert await members(database, agency, web) == [agency.mihai.id]
    async with database.reading() as tx:
        for stranger in (agency.client, agency.outsider):
            with pytest.raises(NotFound):
                await people_of_department(tx, stranger.actor, UUID(design))


async def test_wo08_a_department_comes_into_a_room(database: Database, agency: Agency) -> None:
    design = await add(agency, "Design", head_id=str(agency.admin.id))
    await seat(agency, design, agency.ana)
    room = await open_room(agency, "Packaging", [str(agency.ana.id)])
    enlist = {"room_id": room, "department_id": design}
    before = (await agency.run(agency.admin, "department.enlist", **enlist)).result["person_ids"]
    assert str(agency.ana.id) not in before
    assert (await agency.run(agency.admin, "department.enlist", **enlist)).result["person_ids"] == []
    with pytest.raises(Forbidden):
        await agency.run(agency.ana, "department.enlist", **enlist)
    with pytest.raises(NotFound):
        await agency.run(agency.outsider, "department.enlist", **enlist)


async def test_a_person_has_one_main_department_and_perhaps_others(database: Database, agency: Agency) -> None:
    design, web, press = [await add(agency, name) for name in ("Design", "Web", "Press")]
    await seat(agency, design, agency.ana)
    await seat(agency, web, agency.ana, main=False)
    assert [await members(database, agency, id) for id in (design, web)] == [[agency.ana.id]] * 2
    await seat(agency, press, agency.ana)
    assert [await members(database, agency, id) for id in (design, web, press)] == [
        [],
        [agency.ana.id],
        [agency.ana.id],
    ]
    await agency.run(agency.admin, "department_member.remove", department_id=press, person_id=str(agency.ana.id))
    with pytest.raises(NotFound):
        await agency.run(agency.admin, "department_member.remove", department_id=press, person_id=str(agency.ana.id))


async def test_a_department_is_removed_when_it_is_empty_or_its_people_move_up(
    database: Database, agency: Agency
) -> None:
    design = await add(agency, "Design")
    web = await add(agency, "Web", parent_id=design)
    fonts = await add(agency, "Fonts", parent_id=web)
    await seat(agency, web, agency.ana)
    with pytest.raises(Conflict) as refused:
        await agency.run(agency.admin, "department.remove", department_id=web)
    assert refused.value.code == "department_not_empty"
    await agency.run(agency.admin, "department.remove", department_id=web, move_up=True)
    assert await drawn(database, agency) == ["Design", "  Fonts"]
    assert await members(database, agency, design, deep=False) == [agency.ana.id]
    await agency.run(agency.admin, "department.remove", department_id=fonts)
    with pytest.raises(NotFound):
        await agency.run(agency.admin, "department.remove", department_id=fonts)


async def test_two_of_one_name_don_t_stand_in_one_place(agency: Agency) -> None:
    design = await add(agency, "Design")
    await add(agency, "Web", parent_id=design)
    await add(agency, "Web")
    for parent in (None, design):
        with pytest.raises(Invalid) as refused:
            await add(agency, "Web", parent_id=parent)
        assert refused.value.fields.keys() == {"name"}


async def test_wo07_two_whose_names_differ_only_in_case_don_t_stand_in_one_place(agency: Agency) -> None:
    kyiv = await add(agency, "Відділ Кам’янця")
    design = await add(agency, "Știri")
    below = await add(agency, "ȘTIRI", parent_id=design)
    change = {"department_id": kyiv}
    for taken in ("ВІДДІЛ КАМ'ЯНЦЯ", "відділ  камʼянця", "știri", "ŞTIRI", "S\u0326TIRI"):
        with pytest.raises(Invalid) as refused:
            await add(agency, taken)
        assert refused.value.fields.keys() == {"name"}
    with pytest.raises(Invalid):
        await agency.run(agency.admin, "department.change", **change, name="știri")
    with pytest.raises(Invalid):
        await agency.run(agency.admin, "department.change", department_id=below, parent_id=None)
    await agency.run(agency.admin, "department.change", **change, name="ВІДДІЛ Кам'янця")
    await add(agency, "Stiri")
    await add(agency, "stiri", parent_id=kyiv)
    with pytest.raises(Invalid) as refused:
        await agency.run(agency.admin, "department.remove", department_id=kyiv, move_up=True)
    assert refused.value.fields.keys() == {"move_up"}


async def test_wo07_two_added_at_once_don_t_both_find_the_name_free(agency: Agency) -> None:
    names = ["Design", "DESIGN", "design", "Desıgn", "dEsign"]
    added = await asyncio.gather(*(add(agency, name) for name in names), return_exceptions=True)
    assert sum(isinstance(each, str) for each in added) == 2, "one of them and Desıgn, which is another"
    assert all(isinstance(each, str | Invalid) for each in added)


async def test_who_leaves_goes_out_of_the_departments_and_a_successor_heads_them(
    database: Database, agency: Agency
) -> None:
    design = await add(agency, "Design", head_id=str(agency.ana.id))
    await seat(agency, design, agency.ana)
    await agency.run(agency.admin, "person.deactivate", person_id=str(agency.ana.id), successor_id=str(agency.mihai.id))
    async with database.reading() as tx:
        (form,) = await departments(tx, agency.admin.actor)
    assert (form.head_id, form.members) == (agency.mihai.id, [])


async def test_a_program_says_who_takes_over_and_makes_nobody_head(database: Database, agency: Agency) -> None:
    await add(agency, "Design", head_id=str(agency.ana.id))
    program = replace(agency.admin.actor, scopes=frozenset({"people:write"}))
    fields = {"person_id": str(agency.ana.id), "successor_id": str(agency.mihai.id)}
    await agency.commands.run(program, "person.deactivate", fields)
    async with database.reading() as tx:
        (form,) = await departments(tx, agency.admin.actor)
    assert form.head_id is None
