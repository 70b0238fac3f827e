"""Trains the classifier on pictures that it draws, writes its weights, and prints how often it is right on others.

``python train.py`` takes a minute on one core. The weights beside it are of this program, with these numbers.
"""

import numpy

from drawing import SHAPES, draw_shape
from model import SIDE, WEIGHTS, points_of

SEED = 20_261_129
PICTURES_OF_EACH = 2_500
HIDDEN = 96
EPOCHS = 30
BATCH = 64
PACE = 0.001


def pictures(count: int, random: numpy.random.Generator) -> tuple[numpy.ndarray, numpy.ndarray]:
    """``count`` pictures of each shape as rows of points, with the number of the shape of each."""
    rows = [points_of(draw_shape(shape, random)) for shape in SHAPES for _ in range(count)]
    return numpy.stack(rows), numpy.repeat(numpy.arange(len(SHAPES)), count)


def train(points: numpy.ndarray, shapes: numpy.ndarray, random: numpy.random.Generator) -> list[numpy.ndarray]:
    """The four layers, by Adam (Kingma and Ba, 2015) on the cross entropy."""
    inner = random.normal(0, (2 / SIDE**2) ** 0.5, (SIDE**2, HIDDEN))
    outer = random.normal(0, (2 / HIDDEN) ** 0.5, (HIDDEN, len(SHAPES)))
    layers = [inner, numpy.zeros(HIDDEN), outer, numpy.zeros(len(SHAPES))]
    means = [numpy.zeros_like(layer) for layer in layers]
    squares = [numpy.zeros_like(layer) for layer in layers]
    step = 0
    for _ in range(EPOCHS):
        order = random.permutation(len(points))
        for start in range(0, len(order), BATCH):
            chosen = order[start : start + BATCH]
            step += 1
            for index, slope in enumerate(_slopes(layers, points[chosen], shapes[chosen])):
                means[index] = 0.9 * means[index] + 0.1 * slope
                squares[index] = 0.999 * squares[index] + 0.001 * slope**2
                mean, square = means[index] / (1 - 0.9**step), squares[index] / (1 - 0.999**step)
                layers[index] = layers[index] - PACE * (mean / (square**0.5 + 1e-8) + 0.02 * layers[index])
    return layers


def _slopes(layers, points, shapes) -> list[numpy.ndarray]:
    inner, inner_bias, outer, outer_bias = layers
    hidden = numpy.maximum(points @ inner + inner_bias, 0)
    scores = hidden @ outer + outer_bias
    weights = numpy.exp(scores - scores.max(axis=1, keepdims=True))
    errors = weights / weights.sum(axis=1, keepdims=True)
    errors[numpy.arange(len(shapes)), shapes] -= 1
    errors /= len(shapes)
    back = (errors @ outer.T) * (hidden > 0)
    return [points.T @ back, back.sum(axis=0), hidden.T @ errors, errors.sum(axis=0)]


def share_right(layers, points: numpy.ndarray, shapes: numpy.ndarray) -> float:
    inner, inner_bias, outer, outer_bias = layers
    scores = numpy.maximum(points @ inner + inner_bias, 0) @ outer + outer_bias
    return float((scores.argmax(axis=1) == shapes).mean())


if __name__ == "__main__":
    random = numpy.random.default_rng(SEED)
    layers = train(*pictures(PICTURES_OF_EACH, random), random)
    numpy.savez_compressed(
        WEIGHTS, **dict(zip(("inner", "inner_bias", "outer", "outer_bias"), (layer.astype(numpy.float16) for layer in layers)))
    )
    tried = pictures(500, numpy.random.default_rng(SEED + 1))
    print(f"right on {share_right(layers, *tried):.1%} of {len(tried[1])} pictures that it has not seen")
