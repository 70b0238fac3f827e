"""Shows values to the host within the caps, and keeps count of what was cut."""

import json
from collections.abc import Callable
from typing import Any

from working.bundle import bundle_of
from working.caps import Caps
from working.channel import Channel

_TOO_LARGE = 'This result was too large to show'
_PICTURES = ('png', 'jpeg', 'pdf', 'svg')


class Presenter:
    """Between cells it shows nothing: what a thread left behind displays belongs to no cell."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self.caps = Caps()
        self._open = False
        self._items = 0
        self._bytes = 0
        # Shows a figure, or what belongs to one; False for anything else.
        self.show_drawing: Callable[[Any], bool] = lambda _: False

    def limit(self, limits: dict[str, int]) -> None:
        self.caps = Caps(limits['results'], limits['results_bytes'], limits['rows'], limits['pixels'])

    def begin(self) -> None:
        self._open = True
        self._items = 0
        self._bytes = 0
        self.caps.cut.clear()

    def finish(self) -> list[str]:
        """Ends the cell; the names of the caps that cut something."""
        self._open = False
        return sorted(self.caps.cut)

    def display(self, *values: Any) -> None:
        """The `display` of the cell: shows each value on the way."""
        for value in values:
            if not self.show_drawing(value):
                self._show_value(value, False)

    def show_result(self, value: Any) -> None:
        self._show_value(value, True)

    def show_item(self, item: dict, main: bool = False) -> None:
        """Sends one item; one over the cap becomes a text that says so."""
        if not self._open:
            return
        if self._items >= self.caps.results:
            self.caps.cut.add('results')
            return
        body = _serialize(item)
        if self._bytes + len(body) > self.caps.results_bytes:
            self.caps.cut.add('results-bytes')
            body = _serialize(self._without_pictures(item, len(body)))
            if self._bytes + len(body) > self.caps.results_bytes:
                return
        self._items += 1
        self._bytes += len(body)
        self._channel.send_body(body, main)

    def _without_pictures(self, item: dict, size: int) -> dict:
        """What of an item fits: its data where only a picture is too large, else a sentence."""
        sentence = f'{_TOO_LARGE}: {size} bytes, and the results of a cell may have {self.caps.results_bytes} together'
        rest = {key: value for key, value in item.items() if key not in _PICTURES}
        if len(rest) == len(item) or self._bytes + len(_serialize(rest)) + len(sentence) > self.caps.results_bytes:
            return {'text': sentence}
        return {**rest, 'text': f'{item.get("text", "")}. {sentence}'}

    @property
    def is_full(self) -> bool:
        """Nothing more would be shown: making a representation is not worth it."""
        full = self._items >= self.caps.results
        if full:
            self.caps.cut.add('results')
        return full or not self._open

    def _show_value(self, value: Any, main: bool) -> None:
        if not self.is_full:
            self.show_item(bundle_of(value, self.caps), main)


def _serialize(item: dict) -> bytes:
    return json.dumps(item, ensure_ascii=True, separators=(',', ':'), allow_nan=False).encode('ascii')
