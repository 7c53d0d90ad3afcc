"""Organisations and their members: the ceremony that makes keys, and logging in."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from handoff import vault
from handoff.access import Reader
from handoff.store.tables import Audit, ConsoleSession, Member, Organisation
from handoff.vault import KeyPair, LockedKey, Unreadable, WrongPassword

LOGGED_IN_FOR: Final = timedelta(hours=12)
MIN_PASSWORD: Final = 12
_stretching: Final = ThreadPoolExecutor(2, "password")  # no more at once: each takes 64 MiB
_NOBODY = LockedKey(bytes(16), bytes(72))  # what an unknown name's password is tried on, so that both take as long


class NotAllowed(Exception):
    """This member may not do that."""


class BadInvitation(Exception):
    """The invitation does not fit: it was used, or the name or code is wrong. Ask for a new one."""


class WeakPassword(Exception):
    """A password needs at least 12 characters; three or four unrelated words are good."""


class NameTaken(Exception):
    """There is already a member with this login name. Choose another one."""


@dataclass(frozen=True, slots=True)
class Login:
    """A member whose password was right, with the private key that it opened."""

    member: Member
    private: bytes = field(repr=False)


async def create_organisation(
    session: AsyncSession, code: str, lead_login: str, lead_name: str, lead_password: str
) -> tuple[Organisation, str]:
    """Makes an organisation with its key and first lead; the second value is the recovery key, shown once."""
    pair = KeyPair.new()
    recovery = secrets.token_bytes(vault.KEY_BYTES)
    organisation = Organisation(
        code=code, public_key=pair.public, recovery_locked=vault.lock_with_key(recovery, pair.private)
    )
    session.add(organisation)
    await session.flush()
    invitation = await invite(session, organisation, lead_login, lead_name, "lead")
    lead = await accept(session, lead_login, invitation, lead_password)
    assert lead.public_key is not None
    lead.sealed_organisation_key = vault.seal(lead.public_key, pair.private)
    lead.admitted_at = datetime.now(UTC)
    await session.flush()
    return organisation, vault.recovery_words(recovery)


async def invite(session: AsyncSession, organisation: Organisation, login: str, name: str, role: str) -> str:
    """A member who is not there yet; returns the one-time code by which they set their password."""
    if await session.scalar(select(Member.id).where(Member.login == login)) is not None:
        raise NameTaken(login)
    code = secrets.token_urlsafe(12)
    session.add(
        Member(
            organisation_id=organisation.id,
            login=login,
            name=name,
            role=role,
            language="en",
            invitation_hash=_hash(code),
        )
    )
    await session.flush()
    return code


async def accept(session: AsyncSession, login: str, code: str, password: str) -> Member:
    """The member sets a password, and their key pair is made. They read nothing until a lead admits them."""
    if len(password) < MIN_PASSWORD:
        raise WeakPassword
    member = await session.scalar(select(Member).where(Member.login == login).with_for_update())
    expected = member.invitation_hash if member is not None else None
    if member is None or expected is None or not hmac.compare_digest(expected, _hash(code)):
        raise BadInvitation
    pair = KeyPair.new()
    loop = asyncio.get_running_loop()
    locked = await loop.run_in_executor(_stretching, vault.lock_with_password, pair.private, password)
    member.invitation_hash = None
    member.salt, member.private_locked, member.public_key = locked.salt, locked.locked, pair.public
    await session.flush()
    return member


async def admit(session: AsyncSession, lead: Reader, member_id: int) -> None:
    """A lead who holds the organisation's key seals it to a member; admins and auditors never get it."""
    member = await session.get(Member, member_id)
    if lead.role != "lead" or lead.organisation_private is None:
        raise NotAllowed
    if member is None or member.organisation_id != lead.organisation_id or member.public_key is None:
        raise NotAllowed
    if member.role not in {"counsellor", "lead"}:
        raise NotAllowed
    member.sealed_organisation_key = vault.seal(member.public_key, lead.organisation_private)
    member.admitted_at, member.admitted_by = datetime.now(UTC), lead.member_id
    session.add(Audit(member_id=lead.member_id, act=f"admitted member {member_id}", conversation_id=None))
    await session.flush()


async def log_in(session: AsyncSession, login: str, password: str) -> Login:
    """Opens a member's key with their password, which is the check; raises WrongPassword, the same for any reason."""
    login = login.replace("\0", "")  # no text of a database holds one
    member = await session.scalar(select(Member).where(Member.login == login))
    key = _NOBODY
    if member is not None and member.salt is not None and member.private_locked is not None:
        key = LockedKey(member.salt, member.private_locked)
    loop = asyncio.get_running_loop()
    private = await loop.run_in_executor(_stretching, vault.unlock_with_password, key, password)
    if member is None:
        raise WrongPassword
    session.add(Audit(member_id=member.id, act="logged in", conversation_id=None))
    return Login(member, private)


def as_reader(organisation: Organisation, login: Login) -> Reader:
    """What a member may open, now that their key is open."""
    member = login.member
    sealed = member.sealed_organisation_key
    return Reader(
        member_id=member.id,
        organisation_id=member.organisation_id,
        organisation=organisation.code,
        role=member.role,
        name=member.name,
        language=member.language,
        organisation_private=None if sealed is None else vault.unseal(login.private, sealed),
    )


async def reader(session: AsyncSession, login: Login) -> Reader:
    organisation = await session.get_one(Organisation, login.member.organisation_id)
    return as_reader(organisation, login)


async def start_session(session: AsyncSession, login: Login, now: datetime) -> str:
    """The cookie's token: the database keeps its hash and the member's key locked with it, never the token."""
    token = secrets.token_urlsafe(32)
    session.add(
        ConsoleSession(
            token_hash=_hash(token),
            member_id=login.member.id,
            private_locked=vault.lock_with_key(token.encode(), login.private),
            expires_at=now + LOGGED_IN_FOR,
        )
    )
    await session.execute(delete(ConsoleSession).where(ConsoleSession.expires_at <= now))
    return token


async def resume(session: AsyncSession, token: str, now: datetime) -> Reader | None:
    """Who a cookie belongs to; None when it is unknown, has expired or opens nothing."""
    found = await session.get(ConsoleSession, _hash(token))
    if found is None or found.expires_at <= now:
        return None
    member = await session.get_one(Member, found.member_id)
    try:
        return await reader(session, Login(member, vault.unlock_with_key(token.encode(), found.private_locked)))
    except Unreadable:
        return None


async def end_session(session: AsyncSession, token: str) -> None:
    await session.execute(delete(ConsoleSession).where(ConsoleSession.token_hash == _hash(token)))


async def speak(session: AsyncSession, reader: Reader, language: str) -> None:
    """The console's language for this member."""
    await session.execute(update(Member).where(Member.id == reader.member_id).values(language=language))


def _hash(code: str) -> bytes:
    return hashlib.sha256(code.encode()).digest()
