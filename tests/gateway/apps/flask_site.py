"""A Flask site for the tests."""

import time

from flask import Flask, Response, jsonify, redirect, request, send_file, session, url_for

app = Flask(__name__)
app.secret_key = "for tests"


@app.get("/")
def index():
    return "Hello from Flask"


@app.get("/items/<int:number>")
def item(number):
    return jsonify(number=number, link=url_for("item", number=number, _external=True))


@app.post("/form")
def form():
    return jsonify(request.form)


@app.post("/upload")
def upload():
    file = request.files["file"]
    return jsonify(name=file.filename, size=sum(len(block) for block in iter(lambda: file.stream.read(65536), b"")))


@app.get("/stream")
def stream():
    def pieces():
        for number in range(3):
            yield "piece %d\n" % number
            time.sleep(0.01)

    return Response(pieces(), mimetype="text/plain")


@app.get("/cookies")
def cookies():
    response = Response("cookies")
    response.set_cookie("a", "1")
    response.set_cookie("b", "2", httponly=True)
    return response


@app.get("/count")
def count():
    session["count"] = session.get("count", 0) + 1
    return str(session["count"])


@app.get("/old")
def old():
    return redirect(url_for("index"))


@app.get("/file")
def file():
    return send_file(__file__, mimetype="text/x-python")


@app.get("/fail")
def fail():
    raise RuntimeError("a mistake in a view")


@app.post("/chunked")
def chunked():
    return request.get_data()
