"""The older name of `IPython.display`."""

from IPython.display import *  # noqa: F403
from IPython.display import __all__ as __all__
