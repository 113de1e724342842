"""Rebuild the index: the same as `quoth build PATH... --index DIR`."""

import sys

from service.cli import main

if __name__ == "__main__":
    main(["build", *sys.argv[1:]])
