"""Applications for the tests: each keeps or breaks one rule of PEP 3333, and tells what happened to it."""

import io
import json
import os
import sys
import threading
import time
from wsgiref.validate import validator

closed = []


class Closing:
    """An iterable that remembers that it was closed."""

    def __init__(self, chunks, name):
        self.chunks = iter(chunks)
        self.name = name
        self.taken = 0

    def __iter__(self):
        return self

    def __next__(self):
        chunk = next(self.chunks)
        self.taken += 1
        return chunk

    def close(self):
        closed.append([self.name, self.taken])


def text(start_response, data, status="200 OK", headers=()):
    start_response(status, [("Content-Type", "text/plain"), *headers])
    return [data]


def hello(environ, start_response):
    return text(start_response, b"Hello")


def show_environ(environ, start_response):
    shown = {name: value for name, value in environ.items() if isinstance(value, str)}
    shown["types"] = sorted({type(environ[name]).__name__ for name in shown})
    shown["multithread"] = environ["wsgi.multithread"]
    shown["multiprocess"] = environ["wsgi.multiprocess"]
    shown["run_once"] = environ["wsgi.run_once"]
    shown["version"] = environ["wsgi.version"]
    shown["is_dict"] = type(environ) is dict
    return text(start_response, json.dumps(shown).encode("ascii"))


def mutating(environ, start_response):
    headers = [("Content-Type", "text/plain"), ("X-Said", "1")]
    start_response("200 OK", headers)
    headers.append(("X-Unsaid", "1"))
    return [b"body"]


def errors(environ, start_response):
    stream = environ["wsgi.errors"]
    stream.writelines(["one\n", "two\n"])
    stream.flush()
    try:
        stream.write(b"bytes")
    except TypeError as error:
        return text(start_response, str(error).encode())


def terminated(environ, start_response):
    return text(start_response, repr(environ.get("wsgi.input_terminated")).encode())


def cacheable(environ, start_response):
    data = "%s at %s" % (os.environ["SHOP"], environ["PATH_INFO"])
    return text(start_response, data.encode(), headers=[("Cache-Control", "max-age=100")])


def echo(environ, start_response):
    return text(start_response, environ["wsgi.input"].read())


def count(environ, start_response):
    size = 0
    while True:
        block = environ["wsgi.input"].read(65536)
        if not block:
            return text(start_response, str(size).encode())
        size += len(block)


def reading(environ, start_response):
    body = environ["wsgi.input"]
    seen = [
        body.read(3).decode(),
        body.readline().decode(),
        body.readline(2).decode(),
        [line.decode() for line in body.readlines(4)],
        [line.decode() for line in body],
        body.read().decode(),
        body.read(10).decode(),
    ]
    return text(start_response, json.dumps(seen).encode())


def first_line(environ, start_response):
    return text(start_response, environ["wsgi.input"].readline())


def read_error(environ, start_response):
    try:
        environ["wsgi.input"].read()
    except OSError as error:
        closed.append(["input", str(error)])
    return text(start_response, b"")


def twice(environ, start_response):
    start_response("200 OK", [])
    start_response("200 OK", [])
    return [b"x"]


def replaced(environ, start_response):
    start_response("200 OK", [("X-First", "1")])
    try:
        raise ValueError("changed my mind")
    except ValueError:
        start_response("503 Sorry", [("X-Second", "2")], sys.exc_info())
    return [b"replaced"]


def too_late(environ, start_response):
    def body():
        start_response("200 OK", [("Content-Length", "20")])
        yield b"0123456789"
        try:
            raise ValueError("after the head")
        except ValueError:
            start_response("500 No", [], sys.exc_info())
        yield b"0123456789"

    return body()


def late_start(environ, start_response):
    """Calls start_response when it is iterated, and gives empty chunks before the head may go."""
    yield from ()
    start_response("200 OK", [("X-Early", "1")])
    yield b""
    try:
        raise ValueError("still nothing sent")
    except ValueError:
        start_response("202 Accepted", [("X-Late", "1")], sys.exc_info())
    yield b""
    yield b"body"


def never_started(environ, start_response):
    return [b"no head"]


def nothing(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return []


def generated(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return (piece for piece in [b"one,", b"", b"two"])


def single(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"single"]


def liar(environ, start_response):
    """Its length is one, but it gives two."""

    class Liar(list):
        def __iter__(self):
            return iter([b"one", b"two"])

    start_response("200 OK", [])
    return Liar([b"one"])


def writes(environ, start_response):
    write = start_response("200 OK", [])
    write(b"imperative, ")
    write(b"then ")
    return [b"iterated"]


def too_much(environ, start_response):
    return text(start_response, b"0123456789", headers=[("Content-Length", "5")])


def too_little(environ, start_response):
    return text(start_response, b"01234", headers=[("Content-Length", "10")])


def bodiless(environ, start_response):
    status = environ["QUERY_STRING"].replace("+", " ")
    start_response(status, [("ETag", '"x"')])
    return Closing([b"never", b"sent"], "bodiless")


def big_head(environ, start_response):
    start_response("200 OK", [("Content-Length", "1000000")])
    return Closing((b"x" * 1000 for _ in range(1000)), "head")


def several_cookies(environ, start_response):
    return text(start_response, b"", headers=[("Set-Cookie", "a=1"), ("X-Between", "y"), ("Set-Cookie", "b=2")])


def bad(environ, start_response):
    """Breaks the rule that the query names."""
    rule = environ["QUERY_STRING"]
    status, headers, body = "200 OK", [], [b""]
    if rule == "status-bytes":
        status = b"200 OK"
    elif rule == "status-number":
        status = 200
    elif rule == "status-short":
        status = "200"
    elif rule == "status-newline":
        status = "200 OK\r\nX-Evil: 1"
    elif rule == "status-interim":
        status = "103 Early Hints"
    elif rule == "headers-tuple":
        headers = (("A", "b"),)
    elif rule == "header-list":
        headers = [["A", "b"]]
    elif rule == "header-bytes":
        headers = [("A", b"b")]
    elif rule == "header-name":
        headers = [("A b", "c")]
    elif rule == "header-newline":
        headers = [("A", "b\r\nEvil: 1")]
    elif rule == "header-unicode":
        headers = [("A", "\u20ac")]
    elif rule == "length-words":
        headers = [("Content-Length", "ten")]
    elif rule.startswith("hop-"):
        headers = [(rule[4:], "x")]
    elif rule == "body-str":
        body = ["text"]
    elif rule == "body-none":
        body = None
    elif rule == "body-bytearray":
        body = [bytearray(b"x")]
    write = start_response(status, headers)
    if rule == "write-str":
        write("text")
    return body


def raises(environ, start_response):
    raise RuntimeError("<script>alert('boom')</script>")


def raises_long(environ, start_response):
    raise RuntimeError("begin " + 1_000_000 * "x" + " end")


def raises_midway(environ, start_response):
    start_response("200 OK", [("Content-Length", "1000")])

    def body():
        try:
            yield b"begun"
            raise RuntimeError("midway")
        finally:
            closed.append(["midway", 1])

    return body()


def close_raises(environ, start_response):
    class Result(Closing):
        def close(self):
            raise RuntimeError("in close")

    start_response("200 OK", [])
    return Result([b"fine"], "close_raises")


def closing(environ, start_response):
    start_response("200 OK", [])
    return Closing([b"a", b"b"], "closing")


def show_closed(environ, start_response):
    return text(start_response, json.dumps(closed).encode())


def endless(environ, start_response):
    start_response("200 OK", [])
    result = Closing((b"x" * 65536 for _ in iter(int, 1)), "endless")
    progress["endless"] = result
    return result


progress = {}


def taken(environ, start_response):
    return text(start_response, str(progress["endless"].taken).encode())


def megabytes(environ, start_response):
    start_response("200 OK", [("Content-Type", "application/octet-stream")])
    return (b"x" * 65536 for _ in range(16 * int(environ["QUERY_STRING"])))


def file(environ, start_response):
    source = io.BytesIO(b"0123456789" * 50_000)
    source.close = lambda: closed.append(["file", 0])
    start_response("200 OK", [("Content-Type", "application/octet-stream")])
    return environ["wsgi.file_wrapper"](source, 512)


def prints(environ, start_response):
    print("on stdout")
    print("on stderr", file=sys.stderr)
    environ["wsgi.errors"].write("on wsgi.errors\n")
    environ["wsgi.errors"].writelines(["caf\u00e9 ", "\u20ac\n"])
    environ["wsgi.errors"].flush()
    return text(start_response, b"printed")


def chatty(environ, start_response):
    for _ in range(100):
        environ["wsgi.errors"].write("x" * 10_000)
    return text(start_response, b"chatted")


gates = {"first": threading.Event()}


def wait(environ, start_response):
    gates["first"].wait(20)
    return text(start_response, str(os.getpid()).encode())


def release(environ, start_response):
    gates["first"].set()
    return text(start_response, b"released")


def hang(environ, start_response):
    while True:
        time.sleep(3600)


def die(environ, start_response):
    print("these are my last words", file=sys.__stderr__, flush=True)
    os._exit(3)


def die_midway(environ, start_response):
    start_response("200 OK", [("Content-Length", "1000")])
    yield b"begun"
    os._exit(4)


def leave(environ, start_response):
    sys.exit("leaving")


def pid(environ, start_response):
    return text(start_response, str(os.getpid()).encode())


def tells(environ, start_response):
    environ["hopscope.tell"](framework="mine", view="tells")
    return text(start_response, b"told")


def variable(environ, start_response):
    return text(start_response, os.environ.get("SHOP_COLOUR", "").encode())


def application(environ, start_response):
    name = environ["PATH_INFO"].lstrip("/").replace("-", "_").split("/")[0]
    found = globals().get(name)
    if found is None:
        return text(start_response, b"no such rule", "404 Not Found")
    return found(environ, start_response)


validated = validator(application)
