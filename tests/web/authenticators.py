"""An authenticator: a device that keeps a passkey, without a browser around it."""

import hashlib
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any

import cbor2
import orjson
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, VERIFIED, HAS_KEY, HAS_EXTENSIONS = 0x01, 0x04, 0x40, 0x80


def to_text(content: bytes) -> str:
    return urlsafe_b64encode(content).decode().rstrip("=")


@dataclass
class Authenticator:
    """What it says rightly; each part can be made otherwise."""

    origin: str
    id: bytes = b"an authenticator"
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    handle: str = ""
    count: int = 0

    def make(self, options: dict[str, Any], **other: str) -> dict[str, Any]:
        """This is the answer to a hub that asks for a passkey; ``other`` are parts of it in base64."""
        self.handle = options["user"]["id"]
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": self.data(HAS_KEY, self.kept())})
        return self._answer("webauthn.create", options, {"attestationObject": to_text(attestation)} | other)

    def use(self, options: dict[str, Any], extensions: bytes = b"", **other: str) -> dict[str, Any]:
        """This is the answer to a hub that asks whose it is."""
        data = self.data(HAS_EXTENSIONS if extensions else 0, extensions)
        client = self._client("webauthn.get", options)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        parts = {"authenticatorData": to_text(data), "signature": to_text(signature), "userHandle": self.handle}
        return self._answer("webauthn.get", options, parts | other)

    def kept(self) -> bytes:
        """What it says of its key: to whom it belongs, and the public half."""
        numbers = self.key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}
        return bytes(16) + len(self.id).to_bytes(2) + self.id + cbor2.dumps(public)

    def data(self, flags: int, rest: bytes) -> bytes:
        self.count += 1
        host = self.origin.partition("://")[2].partition(":")[0]
        head = hashlib.sha256(host.encode()).digest() + bytes([flags | PRESENT | VERIFIED])
        return head + self.count.to_bytes(4) + rest

    def _answer(self, type: str, options: dict[str, Any], parts: dict[str, Any]) -> dict[str, Any]:
        response = {"clientDataJSON": to_text(self._client(type, options))} | parts
        return {"id": to_text(self.id), "rawId": to_text(self.id), "type": "public-key", "response": response}

    def _client(self, type: str, options: dict[str, Any]) -> bytes:
        return orjson.dumps({"type": type, "challenge": options["challenge"], "origin": self.origin})
