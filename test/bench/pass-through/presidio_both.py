"""Presidio's analyzer with its anonymizer beside, POST /anonymize: a gateway that hides by Presidio asks both."""

from flask import Response, request
from presidio_anonymizer import AnonymizerEngine
from presidio_anonymizer.entities import RecognizerResult
from presidio_server import app

engine = AnonymizerEngine()


@app.post("/anonymize")
def anonymize():
    asked = request.get_json()
    found = [
        RecognizerResult(each["entity_type"], each["start"], each["end"], each["score"])
        for each in asked["analyzer_results"]
    ]
    return Response(engine.anonymize(asked["text"], found).to_json(), content_type="application/json")
