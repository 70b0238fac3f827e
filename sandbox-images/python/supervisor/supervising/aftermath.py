"""After a cell: what it left behind is ended, and then the worker itself says whether it lives on."""

from collections.abc import Callable

from supervising.census import Census
from supervising.loop import Loop, Timer
from supervising.worker_link import WorkerLink
from supervising.worker_manager import WorkerManager

# Longer than the keeper takes at most. The host's own clock bounds both.
_SWEEP_SECONDS = 8.0
_ANSWER_SECONDS = 5.0


class Aftermath:
    def __init__(self, loop: Loop, worker_manager: WorkerManager, census: Census) -> None:
        self._loop = loop
        self._worker_manager = worker_manager
        self._census = census
        self._swept: Callable[[bool], None] | None = None
        self._answered: Callable[[], None] | None = None

    def sweep(self, worker: WorkerLink, identifier: int, then: Callable[[int], None]) -> None:
        """Has the keeper end every process but the workers; calls back with how many are still there."""
        keeper = self._worker_manager.keeper

        def swept(everything: bool) -> None:
            self._swept = None
            timer.cancel()
            if everything and worker.alive:
                # The worker is gone with it, although the kernel may not have reported that yet.
                self._worker_manager.lose(worker)
            self._census.when_gone(then)

        timer = self._loop.after(_SWEEP_SECONDS, lambda: swept(False))
        self._swept = swept
        if keeper is None:
            swept(False)
        else:
            keeper.order({'type': 'sweep', 'run': identifier})

    def on_swept(self, news: dict) -> None:
        if self._swept is not None:
            self._swept(news.get('everything') is True)

    def ask(self, worker: WorkerLink, then: Callable[[], None]) -> None:
        """Calls back once the worker answered, or is lost: one that answers nothing is none, whatever its process does."""

        def answered() -> None:
            self._answered = None
            timer.cancel()
            then()

        def give_up() -> None:
            self._worker_manager.lose(worker)
            answered()

        timer = self._loop.after(_ANSWER_SECONDS, give_up)
        self._answered = answered
        worker.send({'type': 'ping'})

    def on_answer(self) -> None:
        """The worker said that it is there, or was lost."""
        if self._answered is not None:
            self._answered()
