"""Requests that end when a test says so: by a file of their name in the folder that the variable GATES names."""

import os
import time
from pathlib import Path

gates = Path(os.environ["GATES"])


def application(environ, start_response):
    _, kind, name = environ["PATH_INFO"].split("/")
    with open(gates / "begun.txt", "a") as begun:
        begun.write(name + "\n")
    if kind in ("gate", "die"):
        while not (gates / name).exists():
            time.sleep(0.002)
    if kind == "die":
        os._exit(3)
    if kind == "sleep":
        time.sleep(int(environ["QUERY_STRING"]) / 1000)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [("%s by %d" % (name, os.getpid())).encode()]
