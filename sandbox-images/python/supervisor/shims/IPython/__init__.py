"""The part of IPython that analyses import: `IPython.display`, mapped to what a sandbox shows. There is no shell."""

from typing import Any

__version__ = '0.0+sallyport'
version_info = (0, 0, 0, '')


def get_ipython() -> None:
    """None, as outside a notebook: libraries that ask go on without one."""
    return None


def __getattr__(name: str) -> Any:
    raise AttributeError(f"IPython has no '{name}' here: only IPython.display is there, and no magics")
