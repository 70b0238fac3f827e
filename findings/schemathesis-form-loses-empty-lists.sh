#!/usr/bin/env bash
# Version: schemathesis 4.32.0.
# Behaviour: a member of a form whose value is an empty list is left out of the request. Where that member is what breaks the
# schema, the form that is sent is right, and "negative_data_rejection" tells the server that took it of an error.
# Output: the one part that is sent, of two; other values of the second one are sent.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check schemathesis==4.32.0
cat > program.py <<'PROGRAM'
import re
import requests
import schemathesis

form = {'type': 'object', 'additionalProperties': False, 'properties': {'name': {'type': 'string'}}}
body = {'required': True, 'content': {'multipart/form-data': {'schema': form}}}
post = {'requestBody': body, 'responses': {'200': {'description': 'taken'}}}
document = {'openapi': '3.1.0', 'info': {'title': 'forms', 'version': '1'}, 'paths': {'/forms': {'post': post}}}
operation = schemathesis.openapi.from_dict(document)['/forms']['POST']
for other in ([], [[]], {}, None, ''):
    case = operation.Case(body={'name': 'a', 'other': other}, media_type='multipart/form-data')
    request = requests.Request(**case.as_transport_kwargs(base_url='http://127.0.0.1:1')).prepare()
    print(other, re.findall(r'name="(\w+)"', request.body.decode()))
PROGRAM
seen=$(python/bin/python program.py)
expected=$(cat <<'EXPECTED'
[] ['name']
[[]] ['name', 'other']
{} ['name', 'other']
None ['name', 'other']
 ['name', 'other']
EXPECTED
)
printf '%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'changed; it was:\n%s\n' "$expected" >&2; exit 1; }
