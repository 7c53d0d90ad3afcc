"""The shelf from which the NLU server takes its model: always the live one, known by its fingerprint."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from litestar import Litestar, Request, Response, get
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from handoff import models, wording
from nlu_data import model


def create_app(sessions: async_sessionmaker[AsyncSession], data_dir: Path) -> Litestar:
    """Answers every question with the live model, or 304 to who has it, or 404 while there is none."""

    @get("/")
    async def live(request: Request[Any, Any, Any]) -> Response[bytes]:
        async with sessions() as session:
            fingerprint = await models.live(session)
            if request.headers.get("if-none-match") == fingerprint:
                return Response(b"", status_code=304)
            content = await models.archive(session, fingerprint)
        if content is None:
            content = await asyncio.to_thread(_shipped, fingerprint, data_dir)
        if content is None:
            return Response(b"", status_code=404)
        named = {"ETag": fingerprint, "filename": f"{fingerprint}.tar.gz"}
        return Response(content, media_type="application/octet-stream", headers=named)

    return Litestar(route_handlers=[live], openapi_config=None, logging_config=None)


def _shipped(fingerprint: str, data_dir: Path) -> bytes | None:
    path = model.path(data_dir)
    return path.read_bytes() if fingerprint == wording.base() and path.exists() else None
