"""matplotlib, imported when the code asks for it or while nobody waits, and hooked into the worker whenever that is.

It takes as long to import as pandas, and most programs draw nothing.
"""

import importlib
import importlib.machinery
import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

_PACKAGE = 'matplotlib'
_FONTS = '/opt/sallyport/matplotlib'
_VARIABLES = ('MPLBACKEND', 'MPLCONFIGDIR', 'MATPLOTLIBRC')


class Plotting:
    """A finder of modules that knows one: with the package it imports pyplot, and calls `attach` before the code goes on.

    So wherever there is a figure, what shows figures is in place. Stands in front of the other finders until then.
    """

    def __init__(self, attach: Callable[[], None]) -> None:
        self._attach = attach
        # As they were before any code of the user's, so that a program does the same however early it comes.
        self._variables = {name: os.environ[name] for name in _VARIABLES if name in os.environ}
        self._path = list(sys.path)
        # The package whose import was interrupted: its parts hold on to it, so the next import goes on with it.
        self._begun: Any = None
        sys.meta_path.insert(0, self)

    @property
    def is_loaded(self) -> bool:
        return self not in sys.meta_path

    def load(self) -> None:
        """Imports it now; nothing where it is imported already or not there."""
        try:
            importlib.import_module(_PACKAGE)
        except ImportError:
            return

    def find_spec(self, name: str, _path: Any, _target: Any = None) -> importlib.machinery.ModuleSpec | None:
        if name != _PACKAGE:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, self._path)
        if spec is None or spec.loader is None:
            return None
        plain = spec.loader.exec_module

        def exec_module(module: Any) -> None:
            self._begun = module
            with self._own_variables():
                _give_fonts(os.environ.get('MPLCONFIGDIR', '/tmp/.matplotlib'))
                plain(module)
                importlib.import_module(f'{_PACKAGE}.pyplot')
            with _uninterrupted():
                self._attach()
                sys.meta_path.remove(self)
            del spec.loader.exec_module, spec.loader.create_module

        spec.loader.exec_module = exec_module
        spec.loader.create_module = lambda _: self._begun
        return spec

    @contextmanager
    def _own_variables(self) -> Iterator[None]:
        found = {name: os.environ.get(name) for name in _VARIABLES}
        os.environ.update(self._variables)
        try:
            yield
        finally:
            for name, value in found.items():
                if value is None:
                    os.environ.pop(name, None)
                else:
                    os.environ[name] = value


def _give_fonts(folder: str) -> None:
    """The font list of the image saves matplotlib its search."""
    if not os.path.isdir(_FONTS):
        return
    os.makedirs(folder, exist_ok=True)
    for name in os.listdir(_FONTS):
        if name.startswith('fontlist') and not os.path.exists(f'{folder}/{name}'):
            shutil.copyfile(f'{_FONTS}/{name}', f'{folder}/{name}')


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Half a hook would be put on a second time."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
