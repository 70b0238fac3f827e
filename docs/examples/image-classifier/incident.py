"""Draws what the incident is made of, and prints it as JSON: pictures of honest callers, and pictures that nobody should take.

All of them are harmless: they are large once they are decoded, or of kinds that a classifier of still pictures has no use for.

    python incident.py --seed 1 --pictures 72
"""

import argparse
import base64
import io
import json

import numpy
from PIL import Image

from drawing import SHAPES, draw_shape

FORMATS = ("PNG", "JPEG", "WEBP")

# Each side of the picture of one colour: a little less than Pillow warns of, and 200 MB when it is decoded.
BOMB_SIDE = 9_000


def written(picture: Image.Image, kind: str, **options) -> str:
    target = io.BytesIO()
    picture.save(target, kind, **options)
    return base64.b64encode(target.getvalue()).decode()


def honest(random: numpy.random.Generator, count: int) -> list[dict[str, str]]:
    wanted = [(SHAPES[index % len(SHAPES)], FORMATS[index // len(SHAPES) % len(FORMATS)]) for index in range(count)]
    return [
        {"shape": shape, "type": f"image/{kind.lower()}", "data": written(draw_shape(shape, random), kind)}
        for shape, kind in wanted
    ]


def unwanted(random: numpy.random.Generator) -> dict[str, str]:
    frames = [draw_shape(shape, random) for shape in SHAPES]
    moving = {"save_all": True, "append_images": frames[1:], "duration": 100}
    bomb = Image.new("1", (BOMB_SIDE, BOMB_SIDE), 1)
    return {
        "bomb": written(bomb, "PNG", optimize=True),
        "moving_gif": written(frames[0], "GIF", **moving),
        "moving_png": written(frames[0], "PNG", **moving),
        "moving_webp": written(frames[0], "WEBP", **moving),
        "bmp": written(frames[0], "BMP"),
        "tiff": written(frames[0], "TIFF"),
        "wide_png": written(Image.new("RGB", (20_000, 8)), "PNG"),
    }


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--pictures", type=int, default=72)
    given = options.parse_args()
    random = numpy.random.default_rng(given.seed)
    print(json.dumps({"honest": honest(random, given.pictures), "unwanted": unwanted(random)}))
