"""What a cell may show, and which of these caps cut something."""

from dataclasses import dataclass, field

MAXIMUM_TEXT = 65_536
MAXIMUM_MARKUP = 1 << 20


@dataclass
class Caps:
    results: int = 100
    results_bytes: int = 16 << 20
    rows: int = 200
    pixels: int = 40_000_000
    cut: set[str] = field(default_factory=set)

    def text(self, text: str, maximum: int = MAXIMUM_TEXT) -> str:
        """At most `maximum` characters."""
        if len(text) <= maximum:
            return text
        self.cut.add('item')
        return f'{text[:maximum]}… ({len(text)} characters)'
