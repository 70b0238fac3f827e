"""A worker that is going to be checkpointed: everything a sandbox restored from it should find done."""

import gc
from collections.abc import Callable

from working import exercise
from working.memory_image import MemoryImage
from working.plotting import Plotting

# CPython rewrites code that runs again and again: what is rewritten before the memory is written down is shared.
_ROUNDS = 3
# What is written to in these is written to in every sandbox: it is not worth sharing.
_MORE_ROUNDS = 2


class Template:
    """The host greets it three times: to have it ready, to have its memory as a file, and to have it use that file."""

    def __init__(self, plotting: Plotting, rehearse: Callable[..., None]) -> None:
        self._plotting = plotting
        self._rehearse = rehearse
        self._memory_image = MemoryImage()
        self._greetings = 0

    def greet(self) -> None:
        self._greetings += 1
        if self._greetings == 1:
            self._plotting.load()
            self._exercise(_ROUNDS)
            freeze()
        elif self._greetings == 2:
            self._memory_image.dump()
            self._exercise(_MORE_ROUNDS)
        elif self._greetings == 3:
            self._memory_image.share()

    def _exercise(self, rounds: int) -> None:
        for _ in range(rounds):
            self._rehearse(*exercise.EVERYTHING)


def freeze() -> None:
    """What is there stays for good: the collector need not look at it again and again."""
    gc.collect()
    gc.freeze()
