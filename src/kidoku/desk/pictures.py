"""Pictures that the team sends: kept for LINE, whose clients load them from an address that nobody can guess.

LINE (reference, "Image message"): https, JPEG or PNG, 10 MB at most; the preview 1 MB at most.
"""

from __future__ import annotations

import io
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from kidoku.desk.media_files import INCOMING, sync_folder

if TYPE_CHECKING:
    from kidoku.desk.config import DeskConfig

PREFIX = "/pictures/"
FOLDER = "pictures"
"""Below the media folder."""

MOST_BYTES = 10_000_000
MOST_PIXELS = 50_000_000
"""A small file can unfold to any size."""
PREVIEW_EDGE = 720
"""Pixels of a preview's longer edge [our decision]."""
QUALITY = 90
KEY_BYTES = 24

SUFFIXES = {"JPEG": ".jpg", "PNG": ".png"}
TYPES = {".jpg": "image/jpeg", ".png": "image/png"}
PREVIEW = "-preview.jpg"
_NAME = re.compile(r"[A-Za-z0-9_-]{32}(?:-preview)?(\.jpg|\.png)")


class NotSendable(Exception):
    """It is no picture that LINE shows. `code` names what is wrong with it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class Prepared(NamedTuple):
    """A picture as it is sent, and its preview, which is a JPEG."""

    suffix: str
    original: bytes
    preview: bytes


def public_base(config: DeskConfig) -> str | None:
    """Where LINE's clients reach the desk; None: they can't. LINE takes https only, and so does our platform."""
    base = (config.public_url or "").rstrip("/")
    return base if base.startswith("https://") else None


def prepare(data: bytes) -> Prepared:
    """Look whether it is a picture, and make its preview. What a camera wrote into it, as the place, is left out.

    Blocks. Raises NotSendable.
    """
    from PIL import Image, ImageOps

    # The limit is ours, looked at before anything is unfolded; Pillow's own is a warning for the whole process.
    Image.MAX_IMAGE_PIXELS = None
    try:
        with Image.open(io.BytesIO(data), formats=tuple(SUFFIXES)) as image:
            if image.width * image.height > MOST_PIXELS:
                raise NotSendable("too_many_pixels", f"The picture has more than {MOST_PIXELS} pixels.")
            kind = str(image.format)
            upright = ImageOps.exif_transpose(image)
            original = encoded(upright, kind) if image.getexif() else data
            upright.thumbnail((PREVIEW_EDGE, PREVIEW_EDGE))
            preview = encoded(on_white(upright), "JPEG")
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError) as error:
        raise NotSendable("no_picture", "That is no JPEG or PNG, or it is damaged.") from error
    if len(original) > MOST_BYTES:
        raise NotSendable("too_large", f"The picture is larger than {MOST_BYTES} bytes.")
    return Prepared(SUFFIXES[kind], original, preview)


def encoded(image: Any, kind: str) -> bytes:
    made = io.BytesIO()
    image.save(made, kind, quality=QUALITY, icc_profile=image.info.get("icc_profile"))
    return made.getvalue()


def on_white(image: Any) -> Any:
    """The image in colours that every JPEG decoder knows, without transparency."""
    from PIL import Image

    if image.mode in {"RGB", "L"}:
        return image
    if image.mode == "CMYK":
        return image.convert("RGB")
    see_through = image.convert("RGBA")
    ground = Image.new("RGB", image.size, "white")
    ground.paste(see_through, mask=see_through.getchannel("A"))
    return ground


def keep(media_dir: Path, key: str, picture: Prepared, now: int) -> tuple[str, str]:
    """Put a picture on disk; the names of it and of its preview. Blocks."""
    folder, incoming = media_dir / FOLDER, media_dir / INCOMING
    folder.mkdir(parents=True, exist_ok=True)
    incoming.mkdir(exist_ok=True)
    names = (key + picture.suffix, key + PREVIEW)
    for name, data in zip(names, (picture.original, picture.preview), strict=True):
        temporary = incoming / name
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.utime(temporary, (now / 1_000, now / 1_000))
        temporary.replace(folder / name)
    sync_folder(folder)
    return names


def find(media_dir: Path, name: str) -> tuple[Path, str] | None:
    """The file of a name and its type; None when it can't be one of ours. Whether it is there is not looked at."""
    found = _NAME.fullmatch(name)
    return None if found is None else (media_dir / FOLDER / name, TYPES[found[1]])


def drop_older(media_dir: Path, moment: int) -> None:
    """Delete what was put there before a moment, in ms. Blocks."""
    folder = media_dir / FOLDER
    if folder.is_dir():
        for entry in list(os.scandir(folder)):
            if entry.stat().st_mtime * 1_000 < moment:
                Path(entry.path).unlink(missing_ok=True)
