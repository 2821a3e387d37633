"""The floor of Python's servers: the one of its standard library, without a log. Takes the port."""

import sys
from wsgiref.simple_server import WSGIRequestHandler, make_server

from hello_flask import app


class QuietHandler(WSGIRequestHandler):
    def log_message(self, *_):
        pass


make_server("127.0.0.1", int(sys.argv[1]), app, handler_class=QuietHandler).serve_forever()
