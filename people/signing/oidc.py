"""OpenID Connect: how a provider is asked who someone is, by the authorization code flow with PKCE, state and nonce.

What a provider names as its addresses is somebody else's word: they are https, a business's provider is none of our own
network's, nothing is followed elsewhere, and answers are short and soon. Its keys and tokens are looked at in a sandbox
(``people.signing.id_tokens``).

Source: OpenID Connect Core 1.0, sections 3.1.2, 3.1.3 and 5.3; Discovery 1.0, section 4; RFC 6749, section 2.3.1;
RFC 7636; RFC 9207.
"""

import asyncio
import ipaddress
import re
import secrets
import socket
import ssl
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import quote_plus, urlencode, urlsplit

import httpx
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from people.mailboxes import one_spelling
from people.signing.id_tokens import about_email, looked_at
from people.signing.identities import ProviderClaims
from people.signing.providers import Provider, is_secure
from store.addresses.networks import is_public
from store.errors import NotSignedIn, _
from store.sandboxes.sandboxes import Lane, TooCostly
from store.secrets.ciphers import cipher
from store.wire.json import read_json

PATIENCE_SECONDS = 6.0
MOST_BYTES = 128 * 1024
MOST_PIECES = 1_000
"""So many chunks an answer comes in: each costs as much as a kilobyte."""
LONGEST_ADDRESS = 2_000
SCOPE = "openid email profile"
ABOUT_EMAIL = ("email", "email_verified")

_readers = Lane("id_tokens", cpu_seconds=2, memory_bytes=1 << 30, idle_seconds=60, loads=("people.signing.id_tokens",))


class ProviderFailed(NotSignedIn):
    """A provider didn't say who someone is, or not so that it can be believed. The reason is for the journal."""

    code = "provider_failed"
    message = _("The other service didn't sign you in. Please try again, or sign in with your password.")

    def __init__(self, reason: str) -> None:
        super().__init__()
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where a provider is asked what."""

    issuer: str
    authorization: str
    token: str
    keys: str
    userinfo: str | None
    secret_in_body: bool


@dataclass(frozen=True, slots=True)
class Journey:
    """What is remembered while someone is at the provider."""

    nonce: str
    verifier: str
    redirect_uri: str


def begin_journey(redirect_uri: str) -> Journey:
    return Journey(secrets.token_urlsafe(24), secrets.token_urlsafe(48), redirect_uri)


async def endpoints_of(provider: Provider) -> Endpoints:
    """This is where a provider is asked what, as it says itself.

    Raises:
        ProviderFailed: it can't be reached, or names another issuer, or addresses that aren't safe.
    """
    known = await _fetch(provider, f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration")
    if _address(known, "issuer").rstrip("/") != provider.issuer.rstrip("/"):
        raise ProviderFailed(_("it has a different issuer"))
    named = [_address(known, name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
    if not all(map(is_secure, named)):
        raise ProviderFailed(_("it contains an address that isn't https"))
    ways, userinfo = known.get("token_endpoint_auth_methods_supported"), _address(known, "userinfo_endpoint")
    return Endpoints(
        _address(known, "issuer"),
        named[0],
        named[1],
        named[2],
        userinfo if is_secure(userinfo) else None,
        isinstance(ways, list) and bool(ways) and "client_secret_basic" not in ways,
    )


def _address(known: dict[str, Any], name: str) -> str:
    """An address that a provider names, or none where it is nothing like one."""
    named = known.get(name)
    return named if isinstance(named, str) and len(named) <= LONGEST_ADDRESS else ""


async def test_provider(provider: Provider) -> Endpoints:
    """Look whether a provider answers, and shows its keys.

    Raises:
        ProviderFailed: it doesn't.
    """
    endpoints = await endpoints_of(provider)
    _found, why = await _looked_at(provider, "has_keys", await _answer(provider, endpoints.keys))
    if why:
        raise ProviderFailed(_("its keys can't be read"))
    return endpoints


def address_to_ask(provider: Provider, endpoints: Endpoints, journey: Journey, state: str) -> str:
    """This is where to send someone who is to be asked who they are."""
    query = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": journey.redirect_uri,
        "scope": SCOPE,
        "state": state,
        "nonce": journey.nonce,
        "code_challenge": create_s256_code_challenge(journey.verifier),
        "code_challenge_method": "S256",
    }
    return f"{endpoints.authorization}{'&' if '?' in endpoints.authorization else '?'}{urlencode(query)}"


async def said_by(provider: Provider, journey: Journey, answer: dict[str, str]) -> ProviderClaims:
    """This is what a provider says of who came back from it, with the query that they brought.

    Raises:
        ProviderFailed: it says nothing, or what can't be believed.
    """
    if "error" in answer or not answer.get("code"):
        raise ProviderFailed(f"it answered {answer.get('error', 'nothing')[:60]}")
    endpoints = await endpoints_of(provider)
    if answer.get("iss", endpoints.issuer) != endpoints.issuer:
        raise ProviderFailed(_("a different issuer answered"))
    tokens = await _exchange(provider, endpoints, journey, answer["code"])
    claims = await _claims(provider, endpoints, journey, tokens.get("id_token"))
    email = about_email(claims)
    if len(email) < len(ABOUT_EMAIL) and endpoints.userinfo:
        access = tokens.get("access_token")
        email = _joined(email, await _userinfo(provider, endpoints.userinfo, access, claims["sub"]))
    return ProviderClaims(claims["sub"], one_spelling(email.get("email", "")), _truth(email.get("email_verified")))


def _joined(token: dict[str, Any], userinfo: dict[str, Any]) -> dict[str, Any]:
    """What both say together. That an e-mail is verified is said of that one alone, not of another."""
    named = {one_spelling(said["email"]).casefold() for said in (token, userinfo) if "email" in said}
    return userinfo if len(named) > 1 else token | userinfo


def _truth(said: Any) -> bool | None:
    """Whether something is said to be so; None when nothing is said. Some write the word instead of the value."""
    return None if said is None else said in (True, "true")


async def _exchange(provider: Provider, endpoints: Endpoints, journey: Journey, code: str) -> dict[str, Any]:
    secret = cipher().decrypt(provider.client_secret)
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": journey.redirect_uri,
        "code_verifier": journey.verifier,
    }
    if endpoints.secret_in_body:
        form |= {"client_id": provider.client_id, "client_secret": secret}
        return await _fetch(provider, endpoints.token, form=form)
    # Both are form-encoded first: else a colon, a per cent sign or a letter that isn't ASCII is read as something else.
    basic = httpx.BasicAuth(quote_plus(provider.client_id), quote_plus(secret))
    return await _fetch(provider, endpoints.token, form=form, auth=basic)


async def _claims(provider: Provider, endpoints: Endpoints, journey: Journey, token: Any) -> dict[str, Any]:
    if not isinstance(token, str):
        raise ProviderFailed("it gave no token")
    keys = await _answer(provider, endpoints.keys)
    asked = (endpoints.issuer, provider.client_id, journey.nonce)
    claims, why = await _looked_at(provider, "claims", keys, token, *asked)
    if why:
        raise ProviderFailed(f"its token isn't good: {why}"[:200])
    found: dict[str, Any] = claims
    return found


async def _looked_at(provider: Provider, work: str, *arguments: Any) -> tuple[Any, str]:
    """What comes of looking at what a provider sent, and why nothing does; a provider's takes turns."""
    try:
        return await _readers.run(looked_at, work, *arguments, turn=provider.id)
    except TooCostly:
        return None, "it costs too much to look at"


async def _userinfo(provider: Provider, url: str, token: Any, subject: str) -> dict[str, Any]:
    if not isinstance(token, str) or not re.fullmatch(r"[\x21-\x7e]{1,8192}", token):
        raise ProviderFailed("it gave no access token")
    found = await _fetch(provider, url, headers={"authorization": f"Bearer {token}"})
    if found.get("sub") != subject:
        raise ProviderFailed(_("it's about someone else"))
    return about_email(found)


async def _fetch(provider: Provider, url: str, **asked: Any) -> dict[str, Any]:
    """This is the JSON object at an address of a provider's.

    Raises:
        ProviderFailed: there is none, or the address isn't one to ask.
    """
    try:
        found = read_json(await _answer(provider, url, **asked))
    except ValueError as error:
        raise ProviderFailed(_("its answer can't be read")) from error
    if not isinstance(found, dict):
        raise ProviderFailed(_("its answer can't be read"))
    return found


async def _answer(
    provider: Provider,
    url: str,
    *,
    form: dict[str, str] | None = None,
    auth: httpx.Auth | None = None,
    headers: dict[str, str] | None = None,
) -> bytes:
    """This is what an address of a provider's answers, as it was sent: what is packed isn't unpacked."""
    if not is_secure(url):
        raise ProviderFailed(_("its address isn't https"))
    plain = {"accept": "application/json", "accept-encoding": "identity"}
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            place, host = await _resolved(url, public=provider.business_id is not None)
            async with (
                httpx.AsyncClient(timeout=PATIENCE_SECONDS, verify=_trusted(), trust_env=False) as client,
                client.stream(
                    "GET" if form is None else "POST",
                    place,
                    data=form,
                    auth=auth,
                    headers={"host": host} | plain | (headers or {}),
                    extensions={"sni_hostname": urlsplit(url).hostname or ""},
                ) as answer,
            ):
                if answer.status_code != 200:
                    raise ProviderFailed(f"it answered {answer.status_code}")
                return await _body(answer)
    except (httpx.HTTPError, httpx.InvalidURL, OSError, TimeoutError, ValueError) as error:
        raise ProviderFailed(_("it can't be reached")) from error


@cache
def _trusted() -> ssl.SSLContext:
    """Whose certificates are believed; to read them all is some twenty milliseconds' work."""
    return httpx.create_ssl_context(trust_env=False)


async def _body(answer: httpx.Response) -> bytes:
    if answer.headers.get("content-encoding", "identity") != "identity":
        raise ProviderFailed(_("its answer can't be read"))
    body, pieces = bytearray(), 0
    async for piece in answer.aiter_raw():
        body += piece
        pieces += 1
        if len(body) > MOST_BYTES or pieces > MOST_PIECES:
            raise ProviderFailed(_("its answer is too long"))
        await asyncio.sleep(0)  # many that are there at once are one step of the loop each
    return bytes(body)


async def _resolved(url: str, *, public: bool) -> tuple[str, str]:
    """This is an address with its host looked up, once and for all, and the host as it is called.

    Raises:
        ProviderFailed: a public host is asked for, and it is one of our own network's.
    """
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    addresses = [ipaddress.ip_address(each[4][0]) for each in found]
    if public and not trusts_own_network and not all(map(is_public, addresses)):
        raise ProviderFailed(_("its address isn't public"))
    address = min(addresses, key=lambda each: each.version)
    written = f"[{address}]" if address.version == 6 else str(address)
    return parts._replace(netloc=f"{written}:{port}").geturl(), parts.netloc


trusts_own_network = False
"""Whether a business may name a provider that isn't public. Tests may."""
