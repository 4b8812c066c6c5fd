"""`kidoku backup`: a copy of the databases and of what users sent, taken while the servers run."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import click

from kidoku.cli.errors import CliError
from kidoku.cli.flags import CONFIG, DATA, SET, settings_flags
from kidoku.cli.output import print_json
from kidoku.cli.settings import Effective
from kidoku.cli.words import _
from kidoku.platform.config import PlatformConfig

FOLDERS = {"kidoku.db": "media", "desk.db": "desk-media"}
"""The databases of the platform and of the desk, and the folders with the files that they name."""
KEPT_FILES = ("demo.json", "control.key", "desk.key")
"""Small files beside them that a restored folder needs as well."""
UNIT = 1000.0


@click.command(
    help=_("Copy the databases and the media files of a data folder to TARGET, also while the servers run."),
    short_help=_("Copy the data folder while the servers run."),
)
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help=_("JSON for scripts."))
@settings_flags(DATA, CONFIG, SET)
def backup(effective: Effective[PlatformConfig], target: Path, as_json: bool) -> None:
    config = effective.config
    if config.database_url:
        raise CliError(
            _("`kidoku backup` copies the embedded database, and another one is set."),
            _("Use the tools of that database, and copy the folder {folder}.").format(
                folder=config.media_dir
            ),
        )
    try:
        database, media, files = copy(config.data_dir, target)
    except OSError as error:
        raise CliError(
            _("The backup failed: {reason}.").format(reason=error.strerror or error),
            _("Nothing in the data folder was changed; remove {target} and try again.").format(target=target),
        ) from error
    if as_json:
        print_json(
            {"target": str(target), "databaseBytes": database, "mediaBytes": media, "mediaFiles": files}
        )
        return
    click.echo(
        _(
            "Backed up to {target}: database {database}, {files} media files {media}. Checked, no errors."
        ).format(target=target, database=size(database), files=files, media=size(media))
    )


def copy(source: Path, target: Path) -> tuple[int, int, int]:
    """Copy a data folder; gives the bytes of the databases, the bytes of the media and the number of media
    files.

    A database comes before its files: every one that it names exists by then, and the servers only ever add files.
    """
    databases = [name for name in FOLDERS if (source / name).is_file()]
    if not databases:
        raise CliError(
            _("There is no database in {folder}.").format(folder=source),
            _("Name the data folder with --data."),
        )
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise CliError(
            _("{target} is there already and is not empty.").format(target=target),
            _("A backup overwrites nothing: name a new folder."),
        )
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    sizes: list[int] = []
    for name in databases:
        copy_database(source / name, target / name)
        sizes += copy_media(source / FOLDERS[name], target / FOLDERS[name])
    for name in KEPT_FILES:
        if (source / name).is_file():
            shutil.copy2(source / name, target / name)
    return sum((target / name).stat().st_size for name in databases), sum(sizes), len(sizes)


def copy_database(source: Path, target: Path) -> None:
    """Copy a database that may be in use, and check the copy."""
    try:
        with closing(read_only(source)) as live, closing(sqlite3.connect(target)) as made:
            target.chmod(0o600)
            live.backup(made)
            made.execute("PRAGMA journal_mode = DELETE")
            verdict = made.execute("PRAGMA integrity_check").fetchone()[0]
    except sqlite3.Error as error:
        verdict = str(error)
    if verdict != "ok":
        raise CliError(
            _("The copy of the database is damaged: {verdict}.").format(verdict=verdict),
            _("Look at the disk, and keep your earlier backups."),
        )


def read_only(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)


def copy_media(source: Path, target: Path) -> Iterator[int]:
    """Copy media files; gives their sizes. One that was pruned meanwhile is left out."""
    for file in sorted(source.rglob("*")):
        if file.is_symlink() or not file.is_file():
            continue
        copied = target / file.relative_to(source)
        copied.parent.mkdir(parents=True, exist_ok=True)
        try:
            shutil.copy2(file, copied)
        except FileNotFoundError:
            continue
        yield copied.stat().st_size


def size(count: float) -> str:
    """Bytes for people: `12.3 MB`."""
    for unit in ("B", "kB", "MB", "GB"):
        if count < UNIT:
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= UNIT
    return f"{count:.1f} TB"
