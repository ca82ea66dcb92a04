"""Draws a headline: heavy letters with an outline, a shadow or a box, readable at the size of a stamp."""

import cv2
import numpy as np
from PIL import Image, ImageDraw

from .colours import is_dark, rgb_of
from .layout import LINE, PAD, Layout, load_font
from .recipe import Headline

HEAVIER = 0.018  # added to the strokes of the letters, in font sizes
OUTLINE = 0.075
INK, PAPER = (14, 14, 16), (255, 255, 255)


def draw_headline(rgb: np.ndarray, headline: Headline, layout: Layout) -> np.ndarray:
    """The picture, uint8 (h, w, 3), with the words on it."""
    fill = rgb_of(headline.colour)
    other = PAPER if is_dark(headline.colour) else INK
    picture = rgb
    if headline.style == "box":
        picture = _boxes(picture, layout, fill)
        return _letters(picture, layout, other, None)
    if headline.style in ("outline", "shadow"):
        picture = _shadow(picture, layout, 0.75 if headline.style == "shadow" else 0.5)
    return _letters(picture, layout, fill, other if headline.style == "outline" else None)


def _places(layout: Layout):
    """(line, x, y of its baseline) for every line."""
    font = load_font(layout.font, layout.size)
    left, top, right, _ = layout.box
    for index, line in enumerate(layout.lines):
        x = left + PAD * layout.size
        if layout.align == "centre":
            x = (left + right - font.getlength(line)) / 2
        yield line, x, top + (PAD + (index + 0.5) * LINE + 0.37) * layout.size


def _mask(shape: tuple[int, ...], layout: Layout, stroke: float) -> Image.Image:
    mask = Image.new("L", (shape[1], shape[0]), 0)
    pen = ImageDraw.Draw(mask)
    font = load_font(layout.font, layout.size)
    for line, x, y in _places(layout):
        pen.text((x, y), line, font=font, fill=255, anchor="ls", stroke_width=stroke * layout.size, stroke_fill=255)
    return mask


def _letters(rgb: np.ndarray, layout: Layout, fill, outline) -> np.ndarray:
    image = Image.fromarray(rgb)
    if outline is not None:
        image.paste(outline, mask=_mask(rgb.shape, layout, OUTLINE + HEAVIER))
    image.paste(fill, mask=_mask(rgb.shape, layout, HEAVIER))
    return np.asarray(image)


def _shadow(rgb: np.ndarray, layout: Layout, strength: float) -> np.ndarray:
    mask = np.asarray(_mask(rgb.shape, layout, OUTLINE), np.float32) / 255
    down = round(0.06 * layout.size)
    mask = np.roll(mask, (down, down // 2), axis=(0, 1))
    soft = np.maximum(cv2.GaussianBlur(mask, (0, 0), max(0.6, 0.09 * layout.size)), 0)
    wide = cv2.GaussianBlur(mask, (0, 0), max(0.8, 0.35 * layout.size))
    shade = 1 - strength * np.clip(0.8 * soft + 0.7 * wide, 0, 1)
    return (rgb * shade[..., None] + 0.5).astype(np.uint8)


def _boxes(rgb: np.ndarray, layout: Layout, fill) -> np.ndarray:
    image = Image.fromarray(rgb)
    pen = ImageDraw.Draw(image)
    font = load_font(layout.font, layout.size)
    for line, x, y in _places(layout):
        pad = PAD * layout.size
        middle = y - 0.37 * layout.size
        high = LINE * layout.size / 2 + 1
        pen.rectangle((x - pad, middle - high, x + font.getlength(line) + pad, middle + high), fill=fill)
    return np.asarray(image)
