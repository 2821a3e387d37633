from flask import Flask, Response

app = Flask(__name__)
piece = bytes(65_536)
pieces = 1_600


@app.get("/hello")
def hello():
    return "Hello, World!"


@app.get("/download")
def download():
    body = (piece for _ in range(pieces))
    return Response(body, headers={"Content-Length": str(pieces * len(piece))})
