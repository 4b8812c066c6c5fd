"""What can go wrong with a marker. That LINE refuses a mark is no error here: such a mark is parked."""


class MarkerError(Exception):
    """A marker that can't be opened, or is used in a way that can't work; the text says what to do."""


class FileInUse(MarkerError):
    """The file is open already, in another process or in this one."""
