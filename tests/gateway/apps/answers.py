"""Answers for the tests: what an application may say of its body, and what it may do when that is over."""

import threading

go = threading.Event()


class Pieces:
    """An iterable whose close() waits until another request asks for it."""

    def __init__(self, *pieces):
        self.pieces = pieces

    def __iter__(self):
        return iter(self.pieces)

    def close(self):
        if not go.wait(20):
            raise TimeoutError("nobody received the end of the body")


class Leaving(Pieces):
    def close(self):
        raise SystemExit("from close()")


class Uncounted(Pieces):
    def __len__(self):
        raise NotImplementedError

    def close(self):
        pass


def application(environ, start_response):
    name = environ["PATH_INFO"][1:]
    status, headers, body = "200 OK", [], [b"12345"]
    if name == "go":
        go.set()
    elif name == "closes-late":
        body = Pieces(b"one,", b"two")
    elif name == "closes-late-empty":
        body = Pieces()
    elif name == "closes-by-exit":
        body = Leaving(b"one,", b"two")
    elif name == "uncounted":
        body = Uncounted(b"one,", b"two")
    elif name == "same-length-twice":
        headers = [("Content-Length", "5"), ("content-length", " 5")]
    elif name == "two-lengths":
        headers = [("Content-Length", "5"), ("Content-Length", "7")]
    elif name == "padded":
        headers = [("X-Padded", "  a b ")]
    elif name == "no-content":
        status, headers, body = "204 No Content", [("Content-Length", "0"), ("X-Kept", "1")], []
    elif name == "status-unicode":
        status = "200 \u20ac"
    elif name == "bytes":
        body = b"12345"
    elif name == "two-lines":
        raise ValueError("what happened\nand more of it")
    elif name == "protocol":
        body = [environ["SERVER_PROTOCOL"].encode()]
    start_response(status, headers)
    return body
