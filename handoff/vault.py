"""Keys: who can open what.

Three kinds of lock, one for each question "who may read this?":

* `ServerKeys` lock what the helpline's own processes need for a while: chat ids, working state, waiting updates.
* A conversation's key pair seals its transcript: who holds the private key (a *holder*) can read, nobody else.
* A member's password locks the member's private key, and that key opens the organisation's.

Everything is libsodium through PyNaCl: X25519 sealed boxes, XChaCha20-Poly1305 with associated data, Argon2id.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import unicodedata
from dataclasses import dataclass, field
from typing import Self

from nacl import exceptions, pwhash
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.secret import Aead, SecretBox

KEY_BYTES = 32
_TAG_BYTES = 32


class Unreadable(Exception):
    """This text cannot be opened: the key is not the right one, or somebody changed it."""


class WrongPassword(Exception):
    """The password does not open this member's key."""


@dataclass(frozen=True, slots=True)
class KeyPair:
    """A key pair is a lock that everybody may close (public) and that its holder alone opens (private)."""

    public: bytes
    private: bytes = field(repr=False)

    @classmethod
    def new(cls) -> Self:
        key = PrivateKey.generate()
        return cls(bytes(key.public_key), bytes(key))


@dataclass(frozen=True, slots=True)
class EntryPlace:
    """Where an entry of a transcript stands; sealed into it, so that it cannot be moved or swapped."""

    conversation: str
    seq: int
    direction: str

    def bytes(self) -> bytes:
        return f"{self.conversation}|{self.seq}|{self.direction}".encode()


@dataclass(frozen=True, slots=True)
class ServerKeys:
    """The server's own secrets, 32 bytes each.

    `lookup` finds a person again by chat id, `authenticity` proves that an entry was made here, `ring` locks what
    the bot must read later: the newest (first) encrypts, all decrypt.
    """

    lookup: bytes = field(repr=False)
    authenticity: bytes = field(repr=False)
    ring: tuple[bytes, ...] = field(repr=False)

    @classmethod
    def new(cls) -> Self:
        lookup, authenticity, newest = (secrets.token_bytes(KEY_BYTES) for _ in range(3))
        return cls(lookup, authenticity, (newest,))

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Reads what `to_text` wrote; raises ValueError with what is missing, never with a key in it."""
        found: dict[str, list[bytes]] = {"lookup": [], "authenticity": [], "ring": []}
        for number, line in enumerate(text.splitlines(), 1):
            if not line.strip() or line.startswith("#"):
                continue
            name, _, value = line.partition(" ")
            if name not in found:
                raise ValueError(f"line {number} of the key file starts with an unknown name")
            try:
                key = base64.b64decode(value.strip(), validate=True)
            except ValueError:
                raise ValueError(f"line {number} of the key file is not base64") from None
            if len(key) != KEY_BYTES:
                raise ValueError(f"line {number} of the key file is not a key of {KEY_BYTES} bytes")
            found[name].append(key)
        for name in ("lookup", "authenticity"):
            if len(found[name]) != 1:
                raise ValueError(f"the key file must have exactly one line '{name}'")
        if not found["ring"]:
            raise ValueError("the key file has no line 'ring'")
        return cls(found["lookup"][0], found["authenticity"][0], tuple(found["ring"]))

    def to_text(self) -> str:
        lines = [
            ("lookup", self.lookup),
            ("authenticity", self.authenticity),
            *(("ring", key) for key in self.ring),
        ]
        head = "# The helpline's server keys. Secret. The first 'ring' line encrypts, all of them decrypt.\n"
        return head + "".join(f"{name} {base64.b64encode(key).decode()}\n" for name, key in lines)

    def handle(self, bot_id: int, chat_id: int) -> bytes:
        """By this a person is found again: 32 bytes that tell nothing without the server's key."""
        return hmac.digest(self.lookup, f"{bot_id}:{chat_id}".encode(), hashlib.sha256)

    def lock(self, plain: bytes, purpose: str) -> bytes:
        return bytes(Aead(self.ring[0]).encrypt(plain, purpose.encode()))

    def unlock(self, locked: bytes, purpose: str) -> bytes:
        """Opens what `lock` locked for the same purpose; raises Unreadable."""
        for key in self.ring:
            try:
                return bytes(Aead(key).decrypt(locked, purpose.encode()))
            except exceptions.CryptoError:
                continue
        raise Unreadable

    def seal_entry(self, public_key: bytes, place: EntryPlace, content: bytes) -> bytes:
        """Seals content to a conversation; the tag in front shows that this server wrote it at this place."""
        key = secrets.token_bytes(KEY_BYTES)
        wrapped = seal(public_key, key)
        body = wrapped + bytes(Aead(key).encrypt(content, place.bytes()))
        return self._tag(place, body) + body

    def open_entry(self, private_key: bytes, place: EntryPlace, sealed: bytes) -> bytes:
        """Opens an entry with the conversation's private key; raises Unreadable for one moved or made up."""
        tag, body = sealed[:_TAG_BYTES], sealed[_TAG_BYTES:]
        if not hmac.compare_digest(tag, self._tag(place, body)):
            raise Unreadable
        wrapped_length = KEY_BYTES + 48  # a sealed box adds 48 bytes to the key that it holds
        key = unseal(private_key, body[:wrapped_length])
        try:
            return bytes(Aead(key).decrypt(body[wrapped_length:], place.bytes()))
        except exceptions.CryptoError:
            raise Unreadable from None

    def _tag(self, place: EntryPlace, body: bytes) -> bytes:
        return hmac.digest(self.authenticity, place.bytes() + b"\0" + body, hashlib.sha256)


def seal(public_key: bytes, secret: bytes) -> bytes:
    return SealedBox(PublicKey(public_key)).encrypt(secret)


def unseal(private_key: bytes, sealed: bytes) -> bytes:
    """Opens what `seal` closed; raises Unreadable."""
    try:
        return SealedBox(PrivateKey(private_key)).decrypt(sealed)
    except exceptions.CryptoError:
        raise Unreadable from None


@dataclass(frozen=True, slots=True)
class LockedKey:
    """A member's private key as the database keeps it: opened by the password alone."""

    salt: bytes
    locked: bytes


def lock_with_password(private_key: bytes, password: str) -> LockedKey:
    salt = secrets.token_bytes(pwhash.argon2id.SALTBYTES)
    return LockedKey(salt, SecretBox(_stretch(password, salt)).encrypt(private_key))


def unlock_with_password(key: LockedKey, password: str) -> bytes:
    """The member's private key; takes 64 MiB and some 0.1 s, so callers cap how many run at once."""
    try:
        return SecretBox(_stretch(password, key.salt)).decrypt(key.locked)
    except exceptions.CryptoError:
        raise WrongPassword from None


def _stretch(password: str, salt: bytes) -> bytes:
    # one and the same "š", however a keyboard puts it together
    password = unicodedata.normalize("NFKC", password)
    return pwhash.argon2id.kdf(
        KEY_BYTES,
        password.encode(),
        salt,
        opslimit=pwhash.argon2id.OPSLIMIT_INTERACTIVE,
        memlimit=pwhash.argon2id.MEMLIMIT_INTERACTIVE,
    )


def lock_with_key(key: bytes, secret: bytes) -> bytes:
    """Locks a secret with a 32-byte key that somebody carries: a session's cookie, a printed recovery key."""
    return SecretBox(hashlib.sha256(b"carried key" + key).digest()).encrypt(secret)


def unlock_with_key(key: bytes, locked: bytes) -> bytes:
    try:
        return SecretBox(hashlib.sha256(b"carried key" + key).digest()).decrypt(locked)
    except exceptions.CryptoError:
        raise Unreadable from None


def recovery_words(key: bytes) -> str:
    """A recovery key as it is printed: groups of four, no letter that is easily mistaken."""
    text = base64.b32encode(key).decode().rstrip("=")
    return "-".join(text[i : i + 4] for i in range(0, len(text), 4))


def recovery_key(words: str) -> bytes:
    """The key that `recovery_words` printed; raises ValueError when it was mistyped beyond recognition."""
    text = words.replace("-", "").replace(" ", "").upper()
    return base64.b32decode(text + "=" * (-len(text) % 8))
