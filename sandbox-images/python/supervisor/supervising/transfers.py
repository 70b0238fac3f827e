"""Uploads and downloads: streamed in both directions under credit, so that no file has to fit in memory."""

import os

import wire
from supervising.artifacts import Artifacts, describe
from supervising.host_stream import HostStream
from supervising.tree import UPLOAD_PREFIX, Refused, Tree, components, refusal

_WINDOW = 1 << 20
_MAXIMUM_OPEN = 16


class Upload:
    """A file that is being put: written beside its place under a hidden name and renamed when it is whole."""

    def __init__(self, tree: Tree, identifier: int, path: object, expected: int | None) -> None:
        names = components(path)
        self.path = '/'.join(names)
        self._expected = expected
        self._written = 0
        self.credit = _WINDOW
        self._name = names[-1]
        self._temporary = f'{UPLOAD_PREFIX}{identifier}'
        self._folder = tree.parent(names, create=True)
        try:
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
            self._file = os.open(self._temporary, flags, 0o660, dir_fd=self._folder)
            os.fchown(self._file, -1, tree.group)
            os.fchmod(self._file, 0o660)
        except OSError:
            os.close(self._folder)
            raise

    def write(self, data: bytes) -> None:
        if len(data) > self.credit:
            raise wire.WireError('an upload went beyond its credit')
        self.credit -= len(data)
        self._written += len(data)
        if self._expected is not None and self._written > self._expected:
            raise Refused('too-large', 'more bytes came than were announced')
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(self._file, rest) :]

    def finish(self) -> os.stat_result:
        if self._expected is not None and self._written != self._expected:
            raise Refused('bad-request', f'{self._written} bytes came, {self._expected} were announced')
        os.rename(self._temporary, self._name, src_dir_fd=self._folder, dst_dir_fd=self._folder)
        status = os.fstat(self._file)
        self._close()
        return status

    def abandon(self) -> None:
        try:
            os.unlink(self._temporary, dir_fd=self._folder)
        except OSError:
            pass
        self._close()

    def _close(self) -> None:
        os.close(self._file)
        os.close(self._folder)


class Download:
    """A regular file that is being read; it may change meanwhile, its announced size is kept or the read fails."""

    def __init__(self, tree: Tree, path: object) -> None:
        names = components(path)
        self.file = tree.open_regular(names)
        status = os.fstat(self.file)
        self.description = describe('/'.join(names), status)
        self.remaining = status.st_size
        self.credit = _WINDOW

    def read(self) -> bytes:
        """The next piece, empty when there is no credit. Raises Refused when the file shrank."""
        wanted = min(wire.MAXIMUM_CHUNK, self.credit, self.remaining)
        if wanted == 0:
            return b''
        data = os.read(self.file, wanted)
        if not data:
            raise Refused('changed', 'the file shrank while it was read')
        self.credit -= len(data)
        self.remaining -= len(data)
        return data

    def close(self) -> None:
        os.close(self.file)


class Transfers:
    """Every transfer under way, by the host's id. Refusals go to `host` as `failed` and end the transfer."""

    def __init__(self, host: HostStream, tree: Tree, artifacts: Artifacts) -> None:
        self._host = host
        self._tree = tree
        self._artifacts = artifacts
        self._uploads: dict[int, Upload] = {}
        self._downloads: dict[int, Download] = {}

    def put(self, identifier: int, path: object, expected: object) -> None:
        if expected is not None and not (isinstance(expected, int) and expected >= 0):
            raise Refused('bad-request', 'bytes is a number or null')
        self._check_room(identifier)
        if expected is not None and expected > self._tree.space().f_bavail * self._tree.space().f_frsize:
            raise Refused('no-space', f'{expected} bytes do not fit below /mnt/data')
        self._uploads[identifier] = Upload(self._tree, identifier, path, expected)

    def chunk(self, identifier: int, data: bytes) -> None:
        """Part of an upload; parts of one that failed already are still on their way and are dropped."""
        upload = self._uploads.get(identifier)
        if upload is None:
            return
        upload.write(data)
        if upload.credit <= _WINDOW // 2:
            grant = _WINDOW - upload.credit
            upload.credit += grant
            self._host.send({'type': 'credit', 'id': identifier, 'bytes': grant})

    def close(self, identifier: int) -> None:
        upload = self._uploads.get(identifier)
        if upload is None:
            return
        status = upload.finish()
        del self._uploads[identifier]
        self._artifacts.note(upload.path, status)
        self._host.send({'type': 'stored', 'id': identifier, 'file': describe(upload.path, status)})

    def get(self, identifier: int, path: object) -> None:
        self._check_room(identifier)
        download = Download(self._tree, path)
        self._downloads[identifier] = download
        self._host.send({'type': 'content', 'id': identifier, 'file': download.description})

    def credit(self, identifier: int, amount: object) -> None:
        download = self._downloads.get(identifier)
        if download is not None and isinstance(amount, int) and 0 < amount <= 1 << 40:
            download.credit += amount

    def pump(self) -> bool:
        """Sends one piece of each download that may go on. True while there is more to send at once."""
        more = False
        for identifier, download in list(self._downloads.items()):
            if self._host.congested:
                return False
            try:
                data = download.read()
            except (OSError, Refused) as error:
                self.drop(identifier)
                self._fail(identifier, error)
                continue
            if data:
                self._host.send_chunk(identifier, data)
            if download.remaining == 0:
                self.drop(identifier)
                self._host.send({'type': 'end', 'stream': identifier, 'bytes': download.description['bytes']})
            elif download.credit > 0:
                more = True
        return more

    def drop(self, identifier: int) -> bool:
        """Ends a transfer without a word; a half upload is removed. False when there was none."""
        upload = self._uploads.pop(identifier, None)
        if upload is not None:
            upload.abandon()
        download = self._downloads.pop(identifier, None)
        if download is not None:
            download.close()
        return upload is not None or download is not None

    def _check_room(self, identifier: int) -> None:
        if identifier in self._uploads or identifier in self._downloads:
            raise Refused('bad-request', 'this id is in use')
        if len(self._uploads) + len(self._downloads) >= _MAXIMUM_OPEN:
            raise Refused('busy', f'at most {_MAXIMUM_OPEN} transfers at a time')

    def _fail(self, identifier: int, error: OSError | Refused) -> None:
        refused = error if isinstance(error, Refused) else refusal(error)
        self._host.send({'type': 'failed', 'id': identifier, 'code': refused.code, 'message': str(refused)})
