"""A network of one hidden layer over 24 by 24 points of grey, in numpy alone."""

from pathlib import Path

import numpy
from PIL import Image

from drawing import SHAPES

SIDE = 24
WEIGHTS = Path(__file__).with_name("classifier.npz")


def points_of(picture: Image.Image) -> numpy.ndarray:
    """A picture as the network sees it: ``SIDE * SIDE`` numbers about zero, whatever its size and its colours are."""
    grey = numpy.asarray(picture.convert("L").resize((SIDE, SIDE), Image.Resampling.BOX), dtype=numpy.float32)
    edges = numpy.hypot(*numpy.gradient(grey))
    return ((edges - edges.mean()) / (edges.std() + 1e-6)).ravel()


class Classifier:
    """Tells which shape a picture shows."""

    def __init__(self, path: Path = WEIGHTS) -> None:
        with numpy.load(path) as stored:
            self._layers = [stored[name].astype(numpy.float32) for name in ("inner", "inner_bias", "outer", "outer_bias")]

    def classify(self, picture: Image.Image) -> dict[str, float]:
        """The probability of each shape, the likeliest first."""
        inner, inner_bias, outer, outer_bias = self._layers
        hidden = numpy.maximum(points_of(picture) @ inner + inner_bias, 0)
        scores = hidden @ outer + outer_bias
        weights = numpy.exp(scores - scores.max())
        shares = weights / weights.sum()
        return {SHAPES[index]: round(float(shares[index]), 4) for index in numpy.argsort(-shares)}
