"""What no schema says and the endpoint takes: pictures; and what is generated and not sent. Named by SCHEMATHESIS_HOOKS."""

import base64
import os

import schemathesis
from hypothesis import strategies

folder = os.environ["PICTURES"]
pictures = {}
for name in sorted(os.listdir(folder)):
    with open(os.path.join(folder, name), "rb") as file:
        pictures[name] = file.read()

for kind in ("png", "jpeg", "gif", "webp"):
    of_kind = [data for name, data in pictures.items() if name.endswith("." + kind)]
    schemathesis.openapi.media_type("image/" + kind, strategies.sampled_from(of_kind))

encoded = [base64.b64encode(data).decode() for data in pictures.values()]
schemathesis.openapi.format("picture", strategies.sampled_from(encoded))



forms = ("multipart/form-data", "application/x-www-form-urlencoded")


@schemathesis.hook
def filter_case(context, case):
    """A list of nothing is no part of a form: what is wrong with it is not sent, and the form that is sent is right."""
    return not (
        case.media_type in forms
        and isinstance(case.body, dict)
        and any(value == [] for value in case.body.values())
    )
