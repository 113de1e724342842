"""``quoth documents``, ``quoth index`` and ``quoth verify``: what an index holds."""

from __future__ import annotations

from typing import Annotated

import typer

from service.commands.options import (
    FAILED,
    IndexOption,
    JsonOption,
    complain,
    print_json,
    settings_of,
)
from service.terminal.printable import one_line


def documents(
    index: IndexOption = None,
    unread: Annotated[
        bool, typer.Option("--unread", help="The files that did not become documents, and why.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """List the documents of the index, with how many passages and characters each has.

    Examples:

        quoth documents --index ~/notes-index
        quoth documents --unread
    """
    from index.build import Unread
    from index.snapshot import Snapshot
    from service.index_contents import document_json
    from service.terminal.contents import print_documents, print_unread

    snapshot = Snapshot.open(settings_of(index=index).index)
    if as_json:
        listed = [document_json(entry) for entry in snapshot.documents]
        print_json({"snapshot": snapshot.version, "documents": listed, "unread": snapshot.unread})
    elif unread:
        print_unread([Unread(**item) for item in snapshot.unread])
    else:
        print_documents(snapshot.documents, len(snapshot.unread))


def describe_index(index: IndexOption = None, as_json: JsonOption = False) -> None:
    """Describe the index: versions kept, size by part, encoder, what it followed, memory.

    Example:

        quoth index --index ~/notes-index
    """
    from service.index_contents import index_contents
    from service.terminal.contents import print_index

    contents = index_contents(settings_of(index=index).index)
    if as_json:
        print_json(contents.to_json())
    else:
        print_index(contents)


def verify(index: IndexOption = None) -> None:
    """Check the published snapshot whole: every checksum, every record against the others.

    Example:

        quoth verify --index ~/notes-index
    """
    from index.pointer import read_pointer
    from index.verification import verify as verify_index

    folder = settings_of(index=index).index
    version = read_pointer(folder).version
    problems = verify_index(folder, version)
    for problem in problems:
        print(one_line(problem))
    if problems:
        complain(
            f"snapshot {version} in {folder} is damaged; rebuild it with `quoth build`, "
            "or restore the files named above"
        )
        raise typer.Exit(FAILED)
    print(f"snapshot {version} in {folder} is whole")
