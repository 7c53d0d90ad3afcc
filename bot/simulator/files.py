"""Files that passed through the simulated Telegram, kept in memory."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from random import Random
from typing import Final

from bot.simulator import errors, images
from bot.simulator.parameters import Json, Upload

MAX_DOWNLOAD: Final = 20 * 1024 * 1024
MAX_UPLOAD: Final = 50 * 1024 * 1024
MAX_PHOTO: Final = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class File:
    """Bytes under the identifiers and the path that Telegram gives them."""

    id: str
    unique_id: str
    path: str
    content: bytes
    name: str
    media_type: str

    def to_api(self, *, with_path: bool = False) -> Json:
        """As the Bot API writes a File."""
        fields: Json = {"file_id": self.id, "file_unique_id": self.unique_id, "file_size": len(self.content)}
        if with_path:
            fields["file_path"] = self.path
        return fields


class Files:
    """All files, found by id or by path."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._by_id: dict[str, File] = {}
        self._by_path: dict[str, File] = {}

    def add(self, content: bytes, folder: str, name: str, media_type: str = "") -> File:
        """Keeps the bytes; folder is Telegram's: photos, voice, documents, stickers, video_notes."""
        number = len(self._by_id)
        dot = name.rfind(".")
        file = File(
            id=self._text(51),
            unique_id=self._text(9),
            path=f"{folder}/file_{number}{name[dot:] if dot > 0 else ''}",
            content=content,
            name=name,
            media_type=media_type or images.media_type(content),
        )
        self._by_id[file.id] = file
        self._by_path[file.path] = file
        return file

    def by_id(self, file_id: str) -> File | None:
        """The file of this id."""
        return self._by_id.get(file_id)

    def by_path(self, path: str) -> File | None:
        """The file of this path."""
        return self._by_path.get(path)

    def received(self, value: Upload | str | None, what: str, folder: str, default_name: str) -> File:
        """The file that the bot sends: uploaded now, or known by its id; `what` as in "there is no photo"."""
        if value is None:
            raise errors.bad_request(f"There is no {what} in the request")
        if isinstance(value, str):
            known = self.by_id(value)
            if known is not None:
                return known
            if value.startswith(("http://", "https://")):
                # the simulator has no internet: to the bot this is an address that Telegram can't reach
                raise errors.bad_request("failed to get HTTP URL content")
            raise errors.bad_request("Wrong file identifier/HTTP URL specified")
        if not value.content:
            raise errors.bad_request("File must be non-empty")
        if what == "photo":
            _check_photo(value.content)
        elif len(value.content) > MAX_UPLOAD:
            raise errors.too_large()
        return self.add(value.content, folder, value.name or default_name, value.media_type)

    def _text(self, size: int) -> str:
        return base64.urlsafe_b64encode(self._random.randbytes(size)).decode().rstrip("=")


def _check_photo(content: bytes) -> None:
    if len(content) > MAX_PHOTO:
        raise errors.bad_request(
            f"File of size {len(content)} bytes is too big for a photo; the maximum size is {MAX_PHOTO} bytes"
        )
    pixels = images.size(content)
    if pixels is None:
        raise errors.bad_request("IMAGE_PROCESS_FAILED")
    width, height = pixels
    if not width or not height or width + height > 10_000 or max(pixels) > 20 * min(pixels):
        raise errors.bad_request("PHOTO_INVALID_DIMENSIONS")
