"""A small event loop: descriptors with a callback each, and timers. One thread, no blocking calls inside callbacks."""

import heapq
import select
import time
from collections.abc import Callable

READ = select.EPOLLIN
WRITE = select.EPOLLOUT

_MAXIMUM_EVENTS = 64


class Timer:
    """A pending call; `cancel` makes it not happen."""

    def __init__(self, call: Callable[[], None]) -> None:
        self.call: Callable[[], None] | None = call

    def cancel(self) -> None:
        self.call = None


class Loop:
    def __init__(self) -> None:
        # The kernel remembers what is watched; `poll` would tell it all of it again at every turn.
        self._poll = select.epoll()
        self._events: dict[int, int] = {}
        self._handlers: dict[int, Callable[[], None]] = {}
        self._timers: list[tuple[float, int, Timer]] = []
        self._sequence = 0

    def watch(self, descriptor: int, handler: Callable[[], None], events: int = READ) -> None:
        self._handlers[descriptor] = handler
        self._listen(descriptor, events)

    def change(self, descriptor: int, events: int) -> None:
        """Other events for a watched descriptor; 0 pauses it (hang-ups are then not looked at either)."""
        if descriptor in self._handlers:
            self._listen(descriptor, events)

    def unwatch(self, descriptor: int) -> None:
        if self._handlers.pop(descriptor, None) is not None:
            self._listen(descriptor, 0)

    def after(self, seconds: float, call: Callable[[], None]) -> Timer:
        timer = Timer(call)
        self._sequence += 1
        heapq.heappush(self._timers, (time.monotonic() + seconds, self._sequence, timer))
        return timer

    def step(self) -> None:
        """Waits for the next event or timer and serves all that are due."""
        for descriptor, _ in self._poll.poll(self._timeout(), _MAXIMUM_EVENTS):
            handler = self._handlers.get(descriptor)
            if handler is not None:
                handler()
        now = time.monotonic()
        while self._timers and self._timers[0][0] <= now:
            call = heapq.heappop(self._timers)[2].call
            if call is not None:
                call()

    def _listen(self, descriptor: int, events: int) -> None:
        before = self._events.get(descriptor, 0)
        if events == before:
            return
        if not events:
            del self._events[descriptor]
            self._poll.unregister(descriptor)
            return
        self._events[descriptor] = events
        if before:
            self._poll.modify(descriptor, events)
        else:
            self._poll.register(descriptor, events)

    def _timeout(self) -> float | None:
        while self._timers and self._timers[0][2].call is None:
            heapq.heappop(self._timers)
        if not self._timers:
            return None
        return max(0.0, self._timers[0][0] - time.monotonic())
