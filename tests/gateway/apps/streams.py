"""An application whose second piece waits until another request asks for it."""

import threading

go = threading.Event()


def stepwise(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    if environ["PATH_INFO"] == "/go":
        go.set()
        return [b"gone"]
    return steps()


def steps():
    yield b"first"
    if not go.wait(20):
        raise TimeoutError("nobody received the first piece")
    yield b"second"
