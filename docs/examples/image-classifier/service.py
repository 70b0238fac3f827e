"""An image classifier behind HTTP as it is often put into the open: it checks a key, and believes everything else.

It is written this way on purpose: it shows what malformed and huge requests do to such a service, with and without a gateway
in front. It takes work into a queue without an end, decodes whatever it is sent in the process that serves, and lets
whatever goes wrong be a 500. Never put it anywhere that others reach.

    CLASSIFIER_KEY=… python service.py --port 5000
"""

import argparse
import base64
import io
import os
import queue
import threading
import time

from flask import Flask, jsonify, request
from PIL import Image

from model import Classifier

# What a classification is billed at, in millionths of a currency, for each begun second of the processor.
PRICE = 400


class Work:
    """One thread that classifies, behind a queue that takes everything."""

    def __init__(self, classifier: Classifier) -> None:
        self._classifier = classifier
        self._waiting: queue.Queue = queue.Queue()
        self._counts = {"received": 0, "classified": 0, "failed": 0, "longest_queue": 0, "cost": 0}
        threading.Thread(target=self._run, daemon=True).start()

    def classify(self, data: bytes) -> dict[str, float]:
        self._counts["received"] += 1
        done: queue.Queue = queue.Queue()
        self._waiting.put((data, done))
        self._counts["longest_queue"] = max(self._counts["longest_queue"], self._waiting.qsize())
        result = done.get()
        if isinstance(result, Exception):
            raise result
        return result

    def counts(self) -> dict[str, int]:
        return {**self._counts, "queue": self._waiting.qsize()}

    def _run(self) -> None:
        while True:
            data, done = self._waiting.get()
            began = time.thread_time()
            try:
                done.put(self._classifier.classify(Image.open(io.BytesIO(data))))
                self._counts["classified"] += 1
            except Exception as failure:  # noqa: BLE001 - whatever it is, who waits has to be told
                self._counts["failed"] += 1
                done.put(failure)
            self._counts["cost"] += PRICE * (1 + int(time.thread_time() - began))


def create_service(key: str, classifier: Classifier | None = None) -> Flask:
    service = Flask(__name__)
    work = Work(classifier or Classifier())

    @service.post("/classify")
    def classify():
        if request.headers["X-API-Key"] != key:
            return jsonify(error="wrong key"), 401
        if request.content_type.startswith("multipart/form-data"):
            data = request.files["image"].read()
            most = int(request.form.get("top", 3))
        else:
            data = base64.b64decode(request.json["image"])
            most = request.json.get("top", 3)
        found = work.classify(data)
        return jsonify(shapes=[{"shape": shape, "probability": share} for shape, share in list(found.items())[:most]])

    @service.get("/counts")
    def counts():
        return jsonify(work.counts())

    return service


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("--port", type=int, default=5000)
    port = options.parse_args().port
    create_service(os.environ["CLASSIFIER_KEY"]).run(host="127.0.0.1", port=port, threaded=True)
