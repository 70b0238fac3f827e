"""A value as several representations of itself. User code may stand behind each of them, so each may raise or lie."""

import base64
import json
import sys
from typing import Any

from working import figures, tables
from working.caps import MAXIMUM_MARKUP, Caps
from working.exact_json import exact_json

_MARKUP = (
    ('html', '_repr_html_', 'text/html'),
    ('markdown', '_repr_markdown_', 'text/markdown'),
    ('svg', '_repr_svg_', 'image/svg+xml'),
    ('latex', '_repr_latex_', 'text/latex'),
)
_MAXIMUM_JSON = 1 << 18
_BINARY = (
    ('png', '_repr_png_', 'image/png'),
    ('jpeg', '_repr_jpeg_', 'image/jpeg'),
    ('pdf', '_repr_pdf_', 'application/pdf'),
)


def bundle_of(value: Any, caps: Caps) -> dict:
    """The protocol's item. Never raises an Exception for what the value does; interrupts and exits pass through."""
    if figures.is_figure(value):
        return figures.item_of(value, caps)
    picture = figures.picture_item(value, caps)
    if picture is not None:
        return picture
    item: dict = {}
    styled = tables.frame_of_style(value)
    data = _attempt(lambda: tables.table_of(value if styled is None else styled, caps))
    if data is not None:
        item['data'] = data
    _add_bundle(item, value, caps)
    for key, method, _ in _MARKUP:
        if key not in item:
            _add_markup(item, key, _call(value, method), caps)
    for key, method, _ in _BINARY:
        if key not in item:
            _add_binary(item, key, _call(value, method), caps)
    if 'json' not in item:
        _add_json(item, _call(value, '_repr_json_'), caps)
    if type(value) in (dict, list) and (found := _plain_json(value)) is not None:
        item['json'] = found
    if 'text' not in item:
        item['text'] = caps.text(text_of(value if styled is None else styled))
    return item


def text_of(value: Any) -> str:
    """`repr` that says what went wrong instead of raising."""
    try:
        return repr(value)
    except Exception as error:
        return f'<{type(value).__name__}: its repr raised {type(error).__name__}>'


def _call(value: Any, method: str) -> Any:
    """The result of a display method that the value's class has, or None."""
    if isinstance(value, type) or not hasattr(type(value), method):
        return None
    return _attempt(getattr(value, method))


def _attempt(work: Any) -> Any:
    try:
        return work()
    except Exception as error:
        print(f'A representation raised {type(error).__name__}: {_short(error)}', file=sys.stderr)
        return None


def _short(error: Exception) -> str:
    try:
        return str(error)[:200]
    except Exception:
        return '(no text)'


def _add_bundle(item: dict, value: Any, caps: Caps) -> None:
    bundle = _call(value, '_repr_mimebundle_')
    if isinstance(bundle, tuple) and bundle:
        bundle = bundle[0]
    if not isinstance(bundle, dict):
        return
    text = bundle.get('text/plain')
    if isinstance(text, str):
        item['text'] = caps.text(text)
    for key, _, kind in _MARKUP:
        _add_markup(item, key, bundle.get(kind), caps)
    for key, _, kind in _BINARY:
        _add_binary(item, key, bundle.get(kind), caps)
    _add_json(item, bundle.get('application/json'), caps)


def _add_markup(item: dict, key: str, found: Any, caps: Caps) -> None:
    found = found[0] if isinstance(found, tuple) and found else found
    if isinstance(found, str):
        if len(found) <= MAXIMUM_MARKUP:
            item[key] = found
        else:
            caps.cut.add('item')


def _add_binary(item: dict, key: str, found: Any, caps: Caps) -> None:
    found = found[0] if isinstance(found, tuple) and found else found
    if isinstance(found, str):
        found = _attempt(lambda: base64.b64decode(found, validate=False))
    if not isinstance(found, bytes) or not found:
        return
    if key == 'png' and figures.png_pixels(found) > caps.pixels:
        caps.cut.add('pixels')
        return
    if len(found) > caps.results_bytes:
        caps.cut.add('item')
        return
    item[key] = base64.b64encode(found).decode('ascii')


def _plain_json(value: Any) -> Any:
    """A dictionary or list as JSON, where that says the same; None for any other."""
    try:
        found = exact_json(value)
        return found if _size(found) <= _MAXIMUM_JSON else None
    except Exception:
        # Its own code raised, or JSON cannot say it: the text is what there is.
        return None


def _size(found: Any) -> int:
    return len(json.dumps(found, allow_nan=False))


def _add_json(item: dict, found: Any, caps: Caps) -> None:
    found = found[0] if isinstance(found, tuple) and found else found
    if found is None:
        return
    exact = _attempt(lambda: exact_json(found))
    if exact is not None and _size(exact) <= MAXIMUM_MARKUP:
        item['json'] = exact
    elif exact is not None:
        caps.cut.add('item')
