"""Hopscope's worker for Python WSGI applications (PEP 3333). Standard library only, Python 3.8 and newer.

Hopscope starts it as `python - LANES`, this text on standard input. It inherits sockets: file descriptor 3 is the
control channel, 4 and up are the lanes. A lane carries one request at a time and belongs to one thread, so there is
nothing to multiplex, and a lane's socket buffer is the backpressure in both directions. Requests without a body may
come ahead of their turn: they lie in the socket until the thread is done with the one before, and Hopscope can have
those back that have not begun.

A frame is a byte for its kind, four bytes for the payload's length (big-endian) and the payload:

    control, in     S  JSON: what to load and how          A  a lane's number (one byte) and the number of its
                                                              request (four): its client has gone
                    B  a lane's number and a request's: what has not begun there, up to that one, is wanted back
    control, out    R  JSON: loaded                        F  a traceback: it could not be loaded
                    M  JSON: source files, for reloading   B  the answer: what was asked, then the number of the
                                                              first request that is given back (four)
    lane, in        R  a request: a byte of flags (1 it has a body, 2 tell when the body is wanted), the number of
                       variables (two bytes), then names and values of the environ, joined by newlines; only the last
                       value, PATH_INFO, may hold newlines of its own
                    D  a piece of the request's body       E  its end           X  it broke off
    lane, out       W  the body is wanted (100-continue)   H  status and fields, joined by newlines
                    D  a piece of the response's body      L  a letter for the stream, then text written to it
                    V  JSON: what a framework tells
                    T  a line that says what was raised, then the traceback: the request failed
                    Z  the body is complete, though its length was not known; close() is still to come
                    C  the same: only close() failed
                    E  the end: times as little-endian doubles, see Call.times
                    S  a request's number (four bytes): it was given back, and this was its place in the line

End of file on a lane asks its thread to end, and the process ends with the last of them. End of file on the control
channel means that Hopscope is gone: the process exits at once, whatever its threads do.
"""

import ast
import gc
import io
import json
import os
import re
import signal
import struct
import sys
import threading
import traceback
import types
from contextlib import suppress
from importlib import import_module
from time import perf_counter

HEADER = struct.Struct(">cI")
ABOUT = struct.Struct(">BI")
GIVEN_BACK = struct.Struct(">BII")
SERIAL = struct.Struct(">I")
REQUEST = struct.Struct(">BH")
HAS_BODY = 1
TELL_WANTED = 2
CONTROL = 3
FIRST_LANE = 4

# Up to this many bytes a frame is joined and written at once; longer pieces are not copied.
JOINED = 32_768
FILE_BLOCK = 131_072
# Characters of output per request that are passed on, and chunks whose times are told.
MAX_OUTPUT = 65_536
MAX_LINE = 8_192
# Characters of a traceback, and of the line that says what was raised.
MAX_TRACEBACK = 65_536
MAX_RAISED = 1_000
MAX_TIMED = 32
NEVER = float("nan")

HOP_BY_HOP = frozenset(
    "connection keep-alive proxy-authenticate proxy-authorization te trailer trailers transfer-encoding upgrade".split()
)
STATUS = re.compile(r"[2-9][0-9][0-9] [\x20-\x7e\x80-\xff]*")
NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
INSTALLED = re.compile(r"[/\\](site|dist)-packages[/\\]")
CONTROL_CHARACTER = re.compile(r"[\x00-\x1f\x7f]")

current = threading.local()


class ClientGone(Exception):
    """Nobody reads the response any more; ends the iteration, never reaches the application."""


class Channel:
    """Frames over an inherited socket. Reads are for one thread; writes may come from several."""

    def __init__(self, fd):
        if hasattr(os, "set_blocking"):
            os.set_blocking(fd, True)
        os.set_inheritable(fd, False)
        self.fd = fd
        # Reentrant, because a finalizer or a signal handler may print while its own thread sends.
        self.lock = threading.RLock()
        self.sending = False
        self.unsent = []
        self.read = self.make_reader()

    def make_reader(self):
        return open(self.fd, "rb", buffering=65_536, closefd=False).read

    def receive(self):
        """The next frame as (kind, payload); None at the end of file."""
        header = self.read(5)
        if len(header) < 5:
            return None
        kind, length = HEADER.unpack(header)
        payload = self.read(length) if length else b""
        return (kind, payload) if len(payload) == length else None

    def send(self, kind, payload=b""):
        self.send_all([(kind, payload)])

    def send_all(self, frames):
        """Writes frames, in one system call when they are small; behind the one that this thread is writing, if it is."""
        with self.lock:
            self.unsent += frames
            while self.unsent and not self.sending:
                frames, self.unsent = self.unsent, []
                self.sending = True
                try:
                    self._send(frames)
                finally:
                    self.sending = False

    def _send(self, frames):
        joined = []
        for kind, payload in frames:
            size = len(payload)
            joined.append(HEADER.pack(kind, size))
            if size > JOINED:
                self._write(b"".join(joined))
                self._write(payload)
                joined = []
            else:
                joined.append(payload)
        if joined:
            self._write(b"".join(joined))

    def _write(self, data):
        written = os.write(self.fd, data)
        if written < len(data):
            rest = memoryview(data)[written:]
            while rest:
                rest = rest[os.write(self.fd, rest):]


class ControlChannel(Channel):
    """Without a buffer, whose lock a thread that waits for input would hold while the interpreter shuts down."""

    def make_reader(self):
        return self.read_exactly

    def read_exactly(self, size):
        data = b""
        while len(data) < size:
            piece = os.read(self.fd, size - len(data))
            if not piece:
                break
            data += piece
        return data


class Body(io.RawIOBase):
    """The request's body as its frames arrive. Wrapped in a BufferedReader it is wsgi.input."""

    def __init__(self, lane, tell):
        self.lane = lane
        self.tell_wanted = tell
        self.piece = memoryview(b"")
        self.over = False
        self.broken = False

    def readable(self):
        return True

    def readinto(self, target):
        while not self.piece:
            if self.broken:
                raise ConnectionError("the client went away before its request body was complete")
            if self.over:
                return 0
            if self.tell_wanted:
                self.tell_wanted = False
                self.lane.channel.send(b"W")
            self._next()
        size = min(len(target), len(self.piece))
        target[:size] = self.piece[:size]
        self.piece = self.piece[size:]
        return size

    def _next(self):
        frame = self.lane.channel.receive()
        if frame is None or frame[0] != b"D":
            self.over = True
            self.broken = frame is None or frame[0] == b"X"
        else:
            self.piece = memoryview(frame[1])

    def skip(self):
        """Reads on to the end, so that the lane is ready for its next request."""
        while not self.over:
            self._next()
        self.piece = memoryview(b"")


class Errors:
    """wsgi.errors, on its way into the trace. Not one of Python's streams, which cost each request more than all else
    that is made for it here; most requests write nothing."""

    __slots__ = ("call",)

    def __init__(self, call):
        self.call = call

    encoding = "utf-8"

    def write(self, text):
        if type(text) is not str:
            raise TypeError("write() takes a str, not " + type(text).__name__)
        self.call.tell("e", text)
        return len(text)

    def writelines(self, lines):
        for line in lines:
            self.write(line)

    def flush(self):
        self.call.flush()


class Routed(io.TextIOBase):
    """sys.stdout or sys.stderr: into the trace of the request that writes, or else to where it would have gone."""

    def __init__(self, letter, stream):
        self.letter = letter
        self.stream = stream

    encoding = "utf-8"
    errors = "backslashreplace"

    def writable(self):
        return True

    def fileno(self):
        return self.stream.fileno()

    def isatty(self):
        return False

    def __getattr__(self, name):
        """What else programs ask of such streams: buffer, name, reconfigure()."""
        return getattr(self.stream, name)

    def write(self, text):
        call = getattr(current, "call", None)
        if call is None:
            self.stream.write(text)
            self.stream.flush()
        else:
            call.tell(self.letter, text)
        return len(text)

    def flush(self):
        call = getattr(current, "call", None)
        if call is None:
            self.stream.flush()
        else:
            call.flush()


class FileWrapper:
    """wsgi.file_wrapper: an iterator over a file's blocks."""

    def __init__(self, filelike, block_size=FILE_BLOCK):
        self.filelike = filelike
        self.block_size = block_size
        if hasattr(filelike, "close"):
            self.close = filelike.close

    def __iter__(self):
        return self

    def __next__(self):
        data = self.filelike.read(self.block_size)
        if data:
            return data
        raise StopIteration


# Names and status lines that have been checked lately. An application says the same few again and again.
good_names = {}
good_statuses = set()
MAX_GOOD = 1_000


def check_status(status):
    if type(status) is not str:
        raise TypeError("the status must be a str, not " + type(status).__name__)
    if status in good_statuses:
        return
    if not STATUS.fullmatch(status):
        raise ValueError("the status must be three digits from 200 on, a space and a latin-1 phrase, not %r" % status)
    if len(good_statuses) < MAX_GOOD:
        good_statuses.add(status)


def check_headers(headers):
    """Raises what is wrong with the fields. Returns them as a flat list, and what Content-Length says, None without one."""
    if type(headers) is not list:
        raise TypeError("the headers must be a list, not " + type(headers).__name__)
    # A list of its own: an application may change its list afterwards, but what it said counts.
    fields = []
    length = None
    for item in headers:
        if type(item) is not tuple or len(item) != 2:
            raise TypeError("every header must be a tuple of name and value, not %r" % (item,))
        name, value = item
        if type(name) is not str or type(value) is not str:
            raise TypeError("a header's name and value must be of type str: %r" % (item,))
        lower = good_names.get(name) or check_name(name)
        # What can be printed has no control characters.
        if not (value.isascii() and value.isprintable()):
            check_value(name, value)
        # RFC 9110 section 5.5: blanks around a value are no part of it, and HTTP/2 forbids them (RFC 9113 section 8.2.1).
        value = value.strip(" ")
        if lower == "content-length":
            before, length = length, check_length(value)
            if before == length:
                continue
            # RFC 9110 section 8.6: a message has one length.
            if before is not None:
                raise ValueError("the Content-Length is given twice, as %d and as %d" % (before, length))
        fields += (name, value)
    return fields, length


def check_length(value):
    if not (value.isascii() and value.isdigit()):
        raise ValueError("the Content-Length is not a number: %r" % value)
    return int(value)


def check_value(name, value):
    if CONTROL_CHARACTER.search(value):
        raise ValueError("the value of %s must not contain control characters: %r" % (name, value))
    if max(value) > "\xff":
        # PEP 3333, "Unicode Issues": a str stands for bytes, one character for each.
        raise ValueError("the value of %s has characters beyond latin-1, which a header cannot: %r" % (name, value))


def check_name(name):
    """The name in lower case, if it may be that of a header."""
    if not NAME.fullmatch(name):
        raise ValueError("%r is not the name of a header" % name)
    lower = name.lower()
    if lower in HOP_BY_HOP:
        raise ValueError("%s is for one hop: an application must not send it (PEP 3333)" % name)
    if lower == "status":
        raise ValueError("the status is the first argument of start_response, not a header")
    if len(good_names) < MAX_GOOD:
        good_names[name] = lower
    return lower


class Call:
    """One request: what start_response and write share with the loop over the result."""

    # What every call begins with.
    status = None
    fields = ()
    length = None
    head_sent = False
    remaining = None
    bodiless = False
    wrote = False
    told = 0
    held = ""
    held_letter = ""
    ended = False

    def __init__(self, lane, method):
        self.lane = lane
        self.method = method
        # Readings of the clock: called, start_response, returned, closing, closed; then for each of the first chunks
        # when it was asked for, when it was there, and its size. Not a number: it did not happen. They are told as
        # seconds since the request was read.
        self.began = perf_counter()
        self.times = [NEVER, NEVER, NEVER, NEVER, NEVER]

    def told_times(self):
        """The times as bytes, for the last frame."""
        began = self.began
        times = self.times
        told = [time - began for time in times]
        told[7::3] = times[7::3]
        return struct.pack("<%dd" % len(told), *told)

    def start_response(self, status, headers, exc_info=None):
        if exc_info:
            try:
                if self.head_sent:
                    raise exc_info[1].with_traceback(exc_info[2])
            finally:
                exc_info = None
        elif self.status is not None:
            raise AssertionError("start_response was called a second time without exc_info")
        check_status(status)
        self.fields, self.length = check_headers(headers)
        self.status = status
        self.times[1] = perf_counter()
        return self.write

    def write(self, data):
        """The imperative way to send a piece of the body, from before iterables."""
        if type(data) is not bytes:
            raise TypeError("write() takes bytes, not " + type(data).__name__)
        self.wrote = True
        if self.status is None:
            raise AssertionError("write() was called before start_response()")
        if data:
            self.send(self.chunk(data))

    def chunk(self, data, whole=False):
        """The frames that send a non-empty piece; `whole` when it is all of the body."""
        frames = [] if self.head_sent else [self.head(len(data) if whole else None)]
        if self.bodiless:
            return frames
        if self.remaining is not None:
            if len(data) > self.remaining:
                self.send(frames + [(b"D", data[: self.remaining])])
                raise ValueError("the application gave more bytes than its Content-Length announced")
            self.remaining -= len(data)
        frames.append((b"D", data))
        return frames

    def send(self, frames):
        lane = self.lane
        if lane.gone_serial == lane.serial:
            raise ClientGone()
        if frames:
            lane.channel.send_all(frames)

    def head(self, whole):
        """The frame with status and fields; `whole` is the body's length when all of it is known."""
        status = self.status
        if status is None:
            raise AssertionError("the application did not call start_response before its first bytes")
        self.head_sent = True
        self.bodiless = self.method == "HEAD" or status.startswith(("204", "304"))
        parts = [status, *self.fields]
        if self.length is not None:
            self.remaining = self.length
        elif whole is not None and (not self.bodiless or (whole > 0 and self.method == "HEAD")):
            # PEP 3333, "Handling the Content-Length Header": known when there is at most one piece.
            parts += ("Content-Length", str(whole))
            self.remaining = whole
        return (b"H", "\n".join(parts).encode("latin-1"))

    def run(self, application, environ):
        """Calls the application and sends what it gives. Returns the last frames, not yet sent."""
        times = self.times
        close = None
        try:
            times[0] = perf_counter()
            result = application(environ, self.start_response)
            times[2] = perf_counter()
            close = getattr(result, "close", None)
            last = self.iterate(result, close)
            if close is None:
                return last
            # The client need not wait for close(), in which applications do what is to be done afterwards.
            if self.remaining is None and not self.bodiless:
                last.append((b"Z", b""))
            self.send(last)
            return []
        finally:
            # PEP 3333: close() is called whatever happened, also when the client has gone.
            if close is not None:
                self.close(close)

    def close(self, close):
        self.times[3] = perf_counter()
        try:
            close()
        except BaseException as error:  # what it calls may even exit
            self.lane.channel.send(b"C", in_one_line(error) + describe(error))
        self.times[4] = perf_counter()

    def iterate(self, result, close):
        times = self.times
        whole = not self.wrote and length_of(result) == 1
        if type(result) is FileWrapper and result.block_size < FILE_BLOCK:
            result.block_size = FILE_BLOCK
        # No piece waits for what the application does next, unless there is nothing left for it to do.
        may_wait = whole and close is None
        last = []
        asked = perf_counter()
        for data in result:
            if not isinstance(data, bytes):
                raise TypeError(wrong_piece(result, data))
            if len(times) < 5 + 3 * MAX_TIMED:
                times += (asked, perf_counter(), len(data))
            if last:
                self.send(last)
                last = []
            if data:
                last = self.chunk(data, whole)
                if not may_wait:
                    self.send(last)
                    last = []
            elif self.lane.gone():
                raise ClientGone()
            if self.bodiless:
                break
            asked = perf_counter()
        return last if self.head_sent else [self.head(0)]

    def tell(self, letter, text):
        """Passes output on by lines: print() writes each of its arguments, and the end of the line, by itself."""
        if self.ended:
            sys.__stderr__.write(text)
            return
        with self.lane.telling:
            if letter != self.held_letter:
                self.pass_on()
            self.held += text
            self.held_letter = letter
            if text.endswith("\n") or len(self.held) > MAX_LINE:
                self.pass_on()

    def flush(self):
        with self.lane.telling:
            self.pass_on()

    def pass_on(self):
        """Sends what is held, up to a limit that keeps a chatty request from filling the trace."""
        text, self.held = self.held, ""
        room = MAX_OUTPUT - self.told
        if room <= 0 or not text:
            return
        self.told += len(text)
        if len(text) > room:
            text = text[:room] + "\n[more was written and is not shown]\n"
        self.lane.channel.send(b"L", (self.held_letter + text).encode("utf-8", "backslashreplace"))

    def framework(self, **facts):
        """environ['hopscope.tell']: what a framework's middleware knows of this request."""
        if not self.ended:
            self.lane.channel.send(b"V", json.dumps(facts, default=str).encode("utf-8"))


def wrong_piece(result, data):
    if isinstance(result, (bytes, str)):
        return "the application returned %s instead of an iterable of bytes, such as a list" % type(result).__name__
    return "the application yielded %s instead of bytes" % type(data).__name__


def length_of(result):
    """The number of its pieces, if it tells; the same failures mean that it does not as in wsgiref."""
    try:
        return len(result)
    except (TypeError, AttributeError, NotImplementedError):
        return None


class Lane:
    """One thread's end of a lane."""

    def __init__(self, number, worker):
        self.worker = worker
        self.channel = Channel(FIRST_LANE + number)
        # The number of the current request, and of the one whose client has gone.
        self.serial = 0
        self.gone_serial = 0
        # Requests up to this number that had not begun when they were asked for are not answered here.
        self.returned = 0
        self.beginning = threading.Lock()
        # For what the current request has written: threads of the application may write, too, and finalizers of its own.
        self.telling = threading.RLock()

    def gone(self):
        return self.gone_serial == self.serial

    def serve(self):
        while True:
            frame = self.channel.receive()
            if frame is None:
                return
            if self.begin():
                self.answer(frame[1])
            else:
                self.channel.send(b"S", SERIAL.pack(self.serial))

    def begin(self):
        """Turns to the next request. False if it was given back."""
        with self.beginning:
            self.serial += 1
            return self.serial > self.returned

    def give_back(self, last):
        """For the control thread: gives back what has not begun up to request number `last`. Returns the first one."""
        with self.beginning:
            first = max(self.serial, self.returned) + 1
            self.returned = max(self.returned, last)
            return first

    def answer(self, payload):
        flags, count = REQUEST.unpack_from(payload)
        pairs = iter(str(memoryview(payload)[3:], "latin-1").split("\n", 2 * count - 1))
        environ = dict(zip(pairs, pairs))
        call = Call(self, environ["REQUEST_METHOD"])
        environ.update(self.worker.constants)
        body = Body(self, flags & TELL_WANTED != 0) if flags & HAS_BODY else None
        environ["wsgi.input"] = io.BytesIO() if body is None else io.BufferedReader(body, 65_536)
        environ["wsgi.errors"] = Errors(call)
        environ["hopscope.tell"] = call.framework
        current.call = call
        frames = []
        try:
            frames = call.run(self.worker.application, environ)
        except ClientGone:
            pass
        except BaseException as error:  # an application may even call sys.exit()
            frames = [(b"T", in_one_line(error) + describe(error))]
        current.call = None
        if call.held:
            call.flush()
        call.ended = True
        frames.append((b"E", call.told_times()))
        self.channel.send_all(frames)
        if body is not None:
            body.skip()
        self.worker.tell_files()


def describe(error):
    """The traceback as bytes, without the frames of this file and of the import machinery that lead to the error; of a long
    one both ends."""
    trace = error.__traceback__
    while trace is not None and is_own(trace.tb_frame.f_code.co_filename):
        trace = trace.tb_next
    text = "".join(traceback.format_exception(type(error), error, trace))
    if len(text) > MAX_TRACEBACK:
        half = MAX_TRACEBACK // 2
        text = "%s\n[%d characters are not shown]\n%s" % (text[:half], len(text) - 2 * half, text[-half:])
    return text.encode("utf-8", "backslashreplace")


def in_one_line(error):
    """What was raised, as bytes with the end of the line."""
    lines = traceback.format_exception_only(type(error), error)
    # That of a mistake in the source comes after the source.
    line = lines[-1 if isinstance(error, SyntaxError) else 0]
    line = line.split("\n", 1)[0]
    if len(line) > MAX_RAISED:
        line = line[:MAX_RAISED] + "…"
    return line.encode("utf-8", "backslashreplace") + b"\n"


def is_own(filename):
    return filename in OWN_FILES or filename.startswith("<frozen importlib")


OWN_FILES = (describe.__code__.co_filename, import_module.__code__.co_filename)


def yield_to_waker():
    """Where the system knows it, a worker that is given a request does not interrupt Hopscope, which on a busy machine
    has others to hand out and answers to pass on. Only a hint: who may not give it loses nothing but a little speed."""
    if hasattr(os, "SCHED_BATCH"):
        with suppress(OSError):
            os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))


class Worker:
    """The process: one application, as many lanes as threads."""

    def __init__(self, lanes):
        self.control = ControlChannel(CONTROL)
        self.lanes = [Lane(number, self) for number in range(lanes)]
        self.application = None
        self.reload = False
        self.known_modules = 0
        self.constants = {}

    def main(self):
        yield_to_waker()
        # Ctrl-C in a terminal reaches every process of the group; Hopscope tells its workers itself when to end.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        frame = self.control.receive()
        if frame is None:
            return
        spec = json.loads(frame[1].decode("utf-8"))
        self.reload = spec["reload"]
        threading.Thread(target=self.watch_control, name="hopscope-control", daemon=True).start()
        sys.stdout = Routed("o", sys.stdout)
        sys.stderr = Routed("s", sys.stderr)
        sys.argv = [spec["module"]]
        # This program is no file ("<stdin>") that a process of multiprocessing could begin with.
        sys.modules["__main__"].__dict__.pop("__file__", None)
        if sys.path[:1] != [""]:
            sys.path.insert(0, "")
        sys.path[0] = os.getcwd()
        sys.modules["hopscope_django"] = django_module()
        try:
            self.application = load(spec["module"])
        except BaseException as error:  # SystemExit as well: a module must not end the process unexplained
            # Of many a missing package the wrong interpreter is the reason, of many a missing module the wrong folder.
            python = "Python %s, %s, in %s\n" % (sys.version.split()[0], sys.executable, os.getcwd())
            self.control.send(b"F", python.encode("utf-8", "backslashreplace") + describe(error))
            if self.reload:
                self.send_files(files_of(error))
            return
        self.constants = {
            "wsgi.version": (1, 0),
            "wsgi.multithread": len(self.lanes) > 1,
            "wsgi.multiprocess": spec["multiprocess"],
            "wsgi.run_once": False,
            "wsgi.file_wrapper": FileWrapper,
            # De facto: reading to the end of wsgi.input is safe, also for chunked bodies.
            "wsgi.input_terminated": True,
        }
        # What loading has made is there to stay: collections need not look at it again for every few hundred requests.
        gc.collect()
        gc.freeze()
        self.control.send(b"R", as_json({"pid": os.getpid(), "python": sys.version.split()[0]}))
        self.tell_files()
        others = [threading.Thread(target=lane.serve, daemon=True) for lane in self.lanes[1:]]
        for thread in others:
            thread.start()
        # The first lane stays on the main thread, which some libraries insist on.
        self.lanes[0].serve()
        for thread in others:
            thread.join()

    def watch_control(self):
        while True:
            frame = self.control.receive()
            if frame is None:
                os._exit(0)
            kind, about = frame
            number, serial = ABOUT.unpack(about)
            lane = self.lanes[number]
            if kind == b"A":
                lane.gone_serial = serial
            else:
                self.control.send(b"B", GIVEN_BACK.pack(number, serial, lane.give_back(serial)))

    def tell_files(self):
        """Names the application's own source files, when there are new ones."""
        if not self.reload or len(sys.modules) == self.known_modules:
            return
        self.known_modules = len(sys.modules)
        self.send_files([])

    def send_files(self, files):
        library = os.path.dirname(os.__file__)
        files += [getattr(module, "__file__", None) or "" for module in list(sys.modules.values())]
        own = {
            os.path.abspath(path)
            for path in files
            if path.endswith(".py") and not path.startswith(library) and not INSTALLED.search(path)
        }
        self.control.send(b"M", as_json({"files": sorted(own)}))


def files_of(error):
    """The source files that an import went through before it failed; such modules are not in sys.modules any more."""
    files = [frame.f_code.co_filename for frame, _ in traceback.walk_tb(error.__traceback__)]
    if isinstance(error, SyntaxError) and error.filename:
        files.append(error.filename)
    return files


def as_json(value):
    return json.dumps(value).encode("utf-8")


def load(name):
    """The application that `package.module:attribute` names; `application`, then `app`, when it names no attribute.
    A call of an attribute is a factory, whose arguments are literals."""
    module_name, _, attribute = name.partition(":")
    if module_name.endswith(".py") and os.path.isfile(module_name):
        folder, file = os.path.split(module_name)
        where = ", and its folder is %s" % folder if folder else ""
        raise ImportError("%s is a file: its module is called %s%s" % (module_name, file[:-3], where))
    module = import_module(module_name)
    if not attribute:
        attribute = "application" if hasattr(module, "application") else "app"
    application = look_up(module, ast.parse(attribute.strip(), "application", "eval").body)
    if not callable(application):
        raise TypeError("%s is not callable: it is no WSGI application" % name)
    return application


def look_up(module, node):
    """What an expression of names, attributes and calls with literals stands for in a module."""
    if isinstance(node, ast.Name):
        return getattr(module, node.id)
    if isinstance(node, ast.Attribute):
        return getattr(look_up(module, node.value), node.attr)
    if not isinstance(node, ast.Call):
        raise ValueError("after the colon comes a name, attributes of it, or a call of a factory")
    given = [ast.literal_eval(argument) for argument in node.args]
    named = {keyword.arg: ast.literal_eval(keyword.value) for keyword in node.keywords}
    return look_up(module, node.func)(*given, **named)


class TraceMiddleware:
    """For Django's MIDDLEWARE: tells Hopscope of the view, the middleware stack and the signals of a request."""

    sync_capable = True
    async_capable = False

    def __init__(self, get_response):
        from django.core.signals import request_finished, request_started

        self.get_response = get_response
        request_started.connect(self.started, dispatch_uid="hopscope")
        request_finished.connect(self.finished, dispatch_uid="hopscope")

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        from django.conf import settings

        match = request.resolver_match
        self.tell(
            framework="Django",
            view=getattr(match, "_func_path", None) or repr(view),
            route=match.route,
            url_name=match.view_name or "",
            arguments=repr((args, kwargs)),
            middleware="\n".join(settings.MIDDLEWARE),
        )

    def process_exception(self, request, exception):
        self.tell(exception="%s: %s" % (type(exception).__name__, exception))

    def started(self, **_):
        self.tell(signal="request_started")

    def finished(self, **_):
        self.tell(signal="request_finished")

    def tell(self, **facts):
        call = getattr(current, "call", None)
        if call is not None:
            call.framework(**facts)


def django_module():
    module = types.ModuleType("hopscope_django", "Hopscope's middleware for Django; there only in Hopscope's workers.")
    module.TraceMiddleware = TraceMiddleware
    return module


if __name__ == "__main__":
    Worker(int(sys.argv[1])).main()
