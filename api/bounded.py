"""HTTP/1.1 read by llhttp, with an end to lines and headers that it would read for ever."""

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MOST_UNREAD = 32 * 1024


class BoundedProtocol(HttpToolsProtocol):
    """Answers 400 and hangs up once so many bytes have come to nothing.

    A request line with its headers, the line before a chunk and the trailers behind the last one
    must each fit into them. Bodies are bounded by the routes that read them.
    """

    _unread = 0

    def data_received(self, data: bytes) -> None:
        """Reads on."""
        self._unread += len(data)
        super().data_received(data)
        if self._unread > MOST_UNREAD and not self.transport.is_closing():
            self.send_400_response("Request header too long.")

    def on_headers_complete(self) -> None:
        """The headers came to their end."""
        self._unread = 0
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A piece of a body came."""
        self._unread = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The request came to its end."""
        self._unread = 0
        super().on_message_complete()
