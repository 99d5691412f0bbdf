"""Keys of a service, as it shows them."""

from base64 import urlsafe_b64encode

from joserfc.jwk import ECKey


def number(bits: int) -> str:
    """This is the largest number of so many bits, as a key says it."""
    return urlsafe_b64encode(b"\xff" * (bits // 8)).decode().rstrip("=")


def key(**members: str) -> dict[str, str]:
    return {"kty": "RSA", "kid": "one", "n": number(2048), "e": "AQAB"} | members


EC = ECKey.generate_key("P-521").as_dict(private=False)
