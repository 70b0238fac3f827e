"""Interrupts on their way to a worker: through the keeper, which signals, and by the channel, which says what for."""

from collections.abc import Callable

from supervising.keeper_link import KeeperLink
from supervising.loop import Loop, Timer
from supervising.worker_link import WorkerLink

_PATIENCE_SECONDS = 0.1


class Interrupts:
    """Knows which signals the keeper has not passed on yet: one that comes late must not hit the next cell."""

    def __init__(self, loop: Loop) -> None:
        self._loop = loop
        self._sent: set[int] = set()
        self._then: Callable[[], None] | None = None
        self._timer: Timer | None = None

    @property
    def awaited(self) -> bool:
        return self._then is not None

    def announce(self, identifier: int, worker: WorkerLink, figures: bool = False) -> None:
        """Tells the worker alone, without a signal: enough for one that has not begun the cell, or waits in it."""
        worker.send({'type': 'interrupt', 'id': identifier, 'figures': figures})

    def send(self, identifier: int, worker: WorkerLink, keeper: KeeperLink, figures: bool) -> None:
        """The words first: they tell a worker that has not begun the cell yet which cell the signal is meant for."""
        self._sent.add(identifier)
        self.announce(identifier, worker, figures)
        keeper.order({'type': 'interrupt', 'pid': worker.pid, 'run': identifier})

    def arrived(self, identifier: int) -> None:
        self._sent.discard(identifier)
        if not self._sent:
            self._go_on()

    def when_none(self, then: Callable[[], None]) -> None:
        """Calls back once none is on its way, or when the keeper took too long to say so."""
        if not self._sent:
            then()
            return
        self._then = then
        self._timer = self._loop.after(_PATIENCE_SECONDS, self._go_on)

    def _go_on(self) -> None:
        self._sent.clear()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        then, self._then = self._then, None
        if then is not None:
            then()
