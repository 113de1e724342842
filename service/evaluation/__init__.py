"""Figures for the whole road: is the passage found, is the sentence cited, does it verify?

A file per layout of data (``beir``, ``squad``, ``excerpts``, ``questions``; ``catalogue``
tells them apart), a file per kind of figure (``ranking`` and ``measures``, ``coverage``,
``gold``, ``verification``), then the road itself: ``command`` → ``suite`` → ``run`` →
``bench`` and ``replies`` → ``panels`` → ``results`` → ``report``.
"""
