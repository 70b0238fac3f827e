"""The worker's end of its channel to the supervisor."""

import json
import os
import socket
import threading

import wire


class Channel:
    """Descriptor 3. A forked child of the worker loses it, so that the channel closes with the worker."""

    def __init__(self, descriptor: int = 3) -> None:
        os.set_inheritable(descriptor, False)
        self._socket = socket.socket(fileno=descriptor)
        self._reader = wire.FrameReader()
        self._lock = threading.Lock()
        os.register_at_fork(after_in_child=self._leave)

    def receive(self) -> dict:
        """The supervisor's next message. SystemExit when it is gone."""
        while (frame := self._reader.next()) is None:
            data = self._socket.recv(1 << 18)
            if not data:
                raise SystemExit(0)
            self._reader.feed(data)
        return wire.decode(frame[1])

    def send(self, message: dict) -> None:
        with self._lock:
            self._socket.sendall(wire.pack(wire.CONTROL, wire.encode(message)))

    def send_item(self, item: dict, main: bool) -> None:
        """Announces a display item and sends its JSON in pieces."""
        self.send_body(json.dumps(item, ensure_ascii=True, separators=(',', ':'), allow_nan=False).encode('ascii'), main)

    def send_body(self, body: bytes, main: bool) -> None:
        announcement = wire.encode({'type': 'display', 'main': main, 'bytes': len(body)})
        with self._lock:
            self._socket.sendall(wire.pack(wire.CONTROL, announcement))
            for start in range(0, len(body), wire.MAXIMUM_CHUNK):
                self._socket.sendall(wire.pack(wire.CHUNK, body[start : start + wire.MAXIMUM_CHUNK]))

    def _leave(self) -> None:
        self._socket.close()
