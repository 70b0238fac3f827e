"""How numbers are written in a text, by the settings for decimal and thousands."""

import re

from .names import literal


#: A space for thousands is often one that does not break a line.
_SPACES = '[ \u00a0\u202f]'


def _mark(settings):
    return _SPACES if settings.thousands == ' ' else re.escape(settings.thousands)


def grouped(settings):
    """Pattern of a number with marks between its thousands."""
    return f'-?[0-9]{{1,3}}({_mark(settings)}[0-9]{{3}})*({re.escape(settings.decimal)}[0-9]+)?'


def plain_number(value, settings):
    """The cell with a point before its fraction and no marks between thousands; None where the cell is not a number of
    that form."""
    if settings.thousands is not None and re.fullmatch(grouped(settings), value):
        value = re.sub(_mark(settings), '', value)
    if settings.decimal != '.':
        value = None if '.' in value else value.replace(settings.decimal, '.')
    return value


def plain_number_sql(cell, settings):
    """The same of a column, in SQL."""
    if settings.thousands is not None:
        pattern = literal(grouped(settings))
        cell = f"CASE WHEN regexp_full_match({cell}, {pattern}) THEN regexp_replace({cell}, {literal(_mark(settings))}, '', 'g') ELSE {cell} END"
    if settings.decimal != '.':
        cell = f"CASE WHEN contains({cell}, '.') THEN NULL ELSE replace({cell}, {literal(settings.decimal)}, '.') END"
    return cell
