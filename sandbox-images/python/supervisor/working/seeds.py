"""Fresh randomness for an interpreter that may be one of many copies of a checkpoint."""

import hashlib
import os
import random
import sys


def mix(seed: bytes) -> None:
    """Seeds every generator that keeps its state in this process, each differently."""
    fresh = os.urandom(32)
    random.seed(_part(b'random', seed, fresh))
    numpy = sys.modules.get('numpy')
    if numpy is not None:
        words = _part(b'numpy', seed, fresh)
        numpy.random.seed([int.from_bytes(words[start : start + 4], 'little') for start in range(0, 32, 4)])
    if '_ssl' in sys.modules:
        sys.modules['_ssl'].RAND_add(_part(b'openssl', seed, fresh), 32.0)
    platform = sys.modules.get('platform')
    if platform is not None:
        # It remembers the name of the machine, and a restored sandbox has another one.
        platform._uname_cache = None
    tempfile = sys.modules.get('tempfile')
    if tempfile is not None:
        tempfile._name_sequence = None
    uuid = sys.modules.get('uuid')
    if uuid is not None:
        uuid._node = None
        uuid._last_timestamp = None


def _part(name: bytes, seed: bytes, fresh: bytes) -> bytes:
    return hashlib.sha256(name + seed + fresh).digest()
