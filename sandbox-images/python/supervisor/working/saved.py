"""Notes where figures are saved as they are, on the figures themselves."""

import os
import sys
from typing import Any

from working.wrapping import put_around


def attach() -> None:
    """Makes `savefig` take notes. Call once, before user code runs."""
    put_around(sys.modules['matplotlib.figure'].Figure, 'savefig', _noting_file)


def saved_files(figure: Any) -> list[str]:
    """Where the figure was saved as it is, absolute paths."""
    return [] if figure.stale else getattr(figure, '_sallyport_files', [])


def _noting_file(plain: Any) -> Any:
    def savefig(self: Any, *arguments: Any, **options: Any) -> Any:
        target = arguments[0] if arguments else options.get('fname')
        earlier = saved_files(self)
        result = plain(self, *arguments, **options)
        if isinstance(target, (str, os.PathLike)):
            # Saving restores what it changed, which counts as a change.
            self.stale = False
            self._sallyport_files = [*earlier, os.path.abspath(_with_ending(os.fspath(target), options))]
        return result

    return savefig


def _with_ending(path: str, options: dict) -> str:
    """matplotlib adds the ending of its format where a name has none."""
    if os.path.splitext(path)[1]:
        return path
    ending = options.get('format') or sys.modules['matplotlib'].rcParams['savefig.format']
    return f'{path.rstrip(".")}.{ending}'
