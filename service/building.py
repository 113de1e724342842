"""``quoth build``: one build, or one after each change, with what is shown meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.text import Text

from index.build import BuildReport, BuildSettings, build
from index.encoder import Encoder
from index.errors import QuothError
from index.pointer import parent_version
from service.sources import Sources
from service.terminal.build import figures, print_build, report_json
from service.terminal.printable import one_line
from service.terminal.progress import progress_for, write_event
from service.watching import changes


@dataclass(frozen=True, slots=True)
class Builder:
    """What is built, by what, into where, and how much of it is shown."""

    paths: Sequence[Path]
    index: Path
    encoder: Encoder
    settings: BuildSettings
    quiet: bool = False
    as_json: bool = False

    def once(self) -> BuildReport:
        """Builds and publishes, telling progress. Raises what ``index.build.build`` does; with
        ``as_json`` the report, or the failure, is an object on standard output.
        """
        try:
            with progress_for(self.quiet, self.as_json) as progress:
                report = build(self.paths, self.index, self.encoder, self.settings, progress.count)
            Sources.of(self.paths).save(self.index)
        except (QuothError, OSError) as error:
            if self.as_json:
                write_event("failed", reason=str(error), published=parent_version(self.index))
            raise
        if self.as_json:
            write_event("report", **report_json(report))
        return report

    def until_stopped(self) -> None:
        """Builds now and after each change, until KeyboardInterrupt. A build that fails is told
        and leaves what was published where it is.
        """
        first = True
        for _ in changes(self.paths, self.index):
            try:
                report = self.once()
            except (QuothError, OSError) as error:
                self._say(f"not rebuilt: {error}", failed=True)
                kept = parent_version(self.index)
                self._say(f"snapshot {kept} goes on answering" if kept else "nothing is published")
            else:
                if first:
                    self.show(report)
                else:
                    self._show_again(report)
                first = False
            self._say("watching for changes; Ctrl-C ends it")

    def show(self, report: BuildReport) -> None:
        """The closing table; quietly, only the files that failed."""
        if self.quiet and not self.as_json:
            self._say_failed(report)
        elif not self.as_json:
            print_build(report, self.index)

    def _show_again(self, report: BuildReport) -> None:
        """A line where the first build had a table."""
        if report.version == report.previous:
            self._say("nothing has changed")
        else:
            told = "; ".join(f"{name} {value}" for name, value in figures(report).items())
            self._say(f"snapshot {report.version}: {told}")
        self._say_failed(report)

    def _say_failed(self, report: BuildReport) -> None:
        for item in report.failed:
            self._say(f"failed {item.uri}: {item.reason}", failed=True)

    def _say(self, words: str, failed: bool = False) -> None:
        """A line with the time before it; of failures quietly too, and beside --json on
        standard error.
        """
        if self.quiet and not failed:
            return
        console = Console(stderr=self.as_json or self.quiet, highlight=False)
        style = "red" if failed else ""
        now = datetime.now().strftime("%H:%M:%S")
        console.print(Text.assemble((f"{now} ", "dim"), (one_line(words), style)), soft_wrap=True)
