"""Who can open what: the two organisations, the server, an admin, somebody who stole the database."""

from __future__ import annotations

import asyncio
import time
import unicodedata
import uuid
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from handoff import access, conversations, desk, organisations
from handoff.access import NotYours
from handoff.store.tables import Conversation, Entry, Holder, IntakeKey, Member, Organisation, Person, Tombstone
from handoff.vault import (
    EntryPlace,
    KeyPair,
    ServerKeys,
    Unreadable,
    WrongPassword,
    lock_with_password,
    recovery_key,
    seal,
    unlock_with_key,
    unlock_with_password,
    unseal,
)
from tests.conftest import PASSWORD, Team
from tests.handoff.conftest import NOW, Writes

Sessions = async_sessionmaker[AsyncSession]


async def lines(sessions: Sessions, keys: ServerKeys, reader: access.Reader, one: uuid.UUID) -> list[Any]:
    async with sessions() as session, session.begin():
        return [line.content for line in await desk.transcript(session, keys, reader, one)]


async def take(sessions: Sessions, keys: ServerKeys, team: Team, one: uuid.UUID) -> None:
    async with sessions() as session, session.begin():
        await desk.take(session, keys, team.counsellor, one, NOW)


async def test_who_has_taken_it_reads_it_and_the_other_organisation_never(
    sessions: Sessions, server_keys: ServerKeys, atina: Team, pvpt: Team, writes: Writes
) -> None:
    one = await writes("he has my passport", to="atina")
    await take(sessions, server_keys, atina, one)
    assert {"text": "he has my passport"} in await lines(sessions, server_keys, atina.counsellor, one)
    for reader in (pvpt.counsellor, pvpt.lead):
        with pytest.raises(NotYours):
            await lines(sessions, server_keys, reader, one)
        with pytest.raises(NotYours):
            async with sessions() as session, session.begin():
                await desk.take(session, server_keys, reader, one, NOW)
    async with sessions() as session:
        assert await desk.queue(session, pvpt.counsellor) == ()


async def test_before_the_take_nobody_reads_and_after_it_the_server_cannot(
    sessions: Sessions, server_keys: ServerKeys, atina: Team, writes: Writes
) -> None:
    one = await writes("words before the take", to="atina")
    with pytest.raises(NotYours):
        await lines(sessions, server_keys, atina.counsellor, one)
    await take(sessions, server_keys, atina, one)
    async with sessions() as session:
        holders = (await session.scalars(select(Holder.kind).where(Holder.conversation_id == one))).all()
        conversation = await session.get_one(Conversation, one)
    assert holders == ["organisation"]
    assert conversation.state_locked is None


async def test_even_a_holder_row_copied_by_a_thief_opens_nothing(
    sessions: Sessions, server_keys: ServerKeys, atina: Team, pvpt: Team, writes: Writes
) -> None:
    """Somebody who can write to the database gives PVPT a copy of Atina's holder row."""
    one = await writes("not for others", to="atina")
    await take(sessions, server_keys, atina, one)
    async with sessions() as session, session.begin():
        holder = (await session.scalars(select(Holder).where(Holder.conversation_id == one))).one()
        session.add(
            Holder(
                conversation_id=one,
                kind="organisation",
                holder_id=pvpt.lead.organisation_id,
                sealed_key=holder.sealed_key,
            )
        )
        await session.execute(
            update(Conversation).where(Conversation.id == one).values(organisation_id=pvpt.lead.organisation_id)
        )
    with pytest.raises(Unreadable):
        await lines(sessions, server_keys, pvpt.counsellor, one)


async def test_an_entry_cannot_be_moved_swapped_or_made_up(
    sessions: Sessions, server_keys: ServerKeys, atina: Team, writes: Writes
) -> None:
    one = await writes("first words", to="atina")
    async with sessions() as session, session.begin():
        conversation = await session.get_one(Conversation, one)
        await conversations.append(session, server_keys, conversation, "person", {"text": "second words"})
        public = conversation.public_key
    await take(sessions, server_keys, atina, one)
    forged = ServerKeys.new().seal_entry(public, EntryPlace(str(one), 9, "person"), b'{"text": "forged"}')
    changes = [
        (update(Entry).where(Entry.conversation_id == one, Entry.seq == 1).values(seq=7), "moved"),
        (update(Entry).where(Entry.conversation_id == one, Entry.seq == 1).values(direction="bot"), "turned round"),
    ]
    for change, what in changes:
        async with sessions() as session:
            await session.execute(change)
            with pytest.raises(Unreadable):
                await desk.transcript(session, server_keys, atina.counsellor, one)
            await session.rollback()
        assert what
    async with sessions() as session:
        session.add(Entry(conversation_id=one, seq=9, direction="person", sealed=forged))
        with pytest.raises(Unreadable):
            await desk.transcript(session, server_keys, atina.counsellor, one)


async def test_a_stolen_database_holds_no_word_and_no_person(
    sessions: Sessions, server_keys: ServerKeys, database_url: str, atina: Team, writes: Writes
) -> None:
    marker = "Marigold-7741"
    await writes(f"to the bot: {marker}")
    await writes(f"waiting: {marker}", to="atina")
    one = await writes(f"my name is {marker}", to="atina")
    await take(sessions, server_keys, atina, one)
    async with sessions() as session, session.begin():
        await desk.reply(session, server_keys, atina.counsellor, one, f"hello {marker}")
    async with sessions() as session:
        tables = (await session.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))).all()
        stolen = ""
        for table in tables:
            rows = await session.execute(text(f'SELECT t::text FROM "{table}" AS t'))  # noqa: S608 - names of our own tables
            stolen += "\n".join(row[0] for row in rows)
    assert len(stolen) > 1000
    assert marker not in stolen
    assert marker.encode().hex() not in stolen
    assert PASSWORD not in stolen


async def test_the_servers_own_keys_open_what_waits_and_not_what_was_taken(
    sessions: Sessions, server_keys: ServerKeys, atina: Team, writes: Writes
) -> None:
    """Somebody has the whole database and the server's key file."""
    waiting, taken = await writes("words that wait", to="atina"), await writes("words in good hands", to="atina")
    await take(sessions, server_keys, atina, taken)
    async with sessions() as session:
        intake = [server_keys.unlock(key.private_locked, "intake") for key in await session.scalars(select(IntakeKey))]
        holders = (await session.scalars(select(Holder))).all()
        opened: dict[uuid.UUID, str] = {}
        for holder, private in ((holder, private) for holder in holders for private in intake):
            try:
                found = unseal(private, holder.sealed_key)
            except Unreadable:
                continue
            entry = await session.get_one(Entry, (holder.conversation_id, 1))
            place = EntryPlace(str(holder.conversation_id), 1, "person")
            opened[holder.conversation_id] = server_keys.open_entry(found, place, entry.sealed).decode()
        states = (await session.scalars(select(Conversation.state_locked).where(Conversation.id == taken))).all()
    assert opened == {waiting: '{"text": "words that wait"}'}
    assert states == [None]


async def test_the_role_alone_keeps_admins_and_auditors_out(
    sessions: Sessions, server_keys: ServerKeys, atina: Team, writes: Writes
) -> None:
    one = await writes("not for admins", to="atina")
    await take(sessions, server_keys, atina, one)
    outsiders = [replace(atina.lead, role=role) for role in ("admin", "auditor")]
    for reader in (*outsiders, replace(atina.lead, organisation_private=None)):
        for act in (desk.queue, desk.mine):
            with pytest.raises(NotYours):
                async with sessions() as session:
                    await act(session, reader)
        for seen in (desk.about, access.unlock):
            with pytest.raises(NotYours):
                async with sessions() as session:
                    await seen(session, reader, one)
        with pytest.raises(NotYours):
            async with sessions() as session:
                await desk.take_next(session, server_keys, reader, NOW)


async def test_a_conversation_whose_key_the_organisation_lacks_is_not_taken(
    sessions: Sessions, server_keys: ServerKeys, atina: Team, writes: Writes
) -> None:
    """Taking destroys the server's key: it must never be the last one."""
    one = await writes("help", to="atina")
    async with sessions() as session, session.begin():
        await session.execute(delete(Holder).where(Holder.kind == "organisation"))
    with pytest.raises(NotYours):
        await take(sessions, server_keys, atina, one)
    async with sessions() as session:
        assert (await session.scalars(select(Holder.kind))).all() == ["intake"]


async def test_a_member_reads_only_after_a_lead_admitted_them_and_an_admin_never(
    sessions: Sessions, server_keys: ServerKeys, atina: Team, pvpt: Team, writes: Writes
) -> None:
    async with sessions() as session, session.begin():
        organisation = (await session.scalars(select(Organisation).where(Organisation.code == "atina"))).one()
        for role in ("counsellor", "admin"):
            code = await organisations.invite(session, organisation, f"new-{role}", "New", role)
            await organisations.accept(session, f"new-{role}", code, PASSWORD)
        members = {one.role: one for one in await session.scalars(select(Member).where(Member.login.like("new-%")))}
        with pytest.raises(organisations.NotAllowed):
            await organisations.admit(session, atina.lead, members["admin"].id)
        with pytest.raises(organisations.NotAllowed):
            await organisations.admit(session, pvpt.lead, members["counsellor"].id)
        with pytest.raises(organisations.NotAllowed):
            await organisations.admit(session, atina.counsellor, members["counsellor"].id)
    for login in ("new-counsellor", "new-admin"):
        async with sessions() as session, session.begin():
            reader = await organisations.reader(session, await organisations.log_in(session, login, PASSWORD))
            assert reader.organisation_private is None
            with pytest.raises(NotYours):
                await desk.queue(session, reader)
    async with sessions() as session, session.begin():
        await organisations.admit(session, atina.lead, members["counsellor"].id)
        reader = await organisations.reader(session, await organisations.log_in(session, "new-counsellor", PASSWORD))
        assert await desk.queue(session, reader) == ()


async def test_a_wrong_password_and_an_unknown_name_are_told_alike(sessions: Sessions, atina: Team) -> None:
    async with sessions() as session:
        for login, password in (("atina-lead", "wrong password here"), ("nobody", PASSWORD)):
            with pytest.raises(WrongPassword):
                await organisations.log_in(session, login, password)


async def test_an_unknown_name_takes_as_long_as_a_wrong_password(sessions: Sessions, atina: Team) -> None:
    async with sessions() as session:
        organisation = (await session.scalars(select(Organisation))).one()
        await organisations.invite(session, organisation, "invited", "Invited", "counsellor")

        async def seconds(login: str) -> float:
            began = time.perf_counter()
            with pytest.raises(WrongPassword):
                await organisations.log_in(session, login, "wrong password here")
            return time.perf_counter() - began

        known, *others = [
            min([await seconds(login) for _ in range(3)]) for login in ("atina-lead", "nobody", "invited", "a\0b")
        ]
    assert min(others) > known / 3


async def test_many_log_in_at_once(sessions: Sessions, atina: Team) -> None:
    async def logs_in() -> str:
        async with sessions() as session, session.begin():
            return (await organisations.log_in(session, "atina-lead", PASSWORD)).member.name

    assert set(await asyncio.gather(*(logs_in() for _ in range(6)))) == {"Lead of atina"}


def test_a_password_is_the_same_however_the_keyboard_puts_its_letters_together() -> None:
    locked = lock_with_password(b"k" * 32, "čuvaj të gjitha štapiće")
    assert unlock_with_password(locked, unicodedata.normalize("NFD", "čuvaj të gjitha štapiće")) == b"k" * 32
    with pytest.raises(WrongPassword):
        unlock_with_password(locked, "cuvaj te gjitha stapice")


async def test_an_invitation_serves_once_and_a_short_password_is_refused(sessions: Sessions, atina: Team) -> None:
    async with sessions() as session, session.begin():
        organisation = (await session.scalars(select(Organisation))).one()
        code = await organisations.invite(session, organisation, "once", "Once", "counsellor")
        with pytest.raises(organisations.WeakPassword):
            await organisations.accept(session, "once", code, "short")
        with pytest.raises(organisations.BadInvitation):
            await organisations.accept(session, "once", "guessed", PASSWORD)
        await organisations.accept(session, "once", code, PASSWORD)
        with pytest.raises(organisations.BadInvitation):
            await organisations.accept(session, "once", code, PASSWORD)
        with pytest.raises(organisations.NameTaken):
            await organisations.invite(session, organisation, "once", "Again", "counsellor")


async def test_a_session_lives_in_the_cookie_and_ends(sessions: Sessions, atina: Team) -> None:
    async with sessions() as session, session.begin():
        token = await organisations.start_session(
            session, await organisations.log_in(session, "atina-counsellor", PASSWORD), NOW
        )
        reader = await organisations.resume(session, token, NOW)
        assert reader == atina.counsellor
        assert await organisations.resume(session, token + "x", NOW) is None
        stored = str((await session.execute(text("SELECT s::text FROM console_session AS s"))).all())
        assert token not in stored
        assert token.encode().hex() not in stored
        assert await organisations.resume(session, token, NOW + organisations.LOGGED_IN_FOR) is None
        await organisations.end_session(session, token)
        assert await organisations.resume(session, token, NOW) is None


async def test_the_printed_recovery_key_opens_the_organisation(sessions: Sessions) -> None:
    async with sessions() as session, session.begin():
        made, words = await organisations.create_organisation(session, "third", "third-lead", "Lead", PASSWORD)
        typed = words.lower().replace("-", " ")
        private = unlock_with_key(recovery_key(typed), made.recovery_locked)
        assert unseal(private, seal(made.public_key, b"proof")) == b"proof"


async def test_forgetting_destroys_everything_but_a_tombstone(
    sessions: Sessions, server_keys: ServerKeys, atina: Team, writes: Writes
) -> None:
    one = await writes("forget me", to="atina")
    await take(sessions, server_keys, atina, one)
    async with sessions() as session, session.begin():
        person_id = (await session.get_one(Conversation, one)).person_id
        assert person_id is not None
        await conversations.forget(session, person_id, NOW)
    async with sessions() as session:
        for table in (Conversation, Entry, Holder):
            assert await session.scalar(select(func.count()).select_from(table)) == 0
        assert (await session.scalars(select(Tombstone.person_id))).all() == [person_id]
        assert (await session.get_one(Person, person_id)).forgotten_at == NOW
    with pytest.raises(NotYours):
        await lines(sessions, server_keys, atina.counsellor, one)


async def test_starting_fresh_hides_what_was_written_before(
    sessions: Sessions, server_keys: ServerKeys, atina: Team, writes: Writes
) -> None:
    one = await writes("only for the bot")
    async with sessions() as session, session.begin():
        fresh = await conversations.start_fresh(session, server_keys, await session.get_one(Conversation, one), NOW)
        await conversations.request_handoff(session, server_keys, fresh, "atina", {"consent": "fresh"}, None, NOW)
        again = fresh.id
    await take(sessions, server_keys, atina, again)
    assert await lines(sessions, server_keys, atina.counsellor, again) == [{"consent": "fresh"}]
    async with sessions() as session:
        assert (await session.scalars(select(Holder).where(Holder.conversation_id == one))).all() == []


async def test_an_intake_key_goes_when_nothing_needs_it(
    sessions: Sessions, server_keys: ServerKeys, atina: Team, writes: Writes
) -> None:
    one = await writes("today", to="atina")
    tomorrow = NOW.date().replace(day=26)
    async with sessions() as session, session.begin():
        await conversations.destroy_old_intake_keys(session, tomorrow)
        assert await session.scalar(select(func.count()).select_from(IntakeKey)) == 1
    await take(sessions, server_keys, atina, one)
    async with sessions() as session, session.begin():
        await conversations.destroy_old_intake_keys(session, tomorrow)
        assert await session.scalar(select(func.count()).select_from(IntakeKey)) == 0


def test_server_keys_come_back_from_their_file_and_old_ones_still_open() -> None:
    old = ServerKeys.new()
    locked = old.lock(b"words", "inbox")
    rotated = ServerKeys(old.lookup, old.authenticity, (KeyPair.new().private, *old.ring))
    again = ServerKeys.from_text(rotated.to_text())
    assert again == rotated
    assert again.unlock(locked, "inbox") == b"words"
    with pytest.raises(Unreadable):
        again.unlock(locked, "outbox")
    with pytest.raises(ValueError, match="ring"):
        ServerKeys.from_text("\n".join(old.to_text().splitlines()[:-1]))


@pytest.mark.parametrize("line", ["lookup notbase64!", "other AAAA", "ring AAAA"])
def test_a_broken_key_file_is_told_without_showing_a_key(line: str) -> None:
    with pytest.raises(ValueError, match="line 1") as told:
        ServerKeys.from_text(line)
    assert "AAAA" not in str(told.value)
