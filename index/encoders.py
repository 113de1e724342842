"""Which encoder runs where: OpenVINO for the packaged model, torch for any other."""

from __future__ import annotations

from index.encoder import Encoder
from index.errors import InvalidSetting
from index.model_files import named_model, packaged_model
from index.runtimes import RuntimeSettings, cuda_is_there


def load_encoder(name: str | None = None, wanted: RuntimeSettings = RuntimeSettings()) -> Encoder:
    """The packaged MiniLM, or the sentence-transformers model named: a folder or a hub id.

    The packaged model runs in OpenVINO, a named one in torch, as does either where there is an
    NVIDIA card for it. The network is used only for a hub id. Raises EncoderUnavailable where
    the model is missing, altered (packaged) or cannot be loaded without running its code, and
    InvalidSetting where it does not run as ``wanted``.
    """
    if name is not None and wanted.runtime == "openvino":
        raise InvalidSetting(
            f"QUOTH_RUNTIME is 'openvino', which runs the packaged encoder only, and "
            f"QUOTH_ENCODER names {name!r}; unset one of them"
        )
    # Each runtime is imported where it is chosen: torch alone takes seconds.
    if (
        name is not None
        or wanted.runtime == "torch"
        or (wanted.runtime == "auto" and cuda_is_there())
    ):
        from index.sentence_transformers_encoder import SentenceTransformersEncoder

        files = packaged_model() if name is None else named_model(name)
        return SentenceTransformersEncoder(files, wanted.precision)
    from index.openvino_encoder import OpenVinoEncoder

    return OpenVinoEncoder(packaged_model(), wanted.precision)
