"""Addresses of databases, in libpq's form, read in one place and given to each program as it wants them.

    postgresql://ana:p%40ss@db.example:5432/atrium?sslmode=verify-full&sslrootcert=/etc/atrium/authority.pem

What the address leaves out comes from libpq's variables (PGHOST, PGSSLMODE, …) and from the file of passwords, when an
owner's setting is read; what a program of ours is handed says everything. TLS means what it means to libpq:

    disable, prefer                nobody looks who answers: for one's own machine, or a network that is trusted
    require                        TLS; the certificate is looked at only where there is an authority's to hold it to
    verify-ca, verify-full         TLS with a certificate of the authority's; with verify-full, for this very host

Source: PostgreSQL's manual, 32.1 (connection strings) and 32.19 (TLS).
"""

import getpass
import os
import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qsl, quote, unquote, urlencode

import asyncpg

from store.errors import ToolFailed

SCHEMES = ("postgresql", "postgres", "postgresql+asyncpg")
MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
SESSIONS = ("any", "primary", "standby", "read-write", "read-only", "prefer-standby")
SYSTEM = "system"
"""In the place of an authority's file: those that this machine trusts."""

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

_SOCKETS = ("/run/postgresql", "/var/run/postgresql", "/tmp")  # noqa: S108 - where servers keep them
_SYSTEMS_AUTHORITIES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)
_PASSWORD = re.compile(r"((?:\\.|[^:\\])*):" * 4 + "(.*)")
"""A line of the file of passwords: host, port, database, user, password."""
_OTHER_NAME = (62, 64)
"""OpenSSL's numbers for a certificate of another host or address. Source: x509_vfy.h."""


UNREACHED = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
"""What connecting raises when a database can't be reached, or doesn't let us."""


class AddressWrong(ValueError):
    """An address that can't be one; the message says why, and has no password in it."""


class Unreachable(ToolFailed):
    """A database can't be reached, or doesn't let us; the message says which and why, and has no password in it."""

    def __init__(self, address: "Address", error: BaseException) -> None:
        super().__init__(f"The database {address.shown} can't be used: {reason(error)}")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a database is, as whom one comes there, and how the way there is kept safe."""

    hosts: tuple[tuple[str, int], ...]
    """Names, addresses, or folders of sockets, each with its port; the first that fits is taken."""
    user: str
    password: str | None
    database: str
    sslmode: str = "prefer"
    sslrootcert: str = ""
    sslcert: str = ""
    sslkey: str = ""
    connect_timeout: int | None = None
    application_name: str = ""
    options: str = ""
    target_session_attrs: str = "any"

    @classmethod
    def parse(cls, url: str, variables: Mapping[str, str] | None = None) -> Self:
        """This is an address, what it leaves out being taken from libpq's variables.

        Raises:
            AddressWrong: it isn't one, has a parameter that isn't known, or names a file that can't be used.
        """
        said = {name: variables[key] for name, key in VARIABLES.items() if variables and variables.get(key)}
        said |= _said(url)
        for name in said:
            _must_be_known(name)
        mode = said.get("sslmode") or ("verify-full" if said.get("sslrootcert") == SYSTEM else "prefer")
        user = said.get("user") or getpass.getuser()
        address = cls(
            hosts=_hosts(said.get("host", ""), said.get("port", "")),
            user=user,
            password=said.get("password") or None,
            database=said.get("dbname") or user,
            sslmode=_one_of(MODES, "sslmode", mode),
            sslrootcert=said.get("sslrootcert", ""),
            sslcert=said.get("sslcert", ""),
            sslkey=said.get("sslkey", ""),
            connect_timeout=_seconds(said.get("connect_timeout")),
            application_name=said.get("application_name", ""),
            options=said.get("options", ""),
            target_session_attrs=_one_of(SESSIONS, "target_session_attrs", said.get("target_session_attrs") or "any"),
        )
        if address.password is None:
            address = replace(address, password=_password_in(_passwords(said.get("passfile")), address))
        address.tls()  # what its files lack is said now, not when it is connected to
        return address

    @property
    def url(self) -> str:
        """This is the address with all that it says, the password too: for a program of ours."""
        return self._rendered(quote(self.password, safe="") if self.password else "")

    @property
    def shown(self) -> str:
        """This is the address for people to read."""
        return self._rendered("***" if self.password else "").partition("?")[0]

    @property
    def for_asyncpg(self) -> dict[str, Any]:
        """These are asyncpg's arguments; SQLAlchemy hands them on as ``connect_args``."""
        settings = {"application_name": self.application_name, "options": self.options}
        return {
            "host": [host for host, _port in self.hosts],
            "port": [port for _host, port in self.hosts],
            "user": self.user,
            "password": self.password,
            "database": self.database,
            "server_settings": {name: value for name, value in settings.items() if value},
            "target_session_attrs": self.target_session_attrs,
            **({} if self.connect_timeout is None else {"timeout": self.connect_timeout or None}),
            **self._tls_for_asyncpg(),
        }

    @property
    def for_libpq(self) -> dict[str, Any]:
        """These are libpq's parameters, for psycopg."""
        names = ("sslmode", "sslcert", "sslkey", "application_name", "options", "connect_timeout")
        said = {name: getattr(self, name) for name in (*names, "user", "password", "target_session_attrs")}
        said["host"] = ",".join(host for host, _port in self.hosts)
        said["port"] = ",".join(str(port) for _host, port in self.hosts)
        said["dbname"] = self.database
        if self.is_verified:
            said["sslrootcert"] = str(_authorities(self))  # its "system" is another OpenSSL's
        return {name: value for name, value in said.items() if value not in (None, "")}

    def each(self) -> list[Self]:
        """These are the addresses of its hosts, for who has to come to the same one twice."""
        return [replace(self, hosts=(host,)) for host in self.hosts]

    def tls(self) -> ssl.SSLContext | None:
        """This is how TLS is begun with the servers; None where it isn't.

        Raises:
            AddressWrong: a file that it names can't be used, or one is missing.
        """
        if self.sslmode == "disable":
            return None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.set_alpn_protocols(["postgresql"])
        context.check_hostname = self.sslmode == "verify-full"
        authorities = _authorities(self)
        if authorities and MODES.index(self.sslmode) >= MODES.index("require"):
            _load("sslrootcert", authorities, lambda: context.load_verify_locations(authorities))
        else:
            context.verify_mode = ssl.CERT_NONE
        if own := self._own_certificate():
            certificate, key = own
            _load("sslcert", certificate, lambda: context.load_cert_chain(certificate, key, _no_password))
        return context

    @property
    def is_verified(self) -> bool:
        """Whether it is looked whose certificate the server has."""
        context = self.tls()
        return context is not None and context.verify_mode == ssl.CERT_REQUIRED

    def _tls_for_asyncpg(self) -> dict[str, Any]:
        if self.sslmode == "disable":
            return {"ssl": False}
        if self.sslmode in ("allow", "prefer"):  # which it knows by their names alone
            said = {name: getattr(self, name) for name in ("sslmode", "sslcert", "sslkey")}
            return {"dsn": "postgresql:///?" + urlencode({name: value for name, value in said.items() if value})}
        return {"ssl": self.tls()}

    def _own_certificate(self) -> tuple[Path, Path] | None:
        """The files of a certificate by which we say who we are, and of its key."""
        certificate, key = Path(self.sslcert or _kept("postgresql.crt")), Path(self.sslkey or _kept("postgresql.key"))
        if not self.sslcert and not certificate.exists():
            return None
        try:
            found = key.stat()
        except OSError as error:
            raise AddressWrong(f"sslkey: {key} can't be read: {error.strerror}.") from error
        if found.st_mode & (0o037 if found.st_uid == 0 else 0o077):
            raise AddressWrong(f"sslkey: {key} is open to others, so nothing takes it. chmod 600 {key}")
        return certificate, key

    def _rendered(self, password: str) -> str:
        names = ("sslmode", "sslrootcert", "sslcert", "sslkey", "connect_timeout", "application_name", "options")
        said = {name: getattr(self, name) for name in names}
        if self.target_session_attrs != "any":
            said["target_session_attrs"] = self.target_session_attrs
        query = urlencode({name: value for name, value in said.items() if value not in (None, "")}, quote_via=quote)
        user = quote(self.user, safe="") + (f":{password}" if password else "")
        hosts = ",".join(f"{_written(host)}:{port}" for host, port in self.hosts)
        return f"postgresql://{user}@{hosts}/{quote(self.database, safe='')}?{query}"


REDIS_PARAMETERS = ("db", "ssl_ca_certs", "ssl_certfile", "ssl_keyfile", "ssl_cert_reqs", "ssl_check_hostname")


def checked_redis(url: str) -> str:
    """This is the address of a Redis, once it can be one. With rediss:// its certificate is verified.

    Raises:
        AddressWrong: it can't, has a parameter that isn't known, or names a file that can't be used.
    """
    scheme, separator, rest = url.partition("://")
    if not separator or scheme not in ("redis", "rediss", "unix"):
        raise AddressWrong("An address is such as redis://:password@host:6379/0, or rediss://… for TLS.")
    said = dict(parse_qsl(rest.partition("?")[2], keep_blank_values=True))
    for name, value in said.items():
        if name not in REDIS_PARAMETERS or (name.startswith("ssl_") and scheme != "rediss"):
            raise AddressWrong(
                f"There is no parameter {name} for {scheme}://. With rediss:// there are {', '.join(REDIS_PARAMETERS)}."
            )
        if name in ("ssl_ca_certs", "ssl_certfile", "ssl_keyfile"):
            _must_be_readable(name, value)
    _one_of(("required", "none"), "ssl_cert_reqs", said.get("ssl_cert_reqs", "required"))
    if not said.get("db", "0").isdecimal():
        raise AddressWrong("db is a number.")
    if scheme != "unix":
        _hosts(*_split(rest.partition("?")[0].partition("/")[0].rpartition("@")[2]))
    return url


def _must_be_readable(name: str, file: str) -> None:
    try:
        Path(file).read_bytes()
    except OSError as error:
        raise AddressWrong(f"{name}: {file} can't be read: {error.strerror}.") from error


async def connected(address: Address, *, patience_seconds: float = 30) -> "asyncpg.Connection[Any]":
    """Connect for a command that a person waits for.

    Raises:
        Unreachable: it can't be reached, or doesn't let us.
    """
    try:
        return await asyncpg.connect(**{"timeout": patience_seconds} | address.for_asyncpg)
    except UNREACHED as error:
        raise Unreachable(address, error) from error


def reason(error: BaseException) -> str:
    """This is why a database can't be used, as a person reads it."""
    if isinstance(error, ssl.SSLCertVerificationError):
        what = "is for another name" if error.verify_code in _OTHER_NAME else "isn't of an authority that is trusted"
        return f"its certificate {what} ({error.verify_message})"
    if isinstance(error, TimeoutError):
        return "it doesn't answer"
    return str(error) or type(error).__name__


def _said(url: str) -> dict[str, str]:
    """The parameters that an address says, by libpq's names."""
    scheme, separator, rest = url.partition("://")
    if not separator or scheme not in SCHEMES:
        raise AddressWrong("An address is such as postgresql://user:password@host:5432/database.")
    place, _mark, query = rest.partition("?")
    authority, _slash, database = place.partition("/")
    account, _at, hosts = authority.rpartition("@")
    user, _colon, password = account.partition(":")
    names, ports = _split(hosts)
    _hosts(names, ports)  # first of all: where these are wrong, the rest may be a password's half
    said = {"user": user, "password": password, "dbname": database, "host": names, "port": ports}
    for pair in filter(None, query.split("&")):
        name, equals, value = pair.partition("=")
        if not equals:
            raise AddressWrong("A parameter is such as sslmode=verify-full; one has no value.")
        said |= _as_libpq(unquote(name), value)
    return {name: unquote(value) for name, value in said.items() if value}


def _as_libpq(name: str, value: str) -> dict[str, str]:
    """A parameter as libpq has it: some programs say ``ssl``, for ``sslmode`` or whether there is to be TLS at all."""
    if name == "ssl":
        return {"sslmode": "require" if value.lower() in ("true", "1") else value}
    return {"dbname" if name == "database" else name: value}


def _must_be_known(name: str) -> None:
    if name in VARIABLES:
        return
    near = get_close_matches(name, VARIABLES, n=1)
    advice = f"Is {near[0]} meant?" if near else f"It may have {', '.join(VARIABLES)}."
    raise AddressWrong(f"There is no parameter {name} that all programs of the hub could hold to. {advice}")


def _one_of(known: tuple[str, ...], name: str, value: str) -> str:
    if value not in known:
        raise AddressWrong(f"{name} is one of {', '.join(known)}, not {value}.")
    return value


def _seconds(value: str | None) -> int | None:
    if value is None:
        return None
    if not re.fullmatch(r"[0-9]{1,6}", value):
        raise AddressWrong("connect_timeout is a number of seconds.")
    return int(value)


def _split(hosts: str) -> tuple[str, str]:
    """The names and the ports of an address's hosts, each joined by commas."""
    names, ports = [], []
    for part in filter(None, hosts.split(",")):
        found = re.fullmatch(r"(?:\[([^\]]*)\]|([^:\[\]]*))(?::(.*))?", part)
        if not found:
            raise AddressWrong("An IPv6 address is written in brackets: postgresql://user@[::1]:5432/database.")
        names.append(found[1] or found[2] or "")
        ports.append(found[3] or "")
    return ",".join(names), ",".join(ports) if any(ports) else ""


def _hosts(names: str, ports: str) -> tuple[tuple[str, int], ...]:
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
    return next((folder for folder in _SOCKETS if Path(folder, f".s.PGSQL.{port}").exists()), "localhost")


def _written(host: str) -> str:
    return f"[{host}]" if ":" in host else quote(host, safe="")


def _kept(name: str) -> Path:
    """A file of libpq's own folder in one's home."""
    try:
        return Path.home() / ".postgresql" / name
    except RuntimeError:  # an account without a home
        return Path(os.devnull) / name


def _authorities(address: Address) -> Path | None:
    """The file of the authorities that a server's certificate is held to."""
    if address.sslrootcert == SYSTEM:
        if address.sslmode != "verify-full":
            raise AddressWrong(f"sslrootcert=system goes with sslmode=verify-full, not {address.sslmode}.")
        named = ssl.get_default_verify_paths().cafile
        found = next((path for path in (named, *_SYSTEMS_AUTHORITIES) if path and Path(path).exists()), None)
        if found is None:
            raise AddressWrong("sslrootcert=system: this machine keeps no authorities; name a file of them.")
        return Path(found)
    if address.sslrootcert:
        return Path(address.sslrootcert)
    if (kept := _kept("root.crt")).exists():
        return kept
    if address.sslmode.startswith("verify"):
        raise AddressWrong(
            f"sslmode={address.sslmode} holds the server's certificate to an authority's. Name it by "
            "sslrootcert=/path/to/authority.pem, or sslrootcert=system for those that this machine trusts."
        )
    return None


def _load(name: str, path: Path, load: Any) -> None:
    try:
        load()
    except ssl.SSLError as error:
        raise AddressWrong(f"{name}: {path} isn't what it should be: {error.reason or error}.") from error
    except OSError as error:
        raise AddressWrong(f"{name}: {path} can't be read: {error.strerror}.") from error
    except ValueError as error:
        raise AddressWrong(f"{name}: {path}: {error}") from error


def _no_password() -> str:
    raise ValueError("its key is kept by a password; make it one without, and chmod 600.")


def _passwords(passfile: str | None) -> list[tuple[str, ...]]:
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


def _password_in(lines: list[tuple[str, ...]], address: Address) -> str | None:
    """The password that the first fitting line has for the first host that has one."""
    for host, port in address.hosts:
        wanted = ("localhost" if host in _SOCKETS else host, str(port), address.database, address.user)
        for *said, password in lines:
            if all(field in ("*", want) for field, want in zip(said, wanted, strict=True)):
                return password
    return None
