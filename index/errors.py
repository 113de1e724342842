"""Every error a user can meet below the service. Each message names the thing and the remedy."""


class QuothError(Exception):
    """The base: whoever catches it may show its message to a person as it is."""


class UnreadableDocument(QuothError):
    """One file could not become a document; the build goes on without it and reports it."""


class InvalidSource(QuothError):
    """A path to build from is missing, is neither file nor folder, or holds no document."""


class InvalidFilter(QuothError):
    """A filter is not of the filter language; ``pointer`` says where (RFC 6901)."""

    def __init__(self, message: str, pointer: str = "") -> None:
        super().__init__(message)
        self.pointer = pointer


class InvalidSetting(QuothError):
    """A setting is unknown or its value is out of range."""


class EncoderUnavailable(QuothError):
    """The encoder's model is missing, is not the verified one, or cannot be loaded."""


class EncodingFailed(QuothError):
    """The encoder failed in the midst of a build; what it had encoded is kept for the next one."""


class OversizedPassage(QuothError):
    """A passage holds more word pieces than the encoder reads; the build stops, never truncates."""


class SnapshotNotFound(QuothError):
    """The index folder holds no published snapshot."""


class IncompatibleSnapshot(QuothError):
    """The snapshot is of another format version, encoder or dimension than this service reads."""


class CorruptSnapshot(QuothError):
    """A file of the snapshot is missing or its bytes are not those the manifest vouches for."""


class IndexNotWritable(QuothError):
    """The index folder cannot be written to: no permission, no space, or not a folder."""


class BuildInProgress(QuothError):
    """Another process is building into the same index folder."""
