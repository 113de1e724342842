"""The systems compared: each file sets one up as its documentation does, over the same model.

Each has ``builder(model, passages, folder)``, which loads and prepares what building needs and
gives the function that makes and saves an index, and ``asker(model, folder)``, which opens it and
gives the function (question, count) → ids of the nearest passages, best first.
"""
