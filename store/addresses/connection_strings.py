"""Connection strings: what stands in a database's address, in libpq's form, part by part.

Source: PostgreSQL's manual, 32.1 (connection strings) and 32.16 (the file of passwords).
"""

import re
from difflib import get_close_matches
from pathlib import Path
from urllib.parse import quote, unquote

SCHEMES = ("postgresql", "postgres", "postgresql+asyncpg")

VARIABLES = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "passfile": "PGPASSFILE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "connect_timeout": "PGCONNECT_TIMEOUT",
    "application_name": "PGAPPNAME",
    "options": "PGOPTIONS",
    "target_session_attrs": "PGTARGETSESSIONATTRS",
}
"""The parameters that all programs of ours can hold to, with the variables that say them."""

SOCKETS = ("/run/postgresql", "/var/run/postgresql", "/tmp")  # noqa: S108 - where servers keep them
_PASSWORD = re.compile(r"((?:\\.|[^:\\])*):" * 4 + "(.*)")
"""A line of the file of passwords: host, port, database, user, password."""


class AddressWrong(ValueError):
    """An address that can't be one; the message says why, and has no password in it."""


def said(url: str) -> dict[str, str]:
    """The parameters that an address says, by libpq's names."""
    scheme, separator, rest = url.partition("://")
    if not separator or scheme not in SCHEMES:
        raise AddressWrong("An address is such as postgresql://user:password@host:5432/database.")
    place, _mark, query = rest.partition("?")
    authority, _slash, database = place.partition("/")
    account, _at, hosts = authority.rpartition("@")
    user, _colon, password = account.partition(":")
    names, ports = split_hosts(hosts)
    hosts_of(names, ports)  # first of all: where these are wrong, the rest may be a password's half
    found = {"user": user, "password": password, "dbname": database, "host": names, "port": ports}
    for pair in filter(None, query.split("&")):
        name, equals, value = pair.partition("=")
        if not equals:
            raise AddressWrong("A parameter is such as sslmode=verify-full; one has no value.")
        found |= _as_libpq(unquote(name), value)
    return {name: unquote(value) for name, value in found.items() if value}


def _as_libpq(name: str, value: str) -> dict[str, str]:
    """A parameter as libpq has it: some programs say ``ssl``, for ``sslmode`` or whether there is to be TLS at all."""
    if name == "ssl":
        return {"sslmode": "require" if value.lower() in ("true", "1") else value}
    return {"dbname" if name == "database" else name: value}


def must_be_known(name: str) -> None:
    if name in VARIABLES:
        return
    near = get_close_matches(name, VARIABLES, n=1)
    advice = f"Is {near[0]} meant?" if near else f"It may have {', '.join(VARIABLES)}."
    raise AddressWrong(f"There is no parameter {name} that all programs of the hub could hold to. {advice}")


def one_of(known: tuple[str, ...], name: str, value: str) -> str:
    if value not in known:
        raise AddressWrong(f"{name} is one of {', '.join(known)}, not {value}.")
    return value


def seconds(value: str | None) -> int | None:
    if value is None:
        return None
    if not re.fullmatch(r"[0-9]{1,6}", value):
        raise AddressWrong("connect_timeout is a number of seconds.")
    return int(value)


def split_hosts(hosts: str) -> tuple[str, str]:
    """The names and the ports of an address's hosts, each joined by commas."""
    names, ports = [], []
    for part in filter(None, hosts.split(",")):
        found = re.fullmatch(r"(?:\[([^\]]*)\]|([^:\[\]]*))(?::(.*))?", part)
        if not found:
            raise AddressWrong("An IPv6 address is written in brackets: postgresql://user@[::1]:5432/database.")
        names.append(found[1] or found[2] or "")
        ports.append(found[3] or "")
    return ",".join(names), ",".join(ports) if any(ports) else ""


def hosts_of(names: str, ports: str) -> tuple[tuple[str, int], ...]:
    numbers = [_port(port) for port in ports.split(",")]
    hosts = names.split(",")
    if len(numbers) not in (1, len(hosts)):
        raise AddressWrong("There is one port for all hosts, or one for each.")
    if len(numbers) == 1:
        numbers *= len(hosts)
    return tuple((host or _here(port), port) for host, port in zip(hosts, numbers, strict=True))


def _port(port: str) -> int:
    if not port:
        return 5432
    if not re.fullmatch(r"[0-9]{1,5}", port) or not 0 < int(port) < 65536:
        raise AddressWrong("A port is a number up to 65535. In a password, / is written %2F, : %3A, @ %40 and % %25.")
    return int(port)


def _here(port: int) -> str:
    """Where a server of this machine is found: by its socket, if it has one."""
    return next((folder for folder in SOCKETS if Path(folder, f".s.PGSQL.{port}").exists()), "localhost")


def written(host: str) -> str:
    return f"[{host}]" if ":" in host else quote(host, safe="")


def passwords(passfile: str | None) -> list[tuple[str, ...]]:
    """The lines of the file of passwords, which counts only when nobody else can read it."""
    try:
        path = Path(passfile) if passfile else Path.home() / ".pgpass"
        if not path.is_file() and path.exists():  # /dev/null, where none is wanted
            return []
        if path.stat().st_mode & 0o077:
            if passfile:
                raise AddressWrong(f"passfile: {path} is open to others, so nothing takes it. chmod 600 {path}")
            return []
        lines = path.read_text().splitlines()
    except (OSError, RuntimeError) as error:
        if passfile:
            raise AddressWrong(f"passfile: {passfile} can't be read: {getattr(error, 'strerror', error)}.") from error
        return []
    found = [_PASSWORD.fullmatch(line) for line in lines if not line.startswith("#")]
    return [tuple(re.sub(r"\\(.)", r"\1", field) for field in line.groups()) for line in found if line]


def password_in(
    lines: list[tuple[str, ...]], hosts: tuple[tuple[str, int], ...], database: str, user: str
) -> str | None:
    """The password that the first fitting line has for the first host that has one."""
    for host, port in hosts:
        wanted = ("localhost" if host in SOCKETS else host, str(port), database, user)
        for *fields, password in lines:
            if all(field in ("*", want) for field, want in zip(fields, wanted, strict=True)):
                return password
    return None
