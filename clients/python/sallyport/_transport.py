"""Sends calls, and makes errors of what is no answer. Needs nothing beside Python's own library."""

from __future__ import annotations

import http.client
import json
import os
import re
import secrets
import ssl
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from email.message import Message
from typing import Any, BinaryIO, Callable, Iterator, Mapping, Optional, Tuple, Union

FileInput = Union["os.PathLike[str]", Tuple[str, Union[bytes, BinaryIO]]]
"""A file to send: a path, or a name with bytes or what is read as bytes."""

LONGEST_WAIT = 30.0
"""Seconds. Longer than this nobody waits for what says when it can be asked again: the caller is told."""

_PIECE = 1 << 16


class SallyportError(Exception):
    """Why a call came to nothing."""

    def __init__(
        self,
        code: str,
        message: str,
        *,
        status: Optional[int] = None,
        problem: Optional[Mapping[str, Any]] = None,
        request_id: Optional[str] = None,
        retry_after: Optional[float] = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        """By which it can be told from others: a code of the service (docs/errors.md), `unreachable`, `timed-out`,
        `unexpected-answer`, or `stream-cut`, where it is not known whether all was done."""
        self.message = message
        self.status = status
        """Of HTTP; None where there was no answer, or it came within a stream."""
        self.problem: Mapping[str, Any] = problem or {}
        """All that the service said; empty where it said nothing."""
        self.request_id = request_id
        """By which the log of the service has the rest."""
        self.retry_after = retry_after
        """Seconds after which the service asks to be asked again; None where it does not."""


@dataclass(frozen=True)
class CallOptions:
    idempotency_key: Optional[str] = None
    """Of an operation that the service does once for each key: one's own, to ask again after a restart; a new one without it."""
    timeout: Optional[float] = None
    """Seconds in which nothing came; that of the client without it."""
    on_response: Optional[Callable[[int, Message], None]] = None
    """Told of the status and the headers before the body is read."""


@dataclass(frozen=True)
class Call:
    method: str
    path: str
    query: Optional[Mapping[str, Any]] = None
    body: Optional[Mapping[str, Any]] = None
    form: Optional[Mapping[str, Any]] = None
    is_idempotent: bool = False


def segment(part: str) -> str:
    """A part of a path. An address gives `.` and `..` a meaning that no id has: such a call would reach another route."""
    if not isinstance(part, str) or part in ("", ".", ".."):
        raise ValueError(f"{part!r} is no id.")
    return urllib.parse.quote(part, safe="")


def given(**members: Any) -> dict[str, Any]:
    """Those that are not None."""
    return {name: value for name, value in members.items() if value is not None}


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """The service leads nowhere else; a key is not carried there."""

    def redirect_request(self, *_args: Any) -> None:
        return None


class Transport:
    def __init__(
        self,
        base_url: str,
        api_key: Union[str, Callable[[], str]],
        *,
        retries: int = 2,
        timeout: float = 600.0,
        context: Optional[ssl.SSLContext] = None,
    ) -> None:
        self._base_url = _base_url_of(base_url)
        self._api_key = api_key
        self._retries = retries
        self._timeout = timeout
        handlers: list[Any] = [_NoRedirect()]
        if context is not None:
            handlers.append(urllib.request.HTTPSHandler(context=context))
        self._opener = urllib.request.build_opener(*handlers)

    def json(self, call: Call, options: Optional[CallOptions]) -> Any:
        with self._send(call, options, "application/json") as response:
            try:
                return json.loads(_read(response))
            except ValueError as cause:
                raise _error_of(None, response.status, response.headers) from cause

    def nothing(self, call: Call, options: Optional[CallOptions]) -> None:
        self._send(call, options, "application/json").close()

    def content(self, call: Call, options: Optional[CallOptions]) -> http.client.HTTPResponse:
        return self._send(call, options, "*/*")

    def events(self, call: Call, options: Optional[CallOptions], last: str) -> Iterator[Any]:
        response = self._send(call, options, "text/event-stream")
        # Leaving the loop closes the connection, which ends what runs.
        with response:
            if not response.headers.get("content-type", "").startswith("text/event-stream"):
                raise _error_of(None, response.status, response.headers)
            for data in _events_of(response):
                if data == last:
                    return
                try:
                    event = json.loads(data)
                except ValueError as cause:
                    raise _error_of(None, response.status, response.headers) from cause
                if event.get("type") == "error":
                    raise _error_of(event.get("problem"), None, response.headers)
                if event.get("error") is not None:
                    raise _error_of(event["error"], None, response.headers)
                yield event
                if event.get("type") == last:
                    return
            request_id = response.headers.get("x-request-id")
            raise SallyportError("stream-cut", "The stream ended before its last event.", request_id=request_id)

    def download(self, link: str, options: Optional[CallOptions]) -> http.client.HTTPResponse:
        """By a link of an answer. The link is the permission, so no key goes with it, wherever it leads."""
        address = urllib.parse.urljoin(f"{self._base_url}/", link)
        if not re.match("https?://", address):
            raise ValueError("The link must be an address with http or https.")
        return self._attempt(urllib.request.Request(address), options or CallOptions())

    def _send(self, call: Call, options: Optional[CallOptions], accept: str) -> http.client.HTTPResponse:
        options = options or CallOptions()
        address = f"{self._base_url}{call.path}"
        if call.query:
            address += f"?{urllib.parse.urlencode(call.query)}"
        key = (options.idempotency_key or secrets.token_hex(16)) if call.is_idempotent else None
        most = self._retries if call.method == "GET" or key is not None else 0
        attempt = 0
        while True:
            headers = {"accept": accept, "authorization": f"Bearer {self._key()}"}
            if key is not None:
                headers["idempotency-key"] = key
            data, about = _payload_of(call)
            headers.update(about)
            request = urllib.request.Request(address, data=data, headers=headers, method=call.method)
            try:
                return self._attempt(request, options)
            except SallyportError as error:
                wait = _wait_after(error, attempt)
                if wait is None or attempt >= most:
                    raise
                time.sleep(wait)
                attempt += 1

    def _attempt(self, request: urllib.request.Request, options: CallOptions) -> http.client.HTTPResponse:
        timeout = self._timeout if options.timeout is None else options.timeout
        try:
            response: http.client.HTTPResponse = self._opener.open(request, timeout=timeout)
        except urllib.error.HTTPError as answered:
            with answered:
                if options.on_response is not None:
                    options.on_response(answered.code, answered.headers)
                raise _error_from(answered) from None
        except TimeoutError as cause:
            raise _timed_out() from cause
        except (OSError, http.client.HTTPException) as cause:
            if isinstance(getattr(cause, "reason", None), TimeoutError):
                raise _timed_out() from cause
            raise _unreachable() from cause
        if options.on_response is not None:
            options.on_response(response.status, response.headers)
        return response

    def _key(self) -> str:
        key = self._api_key if isinstance(self._api_key, str) else self._api_key()
        if not isinstance(key, str) or not re.fullmatch("[!-~]+", key):
            # An error of the library would repeat it.
            raise ValueError("api_key must be of visible ASCII characters. Is the variable set?")
        return key


def _unreachable() -> SallyportError:
    return SallyportError("unreachable", "The service cannot be reached, or the connection to it broke.")


def _timed_out() -> SallyportError:
    return SallyportError("timed-out", "Nothing came for as long as the timeout of the call.")


def _base_url_of(given_url: str) -> str:
    url = urllib.parse.urlsplit(given_url)
    if url.scheme not in ("http", "https") or not url.hostname:
        raise ValueError("base_url must be an address with http or https, such as http://127.0.0.1:8080.")
    if "@" in url.netloc or url.query or url.fragment:
        raise ValueError("base_url must have no credentials, no query and no fragment.")
    return given_url.rstrip("/")


def _read(response: http.client.HTTPResponse) -> bytes:
    try:
        return response.read()
    except TimeoutError as cause:
        raise _timed_out() from cause
    except (OSError, http.client.HTTPException) as cause:
        raise _unreachable() from cause


def _events_of(response: http.client.HTTPResponse) -> Iterator[str]:
    """The data of the events; comments, names and ids are passed over. An event that its end has not reached is none."""
    data: list[str] = []
    while True:
        try:
            line = response.readline()
        except TimeoutError as cause:
            raise _timed_out() from cause
        except (OSError, http.client.HTTPException) as cause:
            raise _unreachable() from cause
        if line == b"":
            return
        text = line.decode().rstrip("\r\n")
        if text == "":
            if data:
                yield "\n".join(data)
            data = []
        elif text == "data" or text.startswith("data:"):
            data.append(text[5:].removeprefix(" "))


def _error_from(answered: urllib.error.HTTPError) -> SallyportError:
    try:
        problem = json.loads(answered.read())
    except (ValueError, OSError, http.client.HTTPException):
        problem = None
    return _error_of(problem, answered.code, answered.headers)


def _error_of(problem: Any, status: Optional[int], headers: Message) -> SallyportError:
    request_id = headers.get("x-request-id")
    seconds = headers.get("retry-after") or ""
    # A proxy may send a date, which needs a clock that agrees and is passed over.
    retry_after = float(seconds) if re.fullmatch(r"[0-9]{1,9}", seconds) else None
    is_problem = isinstance(problem, dict) and all(isinstance(problem.get(name), str) for name in ("code", "message"))
    if is_problem:
        return SallyportError(
            problem["code"],
            problem["message"],
            status=status,
            problem=problem if "request_id" in problem else None,
            request_id=problem.get("request_id") or request_id,
            retry_after=retry_after,
        )
    said = "" if status is None else f", with status {status}"
    message = f"The answer is none of Sallyport{said}. Is the address right, and is a proxy in between?"
    return SallyportError(
        "unexpected-answer", message, status=status, request_id=request_id, retry_after=retry_after
    )


def _wait_after(error: SallyportError, attempt: int) -> Optional[float]:
    """Seconds after which a failed call may be asked again; None where it may not."""
    if error.status in (409, 429, 503) and error.retry_after is not None:
        return None if error.retry_after > LONGEST_WAIT else error.retry_after
    return 0.25 * 2**attempt if error.code == "unreachable" else None


def _payload_of(call: Call) -> Tuple[Any, dict[str, str]]:
    if call.form is not None:
        return _form_of(call.form)
    if call.body is None:
        # A request with a method that takes a body says that it has none.
        return None, {} if call.method in ("GET", "DELETE") else {"content-length": "0"}
    return json.dumps(call.body, allow_nan=False).encode(), {"content-type": "application/json"}


def _form_of(form: Mapping[str, Any]) -> Tuple[Iterator[bytes], dict[str, str]]:
    boundary = secrets.token_hex(16)
    end = f"\r\n--{boundary}--\r\n".encode()
    heads: list[bytes] = []
    contents: list[Tuple[int, Callable[[], Iterator[bytes]]]] = []
    for name, value in form.items():
        is_file = not isinstance(value, (str, int, float))
        file_name, size, pieces = _file_of(value) if is_file else (None, *_text_of(str(value)))
        said = "" if file_name is None else f'; filename="{_in_quotes(file_name)}"'
        kind = "" if file_name is None else "\r\ncontent-type: application/octet-stream"
        start = "" if not heads else "\r\n"
        head = f'{start}--{boundary}\r\ncontent-disposition: form-data; name="{_in_quotes(name)}"{said}{kind}\r\n\r\n'
        heads.append(head.encode())
        contents.append((size, pieces))

    def written() -> Iterator[bytes]:
        for head, (_size, pieces) in zip(heads, contents):
            yield head
            yield from pieces()
        yield end

    length = sum(map(len, heads)) + sum(size for size, _pieces in contents) + len(end)
    return written(), {"content-type": f"multipart/form-data; boundary={boundary}", "content-length": str(length)}


def _in_quotes(text: str) -> str:
    """As the standard of HTML writes names of forms, so that none ends its own line."""
    return text.replace("\r", "%0D").replace("\n", "%0A").replace('"', "%22")


def _text_of(text: str) -> Tuple[int, Callable[[], Iterator[bytes]]]:
    content = text.encode()
    return len(content), lambda: iter([content])


def _file_of(file: FileInput) -> Tuple[str, int, Callable[[], Iterator[bytes]]]:
    if isinstance(file, tuple):
        name, content = file
        if not isinstance(content, bytes):
            content = content.read()
        whole = content
        return name, len(whole), lambda: iter([whole])
    path = os.fspath(file)
    size = os.stat(path).st_size

    def pieces() -> Iterator[bytes]:
        left = size
        with open(path, "rb") as opened:
            # One that grows meanwhile would end the form elsewhere.
            while left > 0 and (piece := opened.read(min(_PIECE, left))):
                left -= len(piece)
                yield piece

    return os.path.basename(path), size, pieces
