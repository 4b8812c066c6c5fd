"""The stickers that a bot may send (docs/messaging-api/sticker-list)."""

SENDABLE = {
    446: range(1988, 2028),
    789: range(10855, 10895),
    1070: range(17839, 17879),
    6136: range(10551376, 10551400),
    6325: range(10979904, 10979928),
    6359: range(11069848, 11069872),
    6362: range(11087920, 11087944),
    6370: range(11088016, 11088040),
    6632: range(11825374, 11825398),
    8515: range(16581242, 16581266),
    8522: range(16581266, 16581290),
    8525: range(16581290, 16581314),
    11537: range(52002734, 52002774),
    11538: range(51626494, 51626534),
    11539: range(52114110, 52114150),
}
"""Package ID to the sticker IDs in it, which are consecutive in every one of these packages."""

_PACKAGES = {str(package): stickers for package, stickers in SENDABLE.items()}


def sendable(package_id: str, sticker_id: str) -> bool:
    """Whether the Messaging API sends this sticker. It refuses all others, also those that users send."""
    stickers = _PACKAGES.get(package_id)
    return stickers is not None and _is_plain_number(sticker_id) and int(sticker_id) in stickers


def _is_plain_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 8 and not text.startswith("0")
