"""What nearly every analysis does first, done before anybody asks: then it is imported, specialized and in memory.

Draws no random number, leaves no variable, shows nothing, and runs before any code of the user's.
"""

import json
import sys

from working.bundle import bundle_of
from working.caps import Caps
from working.cells import compile_cell

_TABLE = """\
import pandas
frame = pandas.DataFrame({'group': ['a', 'b'] * 8, 'value': range(16)})
frame.groupby('group').value.mean()
frame.value.sum()
frame.head()
"""
_FIGURE = """\
from matplotlib import pyplot
figure, axes = pyplot.subplots()
axes.plot([1, 2, 3])
pyplot.close(figure)
figure
"""


def warm_up() -> None:
    """A small table from the cell's text to what is shown of it.

    In a process restored from a checkpoint every page is loaded when it is first touched, here instead of in a cell.
    """
    _do(_TABLE)


def prepare() -> None:
    """The same and a figure: hundreds of milliseconds, for the process that is going to be checkpointed."""
    _do(_FIGURE)
    _do(_TABLE)


def _do(code: str) -> None:
    variables: dict = {'__builtins__': __builtins__}
    try:
        statements, expression = compile_cell(code, '<warm-up>')
        if statements is not None:
            exec(statements.code, variables)
        if expression is not None:
            json.dumps(bundle_of(eval(expression.code, variables), Caps()))
    except Exception as error:
        # A library that is not there, or a memory limit too small for it: the cell that needs it will tell.
        print(f'warm-up: {error}', file=sys.stderr)
