"""The models a service or command asks with, loaded as the settings say."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from index.encoder import Encoder
from index.encoders import load_encoder
from service.reader import open_reader
from service.reading.loading import LoadedReader
from service.settings import Settings, runtime_settings

# The first call of a model is its slowest; it is spent before anyone waits for it.
WARM_UP = ("What is cited here?",)


def encoder_of(settings: Settings) -> Encoder:
    """The encoder of ``QUOTH_ENCODER``, which has encoded once. Raises EncoderUnavailable, and
    InvalidSetting where it does not run as ``QUOTH_RUNTIME`` and ``QUOTH_PRECISION`` say.
    """
    encoder = load_encoder(settings.encoder, runtime_settings(settings))
    encoder.encode_queries(WARM_UP)
    return encoder


def reader_of(settings: Settings) -> LoadedReader | None:
    """The reader of ``QUOTH_READER``, which has read once; None for none. Raises
    ReaderUnavailable, and InvalidSetting as ``encoder_of``.
    """
    return open_reader(settings.reader, runtime_settings(settings))


def models_of(settings: Settings) -> tuple[Encoder, LoadedReader | None]:
    """Both, loaded side by side; raises as either."""
    with ThreadPoolExecutor(1) as beside:
        reader = beside.submit(reader_of, settings)
        return encoder_of(settings), reader.result()
