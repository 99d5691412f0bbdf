"""Settings: what an owner may decide, by `HUB_…` variables or the command line's flags."""

import os
import ssl
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SecretsSettingsSource, SettingsConfigDict

from people.installation.addresses import origin
from people.signing.domains.dns_lookups import Server, server_of
from store.addresses.database_addresses import Address
from store.addresses.redis_addresses import checked_redis
from store.secrets.ciphers import keeps_key, kept_key

Count = Annotated[int, Field(gt=0)]
Rate = Annotated[float, Field(gt=0)]


SECRETS = Path("/run/secrets")
"""Where containers' secrets and vaults' agents lay files."""


class Settings(BaseSettings):
    """Each field is the variable HUB_<FIELD>, or the file ``hub_<field>`` in a folder for secrets."""

    model_config = SettingsConfigDict(env_prefix="HUB_", extra="ignore", frozen=True)

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    public_url: str = ""
    """Where people reach the hub, such as https://atrium.example; by default what the request says.

    Also makes cookies secure-only and bound to the host when it is https.
    """
    certificate: Path | None = None
    """By which the hub itself speaks TLS: a file with its certificate, those between it and the authority, and its key.

    Where the proxy is on another machine, say; without one it speaks plain http.
    """
    certificate_key: Path | None = Field(None, validate_default=True)
    """Its key, where that is a file of its own."""
    trusted_proxies: str = ""
    """Addresses of reverse proxies whose X-Forwarded-For and -Proto are believed, separated by commas."""

    data_dir: Path = Path("data")
    database_url: str | None = None
    """A PostgreSQL 16 or newer, in libpq's form; without it the hub runs its own in the data folder.

    What it leaves out is taken from PGPASSWORD, PGSSLMODE and libpq's other variables (``store.addresses``).
    """
    redis_url: str | None = None
    """A Redis 7 or Valkey 8 or newer, rediss:// over TLS; without it the hub runs its own."""
    blobs_url: str | None = None
    """Where files are kept: an s3:// URL, or nothing for the data folder."""
    secret: SecretStr | None = None
    """Signs forms, the same on all hubs of a database. By default one is made and kept there."""

    cipher_key: SecretStr | None = None
    """Encrypts what must not be readable in a copy of the database, the same on all hubs of a database.

    By default the file cipher.key in the data folder. Whoever loses it loses what was encrypted.
    """
    former_cipher_key: SecretStr | None = None
    """What it was until now, for ``hub rekey``; by default the file in the data folder."""

    migrate: bool = True
    """Whether serving brings the tables up to this version first. Off: a superadmin does, at Updates, or hub migrate;
    until then a hub serves only when it can do without what is pending."""

    worker: bool = True
    """Whether the hub does jobs too, such as sending letters; off where ``hub worker`` does."""
    worker_concurrency: Count = 4
    """How many jobs at a time."""

    metrics_from: str = "127.0.0.0/8, ::1/128, 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, fc00::/7"
    """Networks that may read /metrics, separated by commas; by default this machine and private networks."""

    name_servers: str = ""
    """Name servers that show whether a domain is a business's, such as 192.0.2.53 or [::1]:5353, separated by commas;
    by default the machine's."""

    session_days: Count = 30
    """How long a session lasts that isn't used."""
    session_most_days: Count = 90
    """How long one lasts at most, however much it is used."""
    journal_days: Count = 400
    """How long a line of the journal is kept."""
    polling: bool = False
    """Whether Socket.IO may long-poll; needs sticky sessions when there are several hubs."""
    drain_seconds: Rate = 10
    """How long a stopping hub waits for requests that are under way."""
    log_format: Literal["console", "json"] | None = None
    """By default the console form on a terminal, else JSON."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    limits: bool = True
    """Off lifts every limit of a rate, and of what is open at a time, for measurements; limits of size stay."""
    limit_commands_burst: Count = 500
    limit_commands_per_second: Rate = 50
    limit_sign_ins_per_account: Count = 10
    limit_sign_ins_per_address: Count = 50
    limit_sign_in_minutes: Count = 15
    limit_sockets_per_person: Count = 30
    limit_sockets_per_address: Count = 300
    limit_signals_per_second: Rate = 20
    limit_body_bytes: Count = 1_000_000
    limit_packet_bytes: Count = 1_000_000
    limit_upload_bytes: Count = 2_000_000_000
    limit_uploads_at_once: Count = 100
    limit_uploads_at_once_bytes: Count = 50_000_000_000
    limit_uploads_sending: Count = 8
    limit_uploads_burst: Count = 200
    limit_uploads_per_minute: Rate = 60
    limit_waiting_events: Count = 256
    limit_waiting_bytes: Count = 1_048_576

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What is said comes before the environment, and that before files, where there is a folder of such."""
        files = [SecretsSettingsSource(settings_cls, SECRETS)] if SECRETS.is_dir() else []
        return (init_settings, env_settings, *files)

    @field_validator("database_url")
    @classmethod
    def _whole(cls, url: str | None) -> str | None:
        return Address.parse(url, os.environ).url if url else None

    @field_validator("redis_url")
    @classmethod
    def _of_redis(cls, url: str | None) -> str | None:
        return checked_redis(url) if url else None

    @field_validator("certificate_key")
    @classmethod
    def _of_the_certificate(cls, key: Path | None, info: ValidationInfo) -> Path | None:
        if (certificate := info.data.get("certificate")) is not None:
            try:
                ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key)
            except OSError as error:  # ssl's own errors are such, too
                raise ValueError(f"HUB_CERTIFICATE can't be used with its key: {error}") from error
        return key

    @field_validator("metrics_from")
    @classmethod
    def _networks(cls, names: str) -> str:
        for name in filter(None, (part.strip() for part in names.split(","))):
            ip_network(name)
        return names

    @field_validator("name_servers")
    @classmethod
    def _of_servers(cls, written: str) -> str:
        for server in filter(None, (part.strip() for part in written.split(","))):
            server_of(server)
        return written

    @field_validator("public_url")
    @classmethod
    def _origin(cls, url: str) -> str:
        return origin(url) if url else ""

    @property
    def session_lifetime(self) -> timedelta:
        return timedelta(days=self.session_days)

    @property
    def journal_kept(self) -> timedelta:
        return timedelta(days=self.journal_days)

    @property
    def encryption_key(self) -> bytes:
        """This is the key of the cipher; the data folder keeps one when none is set."""
        return self.cipher_key.get_secret_value().encode() if self.cipher_key else kept_key(self.data_dir)

    @property
    def own_cipher_key(self) -> bytes | None:
        """This is the key that the data folder keeps, or None where one is set, or none was needed yet."""
        return None if self.cipher_key or not keeps_key(self.data_dir) else kept_key(self.data_dir)

    @property
    def site(self) -> str:
        """Where links in letters lead, unless the installation's own settings say where."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return self.public_url or f"{'https' if self.certificate else 'http'}://{host}:{self.port}"

    @property
    def metrics_networks(self) -> tuple[str, ...]:
        return tuple(network.strip() for network in self.metrics_from.split(",") if network.strip())

    @property
    def asked_servers(self) -> tuple[Server, ...]:
        return tuple(server_of(part.strip()) for part in self.name_servers.split(",") if part.strip())

    @property
    def is_secure(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def embeds_engines(self) -> bool:
        return self.database_url is None or self.redis_url is None
