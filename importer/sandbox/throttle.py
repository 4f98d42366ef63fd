"""Pace and overlap: one POST a second, ten reads a second, nothing in parallel (`/resources/rate-limits`)."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from importer.sandbox.answers import Answer, error
from importer.sandbox.dials import Dials
from importer.sandbox.judge import Violation
from importer.sandbox.log import Request
from importer.sandbox.schedule import Play

WATCHED_PACE = 1.0  # seconds between the end of one POST and the start of the next, below which a breach is noted
READS_PER_SECOND = 10


@dataclass(slots=True)
class Lane:
    """What one token has been doing; moments in monotonic seconds."""

    calls: int = 0
    posts: int = 0
    post_started: float | None = None
    post_ended: float | None = None
    reads: deque[float] = field(default_factory=lambda: deque(maxlen=READS_PER_SECOND))
    block: float = 0.0
    blocked_until: float = 0.0
    blocked_with: int = 429


class Throttle:
    """Notes every breach of the pace and refuses where `pace` (seconds between POSTs; 0: never) is too short."""

    def __init__(self, pace: float, dials: Dials, watched: float = WATCHED_PACE) -> None:
        self.pace = pace
        self.watched = watched
        self.violations: list[Violation] = []
        self._dials = dials
        self._lanes: dict[str, Lane] = {}
        self._inside: set[int] = set()

    def enter(self, request: Request, token: str) -> None:
        """Count a call in and note what it breaches."""
        lane = self._lanes.setdefault(token, Lane())
        self._note(request, lane)
        self._inside.add(request.n)
        lane.calls += 1
        lane.posts += request.method == "POST"

    def refusal(self, request: Request, token: str, always: Play, chosen: Play) -> Answer | None:
        """Return the refusal of a call that has entered, or None."""
        lane = self._lanes[token]
        now = request.started
        if request.method != "POST":
            early = self.pace and len(lane.reads) == READS_PER_SECOND and now - lane.reads[0] < self.pace
            lane.reads.append(now)
            return self.rate_limited() if early else None
        answer = self._blocked(lane, now, always, chosen)
        lane.post_started = now
        return answer

    def leave(self, request: Request, token: str) -> None:
        """Count a call out, where it had entered."""
        if request.n not in self._inside:
            return
        self._inside.remove(request.n)
        lane = self._lanes[token]
        lane.calls -= 1
        if request.method == "POST":
            lane.posts -= 1
            lane.post_ended = request.ended

    def _note(self, request: Request, lane: Lane) -> None:
        post = request.method == "POST"
        now = request.started
        if post and lane.posts:
            self._breach("overlap", request, f"{lane.posts} POST still going on")
        elif lane.calls:
            self._breach("parallel", request, f"{lane.calls} calls still going on")
        elif post and lane.post_ended is not None and now - lane.post_ended < self.watched:
            self._breach("early-post", request, f"{now - lane.post_ended:.3f} s after the last POST ended")
        if not post and len(lane.reads) == READS_PER_SECOND and now - lane.reads[0] < self.watched:
            self._breach("read-rate", request, f"{READS_PER_SECOND + 1} reads in {now - lane.reads[0]:.3f} s")

    def _breach(self, kind: str, request: Request, text: str) -> None:
        self.violations.append(Violation(kind, request.n, f"{request.method} {request.path}: {text}"))

    def _blocked(self, lane: Lane, now: float, always: Play, chosen: Play) -> Answer | None:
        if now < lane.blocked_until:
            lane.block *= 2
        elif "block-412" in chosen:
            lane.block, lane.blocked_with = self._dials.block, 412
        elif self.pace and lane.post_started is not None and now - lane.post_started < self.pace:
            lane.block, lane.blocked_with = self.pace, 429
            if "block-412" in always:
                lane.block, lane.blocked_with = self._dials.block, 412
        else:
            return None
        lane.blocked_until = now + lane.block
        return error(412, "client_id_failed") if lane.blocked_with == 412 else self.rate_limited()

    def rate_limited(self) -> Answer:
        """Return the per-second 429; its Retry-After tells the time to the daily reset, as the real one's may."""
        return error(429, "rate_limit", "", (("Retry-After", str(self._dials.misleading_retry_after)),))
