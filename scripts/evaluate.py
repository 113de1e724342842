"""Measure retrieval and citation; the same as `quoth evaluate`, see its --help."""

from __future__ import annotations

from service.evaluation.command import main

if __name__ == "__main__":
    main()
