"""PostgreSQL's own programs, such as pg_dump, those of the wheel: whatever lies on the machine may be too old."""

import asyncio
import os
from pathlib import Path

from store.addresses.database_addresses import Address
from store.engines.postgres import installed_programs
from store.engines.tunnels import PORT, tunnel
from store.errors import ToolFailed


async def run_on(address: Address, program: str, *arguments: str) -> None:
    """Run a program on the database at an address's first host, as the hub itself comes to it.

    Raises:
        ToolFailed: it ended with an error; the message is what it said.
    """
    async with tunnel(address) as folder:
        await run(program, *arguments, variables=_variables(address, folder))


async def run(program: str, *arguments: str, variables: dict[str, str] | None = None) -> None:
    """Run a program that needs no database, or is told of one by variables.

    Raises:
        ToolFailed: it can't be started, or ended with an error; the message is what it said.
    """
    try:
        process = await asyncio.create_subprocess_exec(
            str(installed_programs() / "bin" / program),
            *arguments,
            env={name: value for name, value in os.environ.items() if not name.startswith("PG")} | (variables or {}),
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
    except OSError as error:
        raise ToolFailed(f"{program} can't be started: {error.strerror or error}") from error
    try:
        _out, said = await process.communicate()
    except BaseException:
        process.kill()
        await process.wait()
        raise
    if process.returncode != 0:
        raise ToolFailed(f"{program}: {said.decode(errors='replace').strip()}")


def _variables(address: Address, folder: Path) -> dict[str, str]:
    """What a program is told of the database, the password too: others can't read a process's variables."""
    said = {
        "PGHOST": str(folder),
        "PGPORT": str(PORT),
        "PGUSER": address.user,
        "PGPASSWORD": address.password or "",
        "PGPASSFILE": os.devnull,
        "PGDATABASE": address.database,
        "PGOPTIONS": address.options,
        "PGAPPNAME": address.application_name,
        "PGSSLMODE": "disable",
        "PGGSSENCMODE": "disable",
    }
    return {name: value for name, value in said.items() if value}
