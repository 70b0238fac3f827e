"""What other programs say of texts: a list of texts as JSON comes in, `{"seconds", "scores"}` goes out.

The word on the command line says who: `alt-profanity-check` (one score of 0 to 1 a text, asked text by text as a gateway would),
`alt-profanity-check-batch` (all of them in one call), `prismguard` (its rules without a model, 1 where it blocks).
"""

import json
import sys
import time

texts = json.load(sys.stdin)
name = sys.argv[1]
if name == "prismguard":
    from prismguard.runtime.factory import create_checker_for_app

    checker = create_checker_for_app("web_chat")

    def score_all():
        return [1.0 if checker.check(text).decision == "block" else 0.0 for text in texts]
else:
    from profanity_check import predict_prob

    def score_all():
        if name.endswith("-batch"):
            return [float(score) for score in predict_prob(texts)]
        return [float(predict_prob([text])[0]) for text in texts]


if texts:
    first, texts = texts, texts[:1]
    score_all()
    texts = first
started = time.process_time()
scores = score_all()
json.dump({"seconds": time.process_time() - started, "scores": scores}, sys.stdout)
