"""A database's address is read as libpq reads it, and each program is given the same of it."""

from pathlib import Path

import pytest
from psycopg.conninfo import make_conninfo

from store.addresses.connection_strings import AddressWrong
from store.addresses.database_addresses import Address
from store.addresses.redis_addresses import checked_redis
from tests.encrypted import Authority


@pytest.mark.parametrize(
    ("url", "hosts", "user", "password", "database"),
    [
        ("postgresql://ana@db/atrium", [("db", 5432)], "ana", None, "atrium"),
        ("postgres://ana:p%40s%2Fs%3A@db:6432/atrium", [("db", 6432)], "ana", "p@s/s:", "atrium"),
        ("postgresql+asyncpg://ana:50%off@db", [("db", 5432)], "ana", "50%off", "ana"),
        ("postgresql://ana@[::1]:5433,db2/atrium", [("::1", 5433), ("db2", 5432)], "ana", None, "atrium"),
        ("postgresql:///atrium?host=/run/pg&user=ana", [("/run/pg", 5432)], "ana", None, "atrium"),
        ("postgresql://ana@%2Frun%2Fpg/atrium", [("/run/pg", 5432)], "ana", None, "atrium"),
        ("postgresql://ana@/?host=a,b&port=1,2&dbname=%C8%99tiri", [("a", 1), ("b", 2)], "ana", None, "știri"),
        ("postgresql://ana@a,b/x?port=7", [("a", 7), ("b", 7)], "ana", None, "x"),
        ("postgresql://ana:a+b@db/x", [("db", 5432)], "ana", "a+b", "x"),
    ],
)
def test_an_address_is_read(
    url: str, hosts: list[tuple[str, int]], user: str, password: str | None, database: str
) -> None:
    address = Address.parse(url)
    assert list(address.hosts) == hosts
    assert (address.user, address.password, address.database) == (user, password, database)
    assert Address.parse(address.url) == address
    assert password is None or password not in address.shown


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("db.example", "postgresql://user:password@host"),
        ("mysql://ana@db/atrium", "postgresql://user:password@host"),
        ("postgresql://ana:secret/7@db/atrium", "%2F"),
        ("postgresql://ana:secret?7@db/atrium", "%2F"),
        ("postgresql://ana:secret@db:99999/atrium", "up to 65535"),
        ("postgresql://ana@a,b,c/x?port=1,2", "one for each"),
        ("postgresql://ana:secret@db/x?sslmod=require", "no parameter sslmod .* sslmode"),
        ("postgresql://ana:secret@db/x?prepared_statement_cache_size=0", "prepared_statement_cache_size"),
        ("postgresql://ana:secret@db/x?sslmode=yes", "sslmode is one of disable"),
        ("postgresql://ana:secret@db/x?sslmode", "no value"),
        ("postgresql://ana:secret@db/x?target_session_attrs=master", "read-write"),
        ("postgresql://ana:secret@db/x?connect_timeout=soon", "seconds"),
        ("postgresql://ana:secret@db/x?sslmode=verify-full", "sslrootcert=/path"),
        ("postgresql://ana:secret@db/x?sslmode=verify-ca&sslrootcert=/none.pem", "/none.pem can't be read"),
        ("postgresql://ana:secret@db/x?sslmode=require&sslrootcert=system", "verify-full, not require"),
        ("postgresql://ana:secret@db/x?sslcert=/none.crt&sslkey=/none.key", "sslkey: /none.key can't be read"),
        ("postgresql://ana@db/x?passfile=/none", "passfile: /none can't be read"),
    ],
)
def test_what_can_be_no_address_is_refused_without_its_password(url: str, said: str) -> None:
    with pytest.raises(AddressWrong, match=said) as refused:
        Address.parse(url)
    assert "secret" not in str(refused.value)


def test_ssl_is_another_word_for_sslmode() -> None:
    assert Address.parse("postgresql://ana@db/x?ssl=true").sslmode == "require"
    assert Address.parse("postgresql://ana@db/x?ssl=disable").sslmode == "disable"


def test_what_an_address_leaves_out_comes_from_libpqs_variables() -> None:
    variables = {
        "PGPASSWORD": "secret",
        "PGSSLMODE": "require",
        "PGUSER": "mihai",
        "PGAPPNAME": "atrium",
        "PGPORT": "7",
    }
    address = Address.parse("postgresql://ana@db/x", variables)
    assert (address.user, address.password, address.sslmode) == ("ana", "secret", "require")
    assert address.hosts == (("db", 7),)
    assert Address.parse(address.url) == address
    assert Address.parse("postgresql://ana@db/x").sslmode == "prefer"


def test_a_password_is_found_in_the_file_of_passwords(tmp_path: Path) -> None:
    passfile = tmp_path / "pgpass"
    passfile.write_text("# of all\nother:*:*:ana:wrong\ndb:5432:*:ana:p\\:w\\\\d:end\n*:*:*:mihai:his\n")
    passfile.chmod(0o600)
    assert Address.parse(f"postgresql://ana@db/x?passfile={passfile}").password == "p:w\\d:end"
    assert Address.parse("postgresql://mihai@[::1]/x", {"PGPASSFILE": str(passfile)}).password == "his"
    assert Address.parse(f"postgresql://oana@db/x?passfile={passfile}").password is None
    assert Address.parse(f"postgresql://ana:own@db/x?passfile={passfile}").password == "own"
    passfile.chmod(0o644)
    with pytest.raises(AddressWrong, match="chmod 600"):
        Address.parse(f"postgresql://ana@db/x?passfile={passfile}")


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    certificate, key = Authority(tmp_path).client("ana")
    url = f"postgresql://ana@db/x?sslmode=require&sslcert={certificate}&sslkey={key}"
    assert Address.parse(url).for_libpq["sslkey"] == str(key)
    key.chmod(0o644)
    with pytest.raises(AddressWrong, match="chmod 600"):
        Address.parse(url)


def test_libpq_is_given_the_same_as_asyncpg(tmp_path: Path) -> None:
    authority = Authority(tmp_path).file
    address = Address.parse(
        f"postgresql://ana:p%20s@a,b:7/x?sslmode=verify-ca&sslrootcert={authority}&connect_timeout=5"
        "&application_name=hub&options=-c%20geqo%3Doff&target_session_attrs=primary"
    )
    assert make_conninfo(**address.for_libpq)  # libpq knows each of them
    assert address.for_libpq == {
        "host": "a,b",
        "port": "5432,7",
        "user": "ana",
        "password": "p s",
        "dbname": "x",
        "sslmode": "verify-ca",
        "sslrootcert": str(authority),
        "connect_timeout": 5,
        "application_name": "hub",
        "options": "-c geqo=off",
        "target_session_attrs": "primary",
    }
    given = address.for_asyncpg
    assert (given["host"], given["port"], given["timeout"]) == (["a", "b"], [5432, 7], 5)
    assert given["server_settings"] == {"application_name": "hub", "options": "-c geqo=off"}


def test_a_certificate_is_looked_at_as_libpq_does(tmp_path: Path) -> None:
    authority = Authority(tmp_path).file
    looked_at = {
        "sslmode=disable": (False, False),
        "sslmode=prefer": (False, False),
        "sslmode=require": (False, False),
        f"sslmode=require&sslrootcert={authority}": (True, False),
        f"sslmode=verify-ca&sslrootcert={authority}": (True, False),
        f"sslmode=verify-full&sslrootcert={authority}": (True, True),
        "sslrootcert=system": (True, True),
    }
    for query, (verified, named) in looked_at.items():
        address = Address.parse(f"postgresql://ana@db/x?{query}")
        context = address.tls()
        assert address.is_verified == verified, query
        assert (context is not None and context.check_hostname) == named, query


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("bus:6379", "redis://:password@host"),
        ("http://bus", "rediss://"),
        ("rediss://:secret@bus/0?ssl_ca_certs=/none.pem", "/none.pem can't be read"),
        ("redis://:secret@bus/0?ssl_ca_certs=/none.pem", "no parameter ssl_ca_certs for redis"),
        ("rediss://:secret@bus/0?sslrootcert=/x", "no parameter sslrootcert"),
        ("rediss://:secret@bus:none/0", "up to 65535"),
        ("rediss://:secret@bus/0?ssl_cert_reqs=maybe", "required, none"),
    ],
)
def test_what_can_be_no_address_of_redis_is_refused(url: str, said: str) -> None:
    with pytest.raises(AddressWrong, match=said) as refused:
        checked_redis(url)
    assert "secret" not in str(refused.value)


def test_an_address_of_redis_stays_as_it_is(tmp_path: Path) -> None:
    authority = Authority(tmp_path).file
    for url in ("redis://127.0.0.1:1", "redis://[::1]:6379/0", f"rediss://u:p@bus/1?ssl_ca_certs={authority}"):
        assert checked_redis(url) == url
