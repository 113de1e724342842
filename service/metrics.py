"""What Prometheus may read of one running service; each app has a registry of its own."""

from __future__ import annotations

from collections.abc import Sequence

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
)

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
BATCH_SIZES = (1, 2, 4, 8, 16, 32)
PASSAGES = (0, 1, 2, 3, 5, 10, 20, 50)


class Metrics:
    """The counters, gauges and histograms, by what they count."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        self._of_questions()
        self._of_requests()
        self.snapshot_changes = self._counter(
            "snapshot_changes", "New snapshots switched to, or failed to open.", "outcome"
        )
        self.in_work = self._gauge("in_work", "Permits in use, of QUOTH_MAX_WAITING.")
        self.kept_replies = self._gauge("kept_replies", "Replies kept for who asks again.")
        self.kept_bytes = self._gauge("kept_bytes", "Bytes they take, of QUOTH_CACHE_MB.")
        self.documents = self._gauge("documents", "Documents of the serving snapshot.")
        self.passages = self._gauge("passages", "Passages of the serving snapshot.")

    def observe_request(
        self, method: str, route: str, status: int, problem: str | None, seconds: float
    ) -> None:
        """A request that has ended, with a problem of a kind or with none."""
        of = method, route, status, problem
        if (counted := self._counted.get(of)) is None:
            counters = [self.requests.labels(method, route, str(status))]
            if problem is not None:
                counters.append(self.problems.labels(problem))
            counted = self._counted[of] = (self.request_seconds.labels(route), counters)
        times, counters = counted
        times.observe(seconds)
        for counter in counters:
            counter.inc()

    def _of_requests(self) -> None:
        self.requests = self._counter(
            "requests", "HTTP requests by route template and status.", "method", "route", "status"
        )
        self.request_seconds = self._histogram(
            "request_seconds", "Seconds from a request to the end of its reply.", SECONDS, "route"
        )
        self.problems = self._counter("problems", "Problems replied, by kind.", "kind")
        # To look them up by their labels takes longer than to count; there are few.
        self._counted: dict[tuple[str, str, int, str | None], tuple[Histogram, list[Counter]]] = {}

    def _of_questions(self) -> None:
        self.questions = self._counter("questions", "Questions replied to, by status.", "status")
        self.replies = self._counter(
            "replies",
            "Replies by how they came about: computed, shared with a request that asked the same "
            "at the same time, or kept from an earlier one.",
            "how",
        )
        self.stage_seconds = self._histogram(
            "stage_seconds",
            "Seconds of a question in each stage; wait is that for a thread.",
            SECONDS,
            "stage",
        )
        self.abstentions = self._counter(
            "abstentions", "Questions not answered though they were asked to be.", "reason"
        )
        self.passages_read = self._histogram(
            "passages_read", "Passages read for one question.", PASSAGES
        )
        self.passages_unread = self._counter(
            "passages_unread", "Passages to read that the budget, or the question, left unread."
        )
        self.encoder_batch = self._histogram(
            "encoder_batch_questions", "Questions encoded in one call.", BATCH_SIZES
        )

    def _counter(self, name: str, meaning: str, *labels: str) -> Counter:
        return Counter(f"quoth_{name}", meaning, labels, registry=self.registry)

    def _gauge(self, name: str, meaning: str) -> Gauge:
        return Gauge(f"quoth_{name}", meaning, registry=self.registry)

    def _histogram(
        self, name: str, meaning: str, buckets: Sequence[float], *labels: str
    ) -> Histogram:
        return Histogram(f"quoth_{name}", meaning, labels, buckets=buckets, registry=self.registry)
