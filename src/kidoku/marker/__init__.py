"""Marks messages as read for bots in Python: durable, beside the official SDK.

    marker = await Marker.open("marks.db", access_token)
    await marker.due(event)

A mark that `due` has taken is on disk, and is made even if LINE can't be reached for a day or the process dies: the
desk's engine, in a file of the bot's own.
"""

from kidoku.marker.errors import FileInUse, MarkerError
from kidoku.marker.mark import Mark, State
from kidoku.marker.marker import Marker
from kidoku.marker.sync import SyncMarker

__all__ = ["FileInUse", "Mark", "Marker", "MarkerError", "State", "SyncMarker"]
