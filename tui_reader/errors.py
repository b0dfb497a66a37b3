"""Every error that tui-reader raises on purpose; the command line prints one as a single line and exits.

ReaderError                 anything a person can be told in one line
├── UsageError              the words of a command are wrong (exit 2)
│   └── QueryError          a query does not parse; knows the offset of the character
├── NotFoundError           no such entry, feed or highlight
├── ConfigError             config.toml is wrong; names file and key
├── TaxonomyError           a taxonomy file is wrong; names file and entry
├── FileError               a file cannot be read or written, or is not what it should be
│   └── OpmlError           not an OPML file
├── StoreError              the database cannot be used
│   ├── StoreCorruptError   it is damaged, or not a database
│   ├── StoreTooNewError    a newer version of the program made it
│   ├── StoreReadOnlyError  it, or its folder, cannot be written
│   └── LeaseHeld           another process refreshes it (in `store.lease`)
├── FetchError              one address could not be fetched (see `kind`)
└── ParseError              what was fetched is not a feed
"""


class ReaderError(Exception):
    """The message is one line for a person: it names the thing and, where there is one, the way out."""


class UsageError(ReaderError):
    """The words of a command are wrong."""


class QueryError(UsageError):
    """A query does not parse.

    `offset` counts characters of the query from 0; `hint` is the nearest right word, or "".
    """

    def __init__(self, message: str, *, offset: int, hint: str = "") -> None:
        super().__init__(message)
        self.offset = offset
        self.hint = hint
        self.query = ""
        """The text, where whoever typed it should be shown the place."""


class NotFoundError(ReaderError):
    """No such entry, feed or highlight."""


class ConfigError(ReaderError):
    """The configuration file is wrong."""


class TaxonomyError(ReaderError):
    """A taxonomy file is wrong."""


class FileError(ReaderError):
    """A file cannot be read or written, or is not what it should be."""


class OpmlError(FileError):
    """A file is not OPML."""


class StoreError(ReaderError):
    """The database cannot be used."""


class StoreCorruptError(StoreError):
    """The database is damaged, or the file is no database."""


class StoreTooNewError(StoreError):
    """A newer version of the program made the database."""


class StoreReadOnlyError(StoreError):
    """The database, or the folder it lies in, cannot be written."""


class FetchError(ReaderError):
    """One address could not be fetched.

    `kind` is one of: `address` (unusable or forbidden URL), `dns`, `connect`, `tls`, `timeout`, `size`, `redirect`,
    `http` (an error status; see `status`), `protocol`. `retry_after` is seconds, or None if the server named none.
    """

    def __init__(self, message: str, *, kind: str, status: int | None = None, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.kind = kind
        self.status = status
        self.retry_after = retry_after


class ParseError(ReaderError):
    """What was fetched is not a feed."""
