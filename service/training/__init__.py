"""How the reader is trained: data sets → examples and hard negatives → batches → weights.

Needed by ``scripts/train_reader.py`` only; the service never imports it.
"""
