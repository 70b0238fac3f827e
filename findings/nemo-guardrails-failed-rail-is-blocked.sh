#!/usr/bin/env bash
# Version: nemoguardrails 0.24.1.
# Behaviour: /v1/checks answers that a text is blocked, with status 200 and the name of the rail, where the action of that rail
# raised: a classifier that is away cannot be told from one that has found something but by the words of the content.
# A rail that asks a model which cannot be reached is a status 500, as it should be.
# Output: three lines; the rail that raised looks like the one that blocked.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check nemoguardrails==0.24.1 'nemoguardrails[server]'
mkdir -p configurations/words
cat > configurations/words/config.yml <<'CONFIGURATION'
models: []
rails:
  input:
    flows: [classify]
CONFIGURATION
cat > configurations/words/rails.co <<'RAILS'
define subflow classify
  $found = execute classify(text=$user_message)
  if $found
    bot refuse to respond
    stop

define bot refuse to respond
  "No."
RAILS
cat > configurations/words/actions.py <<'ACTIONS'
from nemoguardrails.actions import action


@action(is_system_action=True)
async def classify(text: str):
    if text == "away":
        raise ConnectionError("the classifier is away")
    return text == "bad"
ACTIONS
cat > program.py <<'PROGRAM'
from fastapi.testclient import TestClient
from nemoguardrails.server import api

api.app.rails_config_path = "configurations"
client = TestClient(api.app)
for text in ["good", "bad", "away"]:
    guardrails = {"config_id": "words", "rail_types": ["input"]}
    body = {"model": "", "messages": [{"role": "user", "content": text}], "guardrails": guardrails}
    answer = client.post("/v1/checks", json=body)
    print(text, answer.status_code, answer.text)
PROGRAM
export HOME="$folder" NEMO_GUARDRAILS_NO_USAGE_STATS=1 NEMO_GUARDRAILS_DISABLE_CHAT_UI=true
seen=$(python/bin/python program.py 2> errors | grep -E '^(good|bad|away) [0-9]')
expected=$(cat <<'EXPECTED'
good 200 {"status":"passed","content":"good"}
bad 200 {"status":"blocked","content":"No.","rail":"classify"}
away 200 {"status":"blocked","content":"I'm sorry, an internal error has occurred.","rail":"classify"}
EXPECTED
)
echo "$seen"
[ "$seen" = "$expected" ] || { printf 'changed; it was:\n%s\n' "$expected" >&2; exit 1; }
