"""What a file is, told by its first bytes; and the small pictures that stand for images and videos."""

from __future__ import annotations

from pathlib import Path
from typing import Any

UNKNOWN = "application/octet-stream"
PREVIEW_EDGE = 480
"""Pixels of a preview's longer edge [our decision]."""

MOST_PIXELS = 50_000_000
"""Images with more pixels get no preview: a small file can unfold to any size."""

LATER = {"video": "video/mp4", "audio": "audio/x-m4a"}
"""What a video or audio is called that doesn't say: what LINE calls most of them. Tests send made-up bytes."""


def media_type(kind: str, head: bytes) -> str | None:
    """The media type of what was sent as `kind`; None where it can't be that kind.

    Only types that browsers show without running anything come out of it.
    """
    if kind == "file":
        return UNKNOWN
    if kind == "image":
        return image_type(head)
    return (video_type(head) if kind == "video" else audio_type(head)) or LATER[kind]


def image_type(head: bytes) -> str | None:
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    return "image/webp" if is_riff(head, b"WEBP") else None


def video_type(head: bytes) -> str | None:
    if head[4:8] == b"ftyp":
        return "video/quicktime" if head[8:10] == b"qt" else "video/mp4"
    return "video/webm" if is_ebml(head) else None


def audio_type(head: bytes) -> str | None:
    if head[4:8] == b"ftyp":
        return "audio/x-m4a"
    if head.startswith(b"ID3") or head[:2] in {b"\xff\xfb", b"\xff\xf3", b"\xff\xf2"}:
        return "audio/mpeg"
    if head[:2] in {b"\xff\xf1", b"\xff\xf9"}:
        return "audio/aac"
    if head.startswith(b"OggS"):
        return "audio/ogg"
    if is_ebml(head):
        return "audio/webm"
    return "audio/wav" if is_riff(head, b"WAVE") else None


def is_riff(head: bytes, form: bytes) -> bool:
    return head.startswith(b"RIFF") and head[8:12] == form


def is_ebml(head: bytes) -> bool:
    return head.startswith(b"\x1a\x45\xdf\xa3")


def image_preview(source: Path, target: Path) -> bool:
    """Write a small JPEG of an image; False where that can't be done, as with a damaged file."""
    from PIL import Image, ImageOps

    # The limit is ours, looked at before anything is unfolded; Pillow's own is a warning for the whole process.
    Image.MAX_IMAGE_PIXELS = None
    try:
        with Image.open(source, formats=("JPEG", "PNG", "GIF", "WEBP")) as image:
            if image.width * image.height > MOST_PIXELS:
                return False
            image.draft("RGB", (PREVIEW_EDGE * 2, PREVIEW_EDGE * 2))
            upright = ImageOps.exif_transpose(image)
            upright.thumbnail((PREVIEW_EDGE, PREVIEW_EDGE))
            on_white(upright).save(target, "JPEG", quality=82)
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError):
        return False
    return True


def on_white(image: Any) -> Any:
    """The image without transparency, which JPEG doesn't know."""
    from PIL import Image

    if image.mode in {"RGB", "L"}:
        return image
    see_through = image.convert("RGBA")
    ground = Image.new("RGB", image.size, "white")
    ground.paste(see_through, mask=see_through.getchannel("A"))
    return ground


def video_preview(target: Path) -> None:
    """Write a picture that stands for a video: nothing here can look into one."""
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (PREVIEW_EDGE, PREVIEW_EDGE * 9 // 16), "#2b3138")
    width, height = image.size
    middle, radius = (width // 2, height // 2), height // 5
    draw = ImageDraw.Draw(image)
    draw.ellipse(
        (middle[0] - radius, middle[1] - radius, middle[0] + radius, middle[1] + radius), fill="#ffffff"
    )
    side = radius // 2
    corners = [(-side * 0.7, -side), (-side * 0.7, side), (side * 1.1, 0)]
    draw.polygon([(middle[0] + x, middle[1] + y) for x, y in corners], fill="#2b3138")
    image.save(target, "JPEG", quality=82)
