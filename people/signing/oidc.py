"""OpenID Connect: how a provider is asked who someone is, by the authorization code flow with PKCE, state and nonce.

What a provider names as its addresses is somebody else's word: they are https, a business's provider is none of our own
network's, nothing is followed elsewhere, and answers are short and soon.

Source: OpenID Connect Core 1.0, sections 3.1.2, 3.1.3 and 5.3; Discovery 1.0, section 4; RFC 6749, section 2.3.1;
RFC 7636; RFC 9207.
"""

import asyncio
import ipaddress
import secrets
import socket
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus, urlencode, urlsplit

import httpx
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from people.mailboxes import one_spelling
from people.signing.providers import Provider, Said, is_secure
from store.ciphers import cipher
from store.errors import NotSignedIn, _
from store.json import read_json
from store.networks import is_public

PATIENCE_SECONDS = 6.0
MOST_BYTES = 512 * 1024
LEEWAY_SECONDS = 60
SIGNED_BY = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
"""Algorithms with a public key; none with a shared secret, and never ``none``."""
SCOPE = "openid email profile"
ABOUT_EMAIL = ("email", "email_verified")


class ProviderFailed(NotSignedIn):
    """A provider didn't say who someone is, or not so that it can be believed. The reason is for the journal."""

    code = "provider_failed"
    message = _("The other service didn't sign you in. Please try again, or sign in by your password.")

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
    if str(known.get("issuer", "")).rstrip("/") != provider.issuer.rstrip("/"):
        raise ProviderFailed(_("it names another issuer"))
    named = [str(known.get(name, "")) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
    if not all(map(is_secure, named)):
        raise ProviderFailed(_("it names an address that isn't https"))
    ways = known.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    userinfo = known.get("userinfo_endpoint")
    return Endpoints(
        known["issuer"],
        named[0],
        named[1],
        named[2],
        userinfo if isinstance(userinfo, str) and is_secure(userinfo) else None,
        "client_secret_basic" not in ways,
    )


async def test_provider(provider: Provider) -> Endpoints:
    """Look whether a provider answers, and shows its keys.

    Raises:
        ProviderFailed: it doesn't.
    """
    endpoints = await endpoints_of(provider)
    _keys(await _fetch(provider, endpoints.keys))
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


async def said_by(provider: Provider, journey: Journey, answer: dict[str, str]) -> Said:
    """This is what a provider says of who came back from it, with the query that they brought.

    Raises:
        ProviderFailed: it says nothing, or what can't be believed.
    """
    if "error" in answer or not answer.get("code"):
        raise ProviderFailed(f"it answered {answer.get('error', 'nothing')[:60]}")
    endpoints = await endpoints_of(provider)
    if answer.get("iss", endpoints.issuer) != endpoints.issuer:
        raise ProviderFailed(_("another issuer answered"))
    tokens = await _exchange(provider, endpoints, journey, answer["code"])
    claims = await _claims(provider, endpoints, journey, str(tokens.get("id_token", "")))
    email = _about_email(claims)
    if len(email) < len(ABOUT_EMAIL) and endpoints.userinfo:
        access = str(tokens.get("access_token", ""))
        email = _joined(email, await _userinfo(provider, endpoints.userinfo, access, claims["sub"]))
    return Said(str(claims["sub"]), one_spelling(str(email.get("email", ""))), _truth(email.get("email_verified")))


def _about_email(claims: dict[str, Any]) -> dict[str, Any]:
    return {name: claims[name] for name in ABOUT_EMAIL if claims.get(name) is not None}


def _joined(token: dict[str, Any], userinfo: dict[str, Any]) -> dict[str, Any]:
    """What both say together. That an e-mail is verified is said of that one alone, not of another."""
    named = {one_spelling(str(said["email"])).casefold() for said in (token, userinfo) if "email" in said}
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


async def _claims(provider: Provider, endpoints: Endpoints, journey: Journey, token: str) -> dict[str, Any]:
    keys = _keys(await _fetch(provider, endpoints.keys))
    try:
        decoded = jwt.decode(token, keys, algorithms=SIGNED_BY)
        claims = CodeIDToken(
            decoded.claims,
            decoded.header,
            options={
                "iss": {"essential": True, "value": endpoints.issuer},
                "aud": {"essential": True, "value": provider.client_id},
                "sub": {"essential": True},
            },
            params={"nonce": journey.nonce, "client_id": provider.client_id},
        )
        claims.validate(leeway=LEEWAY_SECONDS)
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise ProviderFailed(f"its token isn't good: {error}"[:200]) from error
    return dict(decoded.claims)


async def _userinfo(provider: Provider, url: str, token: str, subject: str) -> dict[str, Any]:
    found = await _fetch(provider, url, headers={"authorization": f"Bearer {token}"})
    if found.get("sub") != subject:
        raise ProviderFailed(_("it speaks of somebody else"))
    return _about_email(found)


def _keys(known: dict[str, Any]) -> KeySet:
    try:
        return KeySet.import_key_set(known)  # type: ignore[arg-type]  # what isn't one is refused
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise ProviderFailed(_("its keys can't be read")) from error


async def _fetch(
    provider: Provider,
    url: str,
    *,
    form: dict[str, str] | None = None,
    auth: httpx.Auth | None = None,
    headers: dict[str, str] | None = None,
) -> dict[str, Any]:
    """This is the JSON object at an address of a provider's.

    Raises:
        ProviderFailed: there is none, or the address isn't one to ask.
    """
    if not is_secure(url):
        raise ProviderFailed(_("its address isn't https"))
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            place, host = await _resolved(url, public=provider.business_id is not None)
            async with (
                httpx.AsyncClient(timeout=PATIENCE_SECONDS, trust_env=False) as client,
                client.stream(
                    "GET" if form is None else "POST",
                    place,
                    data=form,
                    auth=auth,
                    headers={"host": host, "accept": "application/json"} | (headers or {}),
                    extensions={"sni_hostname": urlsplit(url).hostname or ""},
                ) as answer,
            ):
                body = bytearray()
                async for chunk in answer.aiter_bytes():
                    body += chunk
                    if len(body) > MOST_BYTES:
                        raise ProviderFailed(_("it answers at too great length"))
                if answer.status_code != 200:
                    raise ProviderFailed(f"it answered {answer.status_code}")
        found = read_json(bytes(body))
    except (httpx.HTTPError, httpx.InvalidURL, OSError, TimeoutError, ValueError) as error:
        raise ProviderFailed(_("it can't be reached")) from error
    if not isinstance(found, dict):
        raise ProviderFailed(_("its answer can't be read"))
    return found


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
        raise ProviderFailed(_("its address isn't a public one"))
    address = min(addresses, key=lambda each: each.version)
    written = f"[{address}]" if address.version == 6 else str(address)
    return parts._replace(netloc=f"{written}:{port}").geturl(), parts.netloc


trusts_own_network = False
"""Whether a business may name a provider that isn't public. Tests may."""
