"""`display` and the objects that it shows, by the methods a sandbox asks of any value."""

import base64
import builtins
import html.parser
import json
import pathlib
import uuid
from typing import Any

__all__ = [
    'Audio', 'Code', 'DisplayHandle', 'DisplayObject', 'FileLink', 'FileLinks', 'GeoJSON', 'HTML', 'IFrame', 'Image',
    'JSON', 'Javascript', 'Latex', 'Markdown', 'Math', 'Pretty', 'SVG', 'TextDisplayObject', 'Video', 'YouTubeVideo',
    'clear_output', 'display', 'display_html', 'display_jpeg', 'display_json', 'display_latex', 'display_markdown',
    'display_pdf', 'display_png', 'display_pretty', 'display_svg', 'publish_display_data', 'set_matplotlib_formats',
    'update_display',
]  # fmt: skip

# The sandbox's own, taken before anybody can give the name another meaning.
_show = getattr(builtins, 'display', print)


class _Bundle:
    """Representations that are there already, by media type."""

    def __init__(self, data: dict, metadata: dict | None = None) -> None:
        self._data = dict(data)
        self._metadata = dict(metadata or {})

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict, dict]:
        return self._data, self._metadata

    def __repr__(self) -> str:
        return str(self._data.get('text/plain', ', '.join(self._data)))


class DisplayHandle:
    """What `display(…, display_id=True)` returns. Nothing that was shown can be changed: an update shows the new value
    as well."""

    def __init__(self, display_id: str | None = None) -> None:
        self.display_id = uuid.uuid4().hex if display_id is None else display_id

    def display(self, obj: Any, **_: Any) -> None:
        _show(obj)

    def update(self, obj: Any, **_: Any) -> None:
        _show(obj)


def display(
    *objs: Any,
    include: Any = None,
    exclude: Any = None,
    metadata: dict | None = None,
    transient: Any = None,
    display_id: Any = None,
    raw: bool = False,
    clear: bool = False,
    **_: Any,
) -> DisplayHandle | None:
    """Shows each value, as the sandbox's own `display` does."""
    for value in objs:
        _show(_Bundle(value, metadata) if raw and isinstance(value, dict) else value)
    if not display_id:
        return None
    return DisplayHandle(None if display_id is True else str(display_id))


def update_display(obj: Any, *, display_id: str, **_: Any) -> None:
    _show(obj)


def publish_display_data(data: dict, metadata: dict | None = None, **_: Any) -> None:
    _show(_Bundle(data, metadata))


def clear_output(wait: bool = False) -> None:
    """Does nothing: what was shown stays."""


def set_matplotlib_formats(*formats: str, **_: Any) -> None:
    """Does nothing: figures are shown as PNG and as data."""


class DisplayObject:
    """Data, or a file that holds it. There is no network: an address cannot be read."""

    _read_flags = 'r'

    def __init__(self, data: Any = None, url: str | None = None, filename: Any = None, metadata: dict | None = None) -> None:
        if isinstance(data, pathlib.PurePath):
            data, filename = None, str(data)
        if isinstance(data, str) and url is None and filename is None and data.startswith(('http://', 'https://')):
            data, url = None, data
        self.data = data
        self.url = url
        self.filename = None if filename is None else str(filename)
        self.metadata = metadata or {}
        if self.data is None and self.filename is not None:
            self.reload()
        elif self.data is None and url is not None and type(self)._needs_data:
            raise ValueError(f'{type(self).__name__}: {url} cannot be read, since there is no network; use a file in /mnt/data')

    _needs_data = True

    def reload(self) -> None:
        if self.filename is not None:
            encoding = None if 'b' in self._read_flags else 'utf-8'
            with open(self.filename, self._read_flags, encoding=encoding) as file:
                self.data = file.read()

    def __repr__(self) -> str:
        return f'<{type(self).__name__}>'


class TextDisplayObject(DisplayObject):
    """Shown as its source where nothing better is."""

    def __repr__(self) -> str:
        return str(self.data)


class Pretty(TextDisplayObject):
    pass


class Code(TextDisplayObject):
    def __init__(self, data: Any = None, url: Any = None, filename: Any = None, language: str | None = None) -> None:
        super().__init__(data, url, filename)
        self.language = language


class HTML(TextDisplayObject):
    def _repr_html_(self) -> str:
        return str(self.data)

    def __repr__(self) -> str:
        return _text_of_html(str(self.data))


class Markdown(TextDisplayObject):
    def _repr_markdown_(self) -> str:
        return str(self.data)


class Latex(TextDisplayObject):
    def _repr_latex_(self) -> str:
        return str(self.data)


class Math(TextDisplayObject):
    def _repr_latex_(self) -> str:
        return f'$\\displaystyle {str(self.data).strip("$")}$'


class SVG(DisplayObject):
    def _repr_svg_(self) -> str:
        return self.data.decode('utf-8') if isinstance(self.data, bytes) else str(self.data)

    def __repr__(self) -> str:
        return 'SVG picture'


class JSON(DisplayObject):
    def __init__(self, data: Any = None, url: Any = None, filename: Any = None, expanded: bool = False, **_: Any) -> None:
        super().__init__(data, url, filename)
        self.expanded = expanded
        if isinstance(self.data, str):
            self.data = json.loads(self.data)

    def _repr_json_(self) -> Any:
        return self.data

    def __repr__(self) -> str:
        return repr(self.data)


class GeoJSON(JSON):
    pass


class Javascript(TextDisplayObject):
    """Shown as text: a sandbox shows pictures and tables and runs nothing for its reader."""


class Image(DisplayObject):
    """A PNG or JPEG picture from bytes or a file."""

    _read_flags = 'rb'

    def __init__(
        self,
        data: Any = None,
        url: Any = None,
        filename: Any = None,
        format: str | None = None,
        embed: Any = None,
        width: Any = None,
        height: Any = None,
        **_: Any,
    ) -> None:
        if isinstance(data, str) and len(data) < 4096 and not data.startswith(('http://', 'https://')):
            data, filename = None, data
        super().__init__(data, url, filename)
        self.width = width
        self.height = height
        self.format = _format_of(self.data)

    def _repr_png_(self) -> Any:
        return _as_bytes(self.data) if self.format == 'png' else None

    def _repr_jpeg_(self) -> Any:
        return _as_bytes(self.data) if self.format == 'jpeg' else None

    def __repr__(self) -> str:
        return f'{(self.format or "unknown").upper()} picture of {len(_as_bytes(self.data))} bytes'


class _Unshown(DisplayObject):
    """Told by its text: it would want a browser or the network."""

    _needs_data = False
    _read_flags = 'rb'

    def __init__(self, data: Any = None, *_: Any, filename: Any = None, url: Any = None, **__: Any) -> None:
        super().__init__(None, None, None)
        self.source = next((str(given) for given in (filename, url, data) if isinstance(given, (str, pathlib.PurePath))), '')

    def __repr__(self) -> str:
        return f'{type(self).__name__} {self.source}'.strip() + ' (cannot be shown here)'


class Audio(_Unshown):
    pass


class Video(_Unshown):
    pass


class YouTubeVideo(_Unshown):
    pass


class IFrame(_Unshown):
    pass


class FileLink(_Unshown):
    def __repr__(self) -> str:
        return self.source


class FileLinks(FileLink):
    pass


def _as_bytes(data: Any) -> bytes:
    return data if isinstance(data, bytes) else base64.b64decode(data or '', validate=False)


def _format_of(data: Any) -> str | None:
    beginning = _as_bytes(data)[:4]
    return 'png' if beginning == b'\x89PNG' else 'jpeg' if beginning[:3] == b'\xff\xd8\xff' else None


class _Text(html.parser.HTMLParser):
    """What a reader sees of HTML, a line for each block."""

    _BLOCKS = frozenset(('p', 'div', 'br', 'tr', 'li', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'table', 'ul', 'ol', 'pre'))
    _HIDDEN = frozenset(('script', 'style', 'head'))

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag in self._BLOCKS:
            self.pieces.append('\n')
        elif tag in ('td', 'th'):
            self.pieces.append('  ')
        elif tag in self._HIDDEN:
            self._hidden += 1

    def handle_endtag(self, tag: str) -> None:
        if tag in self._HIDDEN and self._hidden:
            self._hidden -= 1
        elif tag in self._BLOCKS:
            self.pieces.append('\n')

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.pieces.append(data)


def _text_of_html(source: str) -> str:
    reader = _Text()
    reader.feed(source)
    reader.close()
    lines = (line.strip() for line in ''.join(reader.pieces).splitlines())
    return '\n'.join(line for line in lines if line)


def _display_as(kind: type) -> Any:
    def show(*objs: Any, raw: bool = False, **_: Any) -> None:
        for value in objs:
            _show(kind(value) if raw or isinstance(value, (str, bytes)) else value)

    return show


display_html = _display_as(HTML)
display_markdown = _display_as(Markdown)
display_svg = _display_as(SVG)
display_latex = _display_as(Latex)
display_json = _display_as(JSON)
display_pretty = _display_as(Pretty)
display_png = _display_as(Image)
display_jpeg = _display_as(Image)
display_pdf = _display_as(DisplayObject)
