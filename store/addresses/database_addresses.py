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
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self
from urllib.parse import quote, urlencode

import asyncpg

from store.addresses.connection_strings import (
    VARIABLES,
    hosts_of,
    must_be_known,
    one_of,
    password_in,
    passwords,
    said,
    seconds,
    written,
)
from store.addresses.database_tls import MODES, SYSTEM, authorities, load, no_password, own_certificate
from store.errors import ToolFailed

SESSIONS = ("any", "primary", "standby", "read-write", "read-only", "prefer-standby")
_OTHER_NAME = (62, 64)
"""OpenSSL's numbers for a certificate of another host or address. Source: x509_vfy.h."""


UNREACHED = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
"""What connecting raises when a database can't be reached, or doesn't let us."""


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
        given = {name: variables[key] for name, key in VARIABLES.items() if variables and variables.get(key)}
        given |= said(url)
        for name in given:
            must_be_known(name)
        mode = given.get("sslmode") or ("verify-full" if given.get("sslrootcert") == SYSTEM else "prefer")
        user = given.get("user") or getpass.getuser()
        address = cls(
            hosts=hosts_of(given.get("host", ""), given.get("port", "")),
            user=user,
            password=given.get("password") or None,
            database=given.get("dbname") or user,
            sslmode=one_of(MODES, "sslmode", mode),
            sslrootcert=given.get("sslrootcert", ""),
            sslcert=given.get("sslcert", ""),
            sslkey=given.get("sslkey", ""),
            connect_timeout=seconds(given.get("connect_timeout")),
            application_name=given.get("application_name", ""),
            options=given.get("options", ""),
            target_session_attrs=one_of(SESSIONS, "target_session_attrs", given.get("target_session_attrs") or "any"),
        )
        if address.password is None:
            address = replace(
                address, password=password_in(passwords(given.get("passfile")), address.hosts, address.database, user)
            )
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
            said["sslrootcert"] = str(authorities(self.sslmode, self.sslrootcert))  # its "system" is another OpenSSL's
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
        trusted = authorities(self.sslmode, self.sslrootcert)
        if trusted and MODES.index(self.sslmode) >= MODES.index("require"):
            load("sslrootcert", trusted, lambda: context.load_verify_locations(trusted))
        else:
            context.verify_mode = ssl.CERT_NONE
        if own := own_certificate(self.sslcert, self.sslkey):
            certificate, key = own
            load("sslcert", certificate, lambda: context.load_cert_chain(certificate, key, no_password))
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

    def _rendered(self, password: str) -> str:
        names = ("sslmode", "sslrootcert", "sslcert", "sslkey", "connect_timeout", "application_name", "options")
        said = {name: getattr(self, name) for name in names}
        if self.target_session_attrs != "any":
            said["target_session_attrs"] = self.target_session_attrs
        query = urlencode({name: value for name, value in said.items() if value not in (None, "")}, quote_via=quote)
        user = quote(self.user, safe="") + (f":{password}" if password else "")
        hosts = ",".join(f"{written(host)}:{port}" for host, port in self.hosts)
        return f"postgresql://{user}@{hosts}/{quote(self.database, safe='')}?{query}"


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
