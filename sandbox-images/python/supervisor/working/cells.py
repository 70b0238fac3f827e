"""Runs cells in one lasting `__main__`: variables stay, the last expression's value is the result, `await` works."""

import ast
import builtins
import inspect
import sys
import types
from collections.abc import Callable
from typing import Any

from working.failures import CELL_PREFIX, remember_source


class Cells:
    def __init__(self) -> None:
        self.module = types.ModuleType('__main__')
        self.module.__dict__['__builtins__'] = builtins
        sys.modules['__main__'] = self.module
        self._count = 0
        self._event_loop: Any = None

    def compile(self, code: str) -> tuple[types.CodeType | None, types.CodeType | None]:
        """The next cell, whose lines tracebacks can show. Raises what `compile` raises."""
        self._count += 1
        name = f'{CELL_PREFIX}{self._count}>'
        remember_source(name, code)
        return compile_cell(code, name)

    def run(self, code: str, show: Callable[[Any], None]) -> None:
        """Runs the statements, then shows the last expression's value. Raises whatever the cell raises."""
        statements, expression = self.compile(code)
        if statements is not None:
            self._evaluate(statements)
        if expression is not None:
            value = self._evaluate(expression)
            if value is not None:
                self.module.__dict__['_'] = value
                show(value)

    def _evaluate(self, code: types.CodeType) -> Any:
        value = eval(code, self.module.__dict__)
        if code.co_flags & inspect.CO_COROUTINE:
            return self._await(value)
        return value

    def _await(self, coroutine: Any) -> Any:
        """One event loop for the session: tasks that a cell started go on when the next one awaits."""
        import asyncio

        if self._event_loop is None or self._event_loop.is_closed():
            self._event_loop = asyncio.new_event_loop()
            asyncio.set_event_loop(self._event_loop)
        return self._event_loop.run_until_complete(coroutine)


def compile_cell(code: str, name: str) -> tuple[types.CodeType | None, types.CodeType | None]:
    """The statements and the last expression, either of which may be missing. Raises what `compile` raises."""
    # A file may begin with a byte order mark; to `compile` it is an unknown character.
    code = code.removeprefix('\ufeff')
    tree = compile(code, name, 'exec', ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    last = tree.body[-1] if tree.body else None
    expression = None
    if isinstance(last, ast.Expr) and not _is_muted(code, last):
        tree.body.pop()
        expression = _compile(ast.Expression(last.value), name, 'eval')
    return (_compile(tree, name, 'exec') if tree.body else None), expression


def _compile(tree: ast.AST, name: str, mode: str) -> types.CodeType:
    return compile(tree, name, mode, ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)  # type: ignore[call-overload]


def _is_muted(code: str, last: ast.Expr) -> bool:
    """A semicolon after the last expression means that its value is not wanted."""
    lines = code.splitlines()
    end_line, end_column = last.end_lineno or 1, last.end_col_offset or 0
    rest = lines[end_line - 1].encode('utf-8')[end_column:].decode('utf-8', 'replace') if end_line <= len(lines) else ''
    return rest.lstrip(' \t)').startswith(';')
