"""Addresses of Redis or Valkey, looked at before anything is connected to."""

from pathlib import Path
from urllib.parse import parse_qsl

from store.addresses.connection_strings import AddressWrong, hosts_of, one_of, split_hosts

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
    one_of(("required", "none"), "ssl_cert_reqs", said.get("ssl_cert_reqs", "required"))
    if not said.get("db", "0").isdecimal():
        raise AddressWrong("db is a number.")
    if scheme != "unix":
        hosts_of(*split_hosts(rest.partition("?")[0].partition("/")[0].rpartition("@")[2]))
    return url


def _must_be_readable(name: str, file: str) -> None:
    try:
        Path(file).read_bytes()
    except OSError as error:
        raise AddressWrong(f"{name}: {file} can't be read: {error.strerror}.") from error
