"""Length-prefixed frames, the same on the host's stream (with a nonce) and between the processes of a sandbox (without).

A frame is a u32 big-endian length, an optional prefix of fixed bytes (the nonce), one byte of kind, and the payload.
"""

import json
import struct

CONTROL = 0
CHUNK = 1

MAXIMUM_FRAME = 1 << 20
MAXIMUM_CHUNK = 1 << 18

_LENGTH = struct.Struct('>I')
STREAM = struct.Struct('>I')

# `json.dumps` makes a new one for each message that is not written the default way.
_ENCODER = json.JSONEncoder(ensure_ascii=True, separators=(',', ':'), allow_nan=False)


class WireError(Exception):
    """The other side broke the format; nothing it says after that can be understood."""


def pack(kind: int, payload: bytes, prefix: bytes = b'') -> bytes:
    """One frame. Raises WireError when it would be larger than the other side accepts."""
    size = len(prefix) + 1 + len(payload)
    if size > MAXIMUM_FRAME:
        raise WireError(f'a frame of {size} bytes is too large')
    return b''.join((_LENGTH.pack(size), prefix, bytes((kind,)), payload))


def encode(message: dict) -> bytes:
    """A control message as compact UTF-8 JSON; lone surrogates are written as escapes, so this never fails on text."""
    return _ENCODER.encode(message).encode('ascii')


def decode(payload: bytes) -> dict:
    """A control message. Raises WireError for anything but an object with a string `type`."""
    try:
        message = json.loads(payload)
    except (ValueError, RecursionError) as error:
        raise WireError('a control frame is not JSON') from error
    if not isinstance(message, dict) or not isinstance(message.get('type'), str):
        raise WireError('a control frame has no type')
    return message


# The keeper's first words; the kernel's word for who says them comes along.
HERE = pack(CONTROL, encode({'type': 'here'}))


class FrameReader:
    """Cuts a byte stream into frames. Holds at most one incomplete frame plus what one read brought."""

    def __init__(self, prefix: bytes = b'') -> None:
        self.prefix = prefix
        self._buffer = bytearray()

    def feed(self, data: bytes | memoryview) -> None:
        self._buffer += data

    def next(self) -> tuple[int, bytes] | None:
        """The next whole frame as (kind, payload), or None until more was fed. The prefix is compared as it is now."""
        buffer = self._buffer
        if len(buffer) < 4:
            return None
        (size,) = _LENGTH.unpack_from(buffer)
        head = len(self.prefix) + 1
        if size < head or size > MAXIMUM_FRAME:
            raise WireError(f'a frame announces {size} bytes')
        if len(buffer) < 4 + size:
            return None
        if buffer[4 : 3 + head] != self.prefix:
            raise WireError('a frame carries a wrong nonce')
        kind = buffer[3 + head]
        payload = bytes(buffer[4 + head : 4 + size])
        del buffer[: 4 + size]
        return kind, payload
