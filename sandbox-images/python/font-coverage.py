"""Writes which characters each font of the image has, in the order in which they are asked: living scripts first, since
they share marks with older ones; then signs, and pixels last.

`[{regular, bold, ranges: [first, last, first, last, …]}]`; what DejaVu Sans has is left out, since it is asked first.
"""

import glob
import json
import os
import sys

import matplotlib
from matplotlib.ft2font import FT2Font

_NOTO = '/usr/share/fonts/truetype/noto'
_LIVING = (
    'Devanagari Bengali Tamil Telugu Gujarati Gurmukhi Kannada Malayalam Oriya Sinhala Thai Lao Myanmar Khmer Hebrew '
    'Arabic Georgian Armenian Ethiopic'
)
_ORDER = (
    *(f'{_NOTO}/NotoSans{script}-Regular.ttf' for script in _LIVING.split()),
    '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc',
    f'{_NOTO}/NotoSans*-Regular.ttf',
    f'{_NOTO}/NotoSerif*-Regular.ttf',
    f'{_NOTO}/NotoMusic-Regular.ttf',
    '/usr/share/fonts/truetype/ancient-scripts/Symbola*',
    '/usr/share/fonts/opentype/unifont/unifont.otf',
    '/usr/share/fonts/opentype/unifont/unifont_upper.otf',
)


def ranges(characters: set[int]) -> list[int]:
    found: list[int] = []
    for character in sorted(characters):
        if found and found[-1] == character - 1:
            found[-1] = character
        else:
            found += [character, character]
    return found


def main(target: str) -> None:
    known = set(FT2Font(os.path.join(matplotlib.get_data_path(), 'fonts/ttf/DejaVuSans.ttf')).get_charmap())
    fonts: list[dict] = []
    for pattern in _ORDER:
        paths = sorted(glob.glob(pattern))
        if not paths:
            raise SystemExit(f'no font at {pattern}')
        for regular in paths:
            if any(font['regular'] == regular for font in fonts):
                continue
            bold = regular.replace('-Regular.', '-Bold.')
            has_bold = bold != regular and os.path.exists(bold)
            covered = ranges(set(FT2Font(regular).get_charmap()) - known)
            if covered:
                fonts.append({'regular': regular, 'bold': bold if has_bold else regular, 'ranges': covered})
    with open(target, 'w', encoding='ascii') as file:
        json.dump(fonts, file, separators=(',', ':'))


main(sys.argv[1])
