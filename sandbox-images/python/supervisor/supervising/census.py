"""Who is there: how much the user's processes take, and whether any is left that should not be."""

from collections.abc import Callable

from supervising.loop import Loop
from supervising.machine import Machine
from supervising.processes import Processes
from supervising.run import Run
from supervising.worker_link import WorkerLink
from supervising.worker_manager import WorkerManager

_GONE_SECONDS = 0.01
# The kernel takes its time on a crowded machine, and the host's own clock bounds it.
_GONE_TRIES = 300


class Census:
    def __init__(self, loop: Loop, machine: Machine, worker_manager: WorkerManager) -> None:
        self._loop = loop
        self._machine = machine
        self._worker_manager = worker_manager

    def count_tasks(self) -> int:
        """Tasks of the user's uid, zombies included."""
        tasks = self._machine.tasks()
        return self._machine.look().tasks if tasks is None else tasks - 1

    def measure(self, run: Run) -> Processes:
        """Looks at every process and notes for the run what they take."""
        seen = self._machine.look()
        disk = self._machine.disk()
        run.measures.take(seen.resident_bytes, seen.tasks)
        run.measures.take_disk(*disk)
        limits = self._worker_manager.limits
        if limits is not None:
            used = self._machine.used_bytes(seen, disk[1])
            if used > limits.watch_bytes:
                run.exceed('memory', used, limits.watch_bytes)
        return seen

    def strangers(self, seen: Processes) -> int:
        """Processes that are neither keeper nor worker, those included that were gone before they could be asked."""
        return len(set(seen.pids) - self._worker_manager.own_pids()) + seen.vanished

    def is_quiet(self, worker: WorkerLink, tasks: int) -> bool:
        """Are there no more tasks than those of supervisor, keeper and the workers, of which `worker` has `tasks`?

        One number of the kernel's against a few: far cheaper than a look at every process.
        """
        if self._worker_manager.keeper is None:
            return False
        expected = tasks + 2
        for other in self._worker_manager.workers.values():
            if other is not worker:
                idle = other.watch.look()
                if idle is None:
                    return False
                expected += idle.tasks
        return self._machine.tasks() == expected

    def when_gone(self, then: Callable[[int], None], tries: int = _GONE_TRIES) -> None:
        """Calls back once no process is left that should not be there, or with how many still are."""
        left = self.strangers(self._machine.look())
        if left == 0 or tries == 0:
            then(left)
        else:
            self._loop.after(_GONE_SECONDS, lambda: self.when_gone(then, tries - 1))
