"""A reserve of address space for the worker's own work, shut while user code runs.

A cell may end with every byte of the soft limit taken. Reading the next cell and telling how this one ended still need
a little: then the worker raises its soft limit to the hard one, which is a little larger.
"""

import resource


class Reserve:
    """`open` and `shut` cost a system call each, so they do nothing until a cell came near the limit."""

    def __init__(self) -> None:
        self._soft = resource.RLIM_INFINITY
        self._hard = resource.RLIM_INFINITY
        self._is_open = False
        self._wanted = False

    def limited(self) -> None:
        """Limits were given: remembers them."""
        self._soft, self._hard = resource.getrlimit(resource.RLIMIT_AS)
        self._is_open = False

    def want(self) -> None:
        """From now on the reserve is opened after every cell."""
        self._wanted = True

    def open(self) -> None:
        if self._wanted and not self._is_open:
            self._set(self._hard)
            self._is_open = True

    def shut(self) -> None:
        if self._is_open:
            self._set(self._soft)
            self._is_open = False

    def _set(self, soft: int) -> None:
        try:
            resource.setrlimit(resource.RLIMIT_AS, (soft, self._hard))
        except (ValueError, OSError):
            # User code lowered the hard limit: there is no reserve then.
            return
