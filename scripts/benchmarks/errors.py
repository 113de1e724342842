"""What keeps a benchmark from being measured here."""


class Skipped(Exception):
    """A part that cannot be measured here; the message says what is missing and how to get it."""
