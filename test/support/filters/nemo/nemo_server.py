"""The server of NeMo Guardrails, as `nemoguardrails server` serves it, on the loopback alone and at a free port."""

import pathlib

import uvicorn
from nemoguardrails.server import api

api.app.rails_config_path = str(pathlib.Path(__file__).parent / "configurations")
uvicorn.run(api.app, host="127.0.0.1", port=0)
