"""Draft questions from documents, by rules: a beginning of a question file, for a person to mend.

In the order of the work: ``words``, ``verbs``, ``statements`` (what a plain sentence says),
``values`` (figures, times and names in it), ``wording``, ``figures`` and ``times_places``,
``questions`` (all that can be asked of it), ``unanswerable``, ``drafts`` (a choice of them).
"""
