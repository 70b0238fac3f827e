"""A client of Sallyport. Each operation of its OpenAPI document `group.name` is a method `client.group.name`."""

from __future__ import annotations

import http.client
import ssl
from typing import Callable, Optional, Union

from . import _operations as types
from ._operations import Operations
from ._transport import CallOptions, FileInput, SallyportError, Transport

__all__ = ["CallOptions", "FileInput", "Sallyport", "SallyportError", "types"]


class Sallyport(Operations):
    """
    Calls that only read, and those with an idempotency key, are repeated where nobody answers and where the service says
    when to ask again; other calls never. What fails is a `SallyportError`. May be used from several threads.

    base_url: where the service is, with its base path: `http://127.0.0.1:8080`.
    api_key: a key, or how one is had for each attempt.
    retries: how often a call is repeated that can be.
    timeout: seconds in which nothing came, after which a call is given up.
    context: whom to trust over TLS, where it is not who the machine trusts.
    """

    def __init__(
        self,
        base_url: str,
        api_key: Union[str, Callable[[], str]],
        *,
        retries: int = 2,
        timeout: float = 600.0,
        context: Optional[ssl.SSLContext] = None,
    ) -> None:
        transport = Transport(base_url, api_key, retries=retries, timeout=timeout, context=context)
        super().__init__(transport)
        self._transport = transport

    def download(self, link: str, options: Optional[CallOptions] = None) -> http.client.HTTPResponse:
        """A picture or a file by a link that an answer has: `png_url`, `url`. No key is sent with it."""
        return self._transport.download(link, options)
