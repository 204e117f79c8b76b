"""The one family of errors. A message is Vietnamese, one line, and says what to do next."""


class HoidapError(Exception):
    """Anything this program refuses or fails to do; `str(error)` is fit to be shown to a person."""


class ReportError(HoidapError):
    """A report that cannot be read or taken in."""


class StoreError(HoidapError):
    """The database cannot be opened, read or written."""


class UnavailableError(StoreError):
    """The database cannot be read or written now (locked, full, away); later it may."""


class GenerationError(HoidapError):
    """The index is missing, stale or damaged."""


class ClusterError(HoidapError):
    """The machines that rank for this one cannot be reached, or refuse."""


class QuestionError(HoidapError):
    """A question that cannot be answered as it was put (empty, too long)."""


class OutputError(HoidapError):
    """A file that was asked for cannot be written."""


class AccessError(HoidapError):
    """Somebody may not do what they want to."""


class SettingsError(HoidapError):
    """A setting is missing or wrong."""
