"""Letters for every script: whatever font a style names, a letter it has not is drawn from another that has it.

A font joins when the first text needs it, so that figures in Latin, Greek and Cyrillic letters cost nothing.
"""

import bisect
import json
import logging
import os
import sys
from typing import Any

from working.wrapping import put_around

_COVERAGE = '/opt/sallyport/matplotlib/font-coverage.json'
_BOLD = 600
# DejaVu Sans has all of these.
_LAST_LATIN = 0x24F


class Fallbacks:
    """The fonts that texts have needed so far, in the order in which they are asked."""

    def __init__(self, path: str = _COVERAGE) -> None:
        self._path = path
        self._fonts: list[dict] | None = None
        self._seen: set[str] = set()
        self._used: list[int] = []

    def see(self, text: str) -> None:
        """Makes sure that each letter of the text has a font, where the image has one for it."""
        for letter in text:
            if letter not in self._seen:
                self._seen.add(letter)
                found = self._font_of(ord(letter))
                if found is not None and found not in self._used:
                    self._used = sorted([*self._used, found])

    @property
    def are_needed(self) -> bool:
        return bool(self._used)

    def paths(self, weight: Any) -> list[str]:
        kind = 'bold' if _is_bold(weight) else 'regular'
        return [self._load()[position][kind] for position in self._used]

    def font_with(self, letter: str) -> str | None:
        """The file that has a letter DejaVu Sans has not."""
        found = self._font_of(ord(letter))
        return None if found is None else self._load()[found]['regular']

    def _font_of(self, letter: int) -> int | None:
        """The place of a font that has the letter: of those in use before others, since scripts share marks."""
        fonts = self._load() if letter > _LAST_LATIN else ()
        places = dict.fromkeys((*self._used, *range(len(fonts))))
        return next((place for place in places if fonts and _has(fonts[place]['ranges'], letter)), None)

    def _load(self) -> list[dict]:
        if self._fonts is None:
            try:
                with open(self._path, encoding='ascii') as file:
                    self._fonts = json.load(file)
            except OSError:
                self._fonts = []
        return self._fonts


def attach() -> None:
    """Puts the fallbacks behind every list of fonts matplotlib draws with. Call once, before user code runs."""
    manager = sys.modules['matplotlib.font_manager']
    fallbacks = Fallbacks()
    _see_texts(sys.modules['matplotlib.text'].Text, 'set_text', 0, fallbacks)
    _see_texts(sys.modules['matplotlib.textpath'].TextToPath, 'get_text_path', 1, fallbacks)
    _append(manager, fallbacks)
    _draw_in_formulas(sys.modules['matplotlib._mathtext'], manager, fallbacks)
    # Names of fonts that other machines have are usual in styles, and no letter is lost by them.
    logging.getLogger('matplotlib.font_manager').addFilter(lambda record: not str(record.msg).startswith('findfont:'))


def _see_texts(owner: Any, name: str, position: int, fallbacks: Fallbacks) -> None:
    def around(plain: Any) -> Any:
        def seeing(self: Any, *arguments: Any, **options: Any) -> Any:
            text = arguments[position] if len(arguments) > position else options.get('s', '')
            if isinstance(text, str) and not text.isascii():
                fallbacks.see(text)
            return plain(self, *arguments, **options)

        return seeing

    put_around(owner, name, around)


def _append(manager: Any, fallbacks: Fallbacks) -> None:
    def around(plain: Any) -> Any:
        def find_fonts(self: Any, prop: Any, fontext: str = 'ttf', *arguments: Any, **options: Any) -> list:
            found = plain(self, prop, fontext, *arguments, **options)
            has_default = any(path.endswith('/DejaVuSans.ttf') for path in found)
            if fontext != 'ttf' or (has_default and not fallbacks.are_needed):
                return found
            prop = manager.FontProperties._from_any(prop)
            more = fallbacks.paths(prop.get_weight())
            if not has_default:
                # The regular face: bold and oblique ones have fewer letters.
                more.insert(0, self.findfont(manager.FontProperties('DejaVu Sans')))
            return [*found, *(path for path in more if path not in found)]

        return find_fonts

    put_around(manager.FontManager, '_find_fonts_by_props', around)


def _draw_in_formulas(mathtext: Any, manager: Any, fallbacks: Fallbacks) -> None:
    """Words beside a formula (`价格 $R^2$`) are set with it, by fonts for formulas."""

    def around(plain: Any) -> Any:
        def get_glyph(self: Any, fontname: str, font_class: str, symbol: str) -> tuple:
            if len(symbol) == 1 and (path := fallbacks.font_with(symbol)) is not None and os.path.exists(path):
                font = self._get_font(fontname)
                if font is None or font.get_char_index(ord(symbol)) == 0:
                    return manager.get_font(path), ord(symbol), False
            return plain(self, fontname, font_class, symbol)

        return get_glyph

    put_around(mathtext.UnicodeFonts, '_get_glyph', around)


def _has(ranges: list[int], letter: int) -> bool:
    """`ranges` are first, last, first, last, …"""
    position = bisect.bisect_right(ranges, letter)
    return position % 2 == 1 or (position > 0 and ranges[position - 1] == letter)


def _is_bold(weight: Any) -> bool:
    if isinstance(weight, (int, float)):
        return weight >= _BOLD
    names = sys.modules['matplotlib.font_manager'].weight_dict
    return names.get(weight, 400) >= _BOLD
