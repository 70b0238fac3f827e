"""A worker that is going to be checkpointed: everything a sandbox restored from it should find done."""

import gc
from collections.abc import Callable

from working import exercise
from working.memory_image import MemoryImage
from working.plotting import Plotting


class Template:
    """The host greets it once to have it ready, and may do so twice more: to have its memory as a file, and to have it use
    that file."""

    def __init__(self, plotting: Plotting, rehearse: Callable[..., None]) -> None:
        self._plotting = plotting
        self._rehearse = rehearse
        self._memory_image = MemoryImage()
        self._greetings = 0

    def greet(self) -> None:
        self._greetings += 1
        if self._greetings == 1:
            self._plotting.load()
            self._rehearse(*exercise.EVERYTHING)
            freeze()
        elif self._greetings == 2:
            self._memory_image.dump()
            # What is written to now is written to in every sandbox: it is not worth sharing.
            self._rehearse(*exercise.EVERYTHING)
        elif self._greetings == 3:
            self._memory_image.share()


def freeze() -> None:
    """What is there stays for good: the collector need not look at it again and again."""
    gc.collect()
    gc.freeze()
