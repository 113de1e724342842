"""The reader's network: the packaged MiniLM with two heads, over question and passage together."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import nn
from transformers import AutoConfig, AutoModel
from transformers.utils import logging

from service.reading.spans import NEVER


class ReaderNetwork(nn.Module):
    """BERT encoder, 6 layers of 384, with a span head and a verdict head.

    The first token stands for "no answer here": a start and end on it.
    """

    def __init__(self, encoder: nn.Module) -> None:
        super().__init__()
        self.encoder = encoder
        width = encoder.config.hidden_size
        self.span = nn.Linear(width, 2)
        self.verdict = nn.Linear(width, 2)

    def forward(
        self,
        ids: torch.Tensor,
        segments: torch.Tensor,
        attention: torch.Tensor,
        in_passage: torch.Tensor,
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Logits float32: span [rows, length, 2] (start, end), verdict [rows, 2].

        The verdict's two are relevance and answerability. Outside passage and first token
        the span's logits are ``NEVER``.
        """
        hidden = self.encoder(
            input_ids=ids, token_type_ids=segments, attention_mask=attention
        ).last_hidden_state
        allowed = in_passage.clone()
        allowed[:, 0] = True
        span = self.span(hidden).float().masked_fill(~allowed[:, :, None], NEVER)
        return span, self.verdict(hidden[:, 0]).float()


def packaged_network(folder: Path, attention: str = "sdpa") -> ReaderNetwork:
    """The packaged MiniLM with untrained heads; dropout is off, as it is in use."""
    logging.disable_progress_bar()
    level = logging.get_verbosity()
    logging.set_verbosity_error()  # it would warn of a pooler that nobody uses
    try:
        config = AutoConfig.from_pretrained(folder, local_files_only=True)
        config.hidden_dropout_prob = config.attention_probs_dropout_prob = 0.0
        encoder = AutoModel.from_pretrained(
            folder,
            config=config,
            add_pooling_layer=False,
            attn_implementation=attention,
            local_files_only=True,
            use_safetensors=True,
            trust_remote_code=False,
        )
    finally:
        logging.set_verbosity(level)
    return ReaderNetwork(encoder)


def trained_parameters(network: ReaderNetwork) -> dict[str, nn.Parameter]:
    """What training changes: all but the word embeddings, by name.

    The word pieces' vectors are half of the model's bytes and stay the packaged ones.
    """
    return {
        name: parameter
        for name, parameter in network.named_parameters()
        if "word_embeddings" not in name
    }
