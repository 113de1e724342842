"""Which model files are taken, and which refused."""

import pytest

from index import model_files
from index.encoders import load_encoder
from index.errors import EncoderUnavailable


def test_an_altered_packaged_model_is_refused(copied_model, monkeypatch):
    """One changed byte in the tokenizer, and the packaged encoder is not loaded."""
    tokenizer = copied_model / "tokenizer.json"
    tokenizer.write_bytes(tokenizer.read_bytes().replace(b"##ing", b"##inh", 1))
    monkeypatch.setattr(model_files, "packaged_folder", lambda: copied_model)
    with pytest.raises(EncoderUnavailable, match=r"tokenizer\.json .* sha256 .* reinstall"):
        load_encoder()


def test_pickled_weights_are_refused(copied_model):
    """A folder with only a .bin is not opened: unpickling can run code."""
    (copied_model / "model.safetensors").rename(copied_model / "pytorch_model.bin")
    with pytest.raises(EncoderUnavailable, match="safetensors"):
        load_encoder(str(copied_model))


def test_altered_settings_of_the_packaged_model_are_refused(copied_model, monkeypatch):
    """Weights alone do not make a vector: another pooling is another encoder."""
    pooling = copied_model / "1_Pooling" / "config.json"
    pooling.write_text(pooling.read_text().replace("true", "false"))
    monkeypatch.setattr(model_files, "packaged_folder", lambda: copied_model)
    with pytest.raises(EncoderUnavailable, match=r"1_Pooling/config\.json"):
        load_encoder()


@pytest.mark.parametrize("name", ["no such model", "../x/y/z", "https://example.org/model"])
def test_a_name_that_is_neither_folder_nor_hub_id_is_refused(name):
    """Nothing is fetched for a name that cannot be a model."""
    with pytest.raises(EncoderUnavailable, match="neither a folder nor a hub id"):
        load_encoder(name)
