"""Puts functions of ours around functions of libraries, so that neither warnings nor tracebacks tell of them."""

import functools
import inspect
import sys
from collections.abc import Callable
from types import TracebackType
from typing import Any

# No file of this name exists. In matplotlib's folder it is among the frames that matplotlib passes over to find the line
# a warning is about.
_FILE_NAME = 'sallyport-wrapping'


def put_around(owner: Any, name: str, around: Callable[[Any], Any]) -> None:
    """Replaces the function by `around(plain)`; nothing where there is no such function."""
    plain = getattr(owner, name, None)
    if plain is None:
        return
    wrapped = functools.wraps(plain)(around(plain))
    folder = sys.modules['matplotlib'].__path__[0]
    wrapped.__code__ = wrapped.__code__.replace(co_filename=f'{folder}/{_FILE_NAME}')
    # What was a method of the class is bound to it already.
    is_bound = isinstance(inspect.getattr_static(owner, name), classmethod)
    setattr(owner, name, staticmethod(wrapped) if is_bound else wrapped)


def is_wrapping(trace: TracebackType) -> bool:
    """Is it a frame of such a function?"""
    return trace.tb_frame.f_code.co_filename.endswith(_FILE_NAME)
