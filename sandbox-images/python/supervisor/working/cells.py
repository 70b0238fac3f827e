"""Runs cells in one lasting `__main__`: variables stay, the last expression's value is the result, `await` works."""

import ast
import builtins
import contextvars
import inspect
import sys
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from working.failures import CELL_PREFIX, remember_source

# What a program finds as `__file__`: a name in the folder its data is in. There need be no such file.
_FILE = '/mnt/data/program.py'

# Names that want a loop which runs already, and names that start one of their own and refuse to beside another.
_SCHEDULES = frozenset(('create_task', 'ensure_future', 'get_running_loop', 'gather', 'shield', 'as_completed', 'Future'))
_STARTS = frozenset(('run', 'run_until_complete', 'run_forever', 'Runner'))


@dataclass(frozen=True)
class Part:
    """Statements, or the last expression."""

    code: types.CodeType
    # Does it wait, or make tasks and futures at its top? Then it runs within the session's event loop.
    within_loop: bool


class Cells:
    def __init__(self) -> None:
        self.module = types.ModuleType('__main__')
        self.module.__dict__['__builtins__'] = builtins
        sys.modules['__main__'] = self.module
        self._count = 0
        self._event_loop: Any = None
        # The context of every cell, whether it runs within the loop or not: numpy and decimal keep their settings in
        # it.
        self._context = contextvars.copy_context()

    @contextmanager
    def forgotten(self) -> Iterator[None]:
        """Cells run within it leave no variable and do not count."""
        count, variables = self._count, dict(self.module.__dict__)
        try:
            yield
        finally:
            self._count = count
            self.module.__dict__.clear()
            self.module.__dict__.update(variables)

    def compile(self, code: str) -> tuple[Part | None, Part | None]:
        """The next cell, whose lines tracebacks can show. Raises what `compile` raises."""
        self._count += 1
        name = f'{CELL_PREFIX}{self._count}>'
        remember_source(name, code)
        return compile_cell(code, name)

    def run(self, code: str, show: Callable[[Any], None]) -> None:
        """Runs the statements, then shows the last expression's value. Raises whatever the cell raises."""
        parts = self.compile(code)
        if 'get_event_loop' in code:
            # It is asked for outside of the loop too, where Python has one only until the first `asyncio.run`.
            self._open_loop()
        value = None
        for within_loop, group in groupby(filter(None, parts), lambda part: part.within_loop):
            codes = [part.code for part in group]
            value = self._run_within_loop(codes) if within_loop else self._context.run(self._run_plainly, codes)
        if parts[1] is not None and value is not None:
            self.module.__dict__['_'] = value
            self._context.run(show, value)

    def _run_plainly(self, codes: list[types.CodeType]) -> Any:
        value = None
        for code in codes:
            value = eval(code, self.module.__dict__)
        return value

    def _run_within_loop(self, codes: list[types.CodeType]) -> Any:
        """One event loop for the session: tasks that a cell started go on when the next one awaits."""
        self._open_loop()
        task = self._event_loop.create_task(self._evaluate(codes), context=self._context)
        return self._event_loop.run_until_complete(task)

    def _open_loop(self) -> None:
        import asyncio

        if self._event_loop is None or self._event_loop.is_closed():
            self._event_loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self._event_loop)

    async def _evaluate(self, codes: list[types.CodeType]) -> Any:
        value = None
        for code in codes:
            value = eval(code, self.module.__dict__)
            if code.co_flags & inspect.CO_COROUTINE:
                value = await value
        return value


def compile_cell(code: str, name: str) -> tuple[Part | None, Part | None]:
    """The statements and the last expression, either of which may be missing. Raises what `compile` raises."""
    # A file may begin with a byte order mark; to `compile` it is an unknown character.
    code = code.removeprefix('\ufeff')
    tree = compile(code, name, 'exec', ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    if '__file__' in code:
        tree = ast.fix_missing_locations(_NamedFile().visit(tree))
    called = _called_at_once(tree)
    last = tree.body[-1] if tree.body else None
    expression = None
    if isinstance(last, ast.Expr) and not _is_muted(code, last):
        tree.body.pop()
        expression = _compile(ast.Expression(last.value), name, 'eval')
    statements = _compile(tree, name, 'exec') if tree.body else None
    # A cell waits with all of its parts, but for statements that start a loop of their own.
    waits = any(code is not None and _is_coroutine(code) for code in (statements, expression))
    within_loop = _STARTS.isdisjoint(called) and (waits or not _SCHEDULES.isdisjoint(called))
    return _part(statements, within_loop), _part(expression, within_loop)


def _part(code: types.CodeType | None, within_loop: bool) -> Part | None:
    return None if code is None else Part(code, within_loop or _is_coroutine(code))


def _is_coroutine(code: types.CodeType) -> bool:
    return bool(code.co_flags & inspect.CO_COROUTINE)


def _compile(tree: ast.AST, name: str, mode: str) -> types.CodeType:
    return compile(tree, name, mode, ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)  # type: ignore[call-overload]


class _NamedFile(ast.NodeTransformer):
    """Reads of `__file__` as its value. As a variable of `__main__` it would send every process that multiprocessing or
    joblib starts to a file that is not there."""

    def visit_Name(self, node: ast.Name) -> ast.AST:  # noqa: N802 (named by the library)
        if node.id == '__file__' and isinstance(node.ctx, ast.Load):
            return ast.copy_location(ast.Constant(_FILE), node)
        return node


def _called_at_once(tree: ast.Module) -> set[str]:
    """Last names of what is called when the cell runs, functions that it only defines left out."""
    called = set()
    waiting: list[ast.AST] = list(tree.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            continue
        if isinstance(node, ast.Call):
            function = node.func
            called.add(function.attr if isinstance(function, ast.Attribute) else getattr(function, 'id', ''))
        waiting.extend(ast.iter_child_nodes(node))
    return called


def _is_muted(code: str, last: ast.Expr) -> bool:
    """A semicolon after the last expression means that its value is not wanted."""
    lines = code.splitlines()
    end_line, end_column = last.end_lineno or 1, last.end_col_offset or 0
    rest = lines[end_line - 1].encode('utf-8')[end_column:].decode('utf-8', 'replace') if end_line <= len(lines) else ''
    return rest.lstrip(' \t)').startswith(';')
