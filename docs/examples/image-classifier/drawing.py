"""Pictures of six shapes: what the classifier learns from, and what it is tried on."""

import math

import numpy
from PIL import Image, ImageDraw, ImageFilter

SHAPES = ("circle", "cross", "ring", "square", "star", "triangle")


def draw_shape(shape: str, random: numpy.random.Generator, size: int = 96) -> Image.Image:
    """One picture of a shape, ``size`` pixels square: of any colour, turned, moved, blurred a little and with noise over it."""
    ground, ink = _two_colours(random)
    picture = Image.new("RGB", (size, size), ground)
    radius = size * random.uniform(0.2, 0.38)
    centre = size / 2 + random.uniform(-0.5, 0.5, 2) * (size - 2.2 * radius)
    _draw(ImageDraw.Draw(picture), shape, centre, radius, random.uniform(0, 2 * math.pi), ink, ground)
    picture = picture.filter(ImageFilter.GaussianBlur(random.uniform(0, 1.2)))
    noise = random.normal(0, random.uniform(0, 14), (size, size, 3))
    return Image.fromarray(numpy.clip(numpy.asarray(picture) + noise, 0, 255).astype(numpy.uint8))


def _two_colours(random: numpy.random.Generator) -> tuple[tuple[int, ...], tuple[int, ...]]:
    while True:
        pair = random.integers(0, 256, (2, 3))
        if abs(pair[0].mean() - pair[1].mean()) > 45:
            return tuple(map(int, pair[0])), tuple(map(int, pair[1]))


def _draw(draw, shape, centre, radius, turn, ink, ground) -> None:
    x, y = centre
    if shape in ("circle", "ring"):
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=ink)
        if shape == "ring":
            inner = radius * 0.6
            draw.ellipse((x - inner, y - inner, x + inner, y + inner), fill=ground)
        return
    draw.polygon(_corners(shape, centre, radius, turn), fill=ink)


def _corners(shape, centre, radius, turn) -> list[tuple[float, float]]:
    if shape == "star":
        rays = [(turn + index * math.pi / 5, radius if index % 2 == 0 else radius * 0.42) for index in range(10)]
    elif shape == "cross":
        # Twelve corners: those of the arms, and between each two arms one near the centre.
        arm, corner = 0.32, math.hypot(1, 0.32)
        half = math.atan(arm)
        rays = []
        for index in range(4):
            towards = turn + index * math.pi / 2
            rays += [(towards - half, radius * corner), (towards + half, radius * corner)]
            rays += [(towards + math.pi / 4, radius * arm * math.sqrt(2))]
    else:
        count = 4 if shape == "square" else 3
        rays = [(turn + index * 2 * math.pi / count, radius) for index in range(count)]
    return [(centre[0] + length * math.cos(angle), centre[1] + length * math.sin(angle)) for angle, length in rays]
