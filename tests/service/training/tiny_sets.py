"""SQuAD-format files of a few made-up towns, and a network that fits in a moment."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from transformers import BertConfig, BertModel

from service.reading.network import ReaderNetwork
from service.training.sources import Source

TOWNS = (
    "Arlen Borvik Cestria Dunmore Elgar Fenwick Galdor Harlow Istria Jarvik Kelso Lindum"
).split()
FOUNDERS = "Anna Bertil Carla Dagmar Emil Frieda Gustav Hanna Ivan Johanna Karl Lena".split()
MONTHS = "January March April June July August September October".split()


def town_text(at: int) -> str:
    name = TOWNS[at]
    return (
        f"{name} lies on a wide river. It was founded in {1500 + 7 * at} by {FOUNDERS[at]} Stone. "
        f"The town has {1200 + at} inhabitants, most of them fishermen. "
        f"Every {MONTHS[at % 8]} a fair is held on the market square."
    )


def answer(text: str, words: str) -> dict:
    return {"text": words, "answer_start": text.index(words)}


def town_questions(at: int) -> list[dict]:
    text, name = town_text(at), TOWNS[at]
    asked = (
        (f"When was {name} founded?", str(1500 + 7 * at)),
        (f"Who founded {name}?", f"{FOUNDERS[at]} Stone"),
        (f"How many inhabitants does {name} have?", str(1200 + at)),
        (f"When is the fair of {name} held?", f"Every {MONTHS[at % 8]}"),
    )
    known = [
        {"id": f"{name}-{place}", "question": question, "answers": [answer(text, words)]}
        for place, (question, words) in enumerate(asked)
    ]
    unknown = {"id": f"{name}-no", "question": f"Who burnt {name}?", "answers": []}
    return [*known, {**unknown, "is_impossible": True}]


def towns(count: int = len(TOWNS)) -> list[tuple[str, str, list[dict]]]:
    """Title, paragraph and questions of each of the first towns."""
    return [(f"{TOWNS[at]}_town", town_text(at), town_questions(at)) for at in range(count)]


def write_squad(path: Path, paragraphs: list[tuple[str, str, list[dict]]]) -> Path:
    articles = [
        {"title": title, "paragraphs": [{"context": context, "qas": questions}]}
        for title, context, questions in paragraphs
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"data": articles}), encoding="utf-8")
    return path


def town_source(name: str = "towns", **options) -> Source:
    given = {"files": {"towns.json": "train"}, "licence": "made up", "titled": True, **options}
    return Source(name, name, **given)


def tiny_network(seed: int = 1) -> ReaderNetwork:
    """One layer, 16 wide, random weights that the seed settles."""
    torch.manual_seed(seed)
    config = BertConfig(
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    return ReaderNetwork(BertModel(config, add_pooling_layer=False))
