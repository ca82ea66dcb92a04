// Run by `make check` with node's own test runner: synthetic faces with one thing wrong at a time.
import assert from "node:assert/strict";
import test from "node:test";
import { guessFace, guessTurn } from "./photo-face.js";
import { scorePhoto, verdictOf } from "./photo-score.js";

const SIDE = 240;
const SKIN = [205, 160, 135];
const WALL = [120, 130, 150];

/** A skin-coloured oval with eyes, brows and a mouth on a grey wall; `paint` may change each pixel. */
function makePhoto({ paint = (rgb) => rgb, centre = 0.5, noise = 1 } = {}) {
  const data = new Uint8ClampedArray(SIDE * SIDE * 4);
  for (let y = 0; y < SIDE; y += 1) {
    for (let x = 0; x < SIDE; x += 1) {
      const u = (x / SIDE - centre) / 0.2;
      const v = (y / SIDE - 0.45) / 0.28;
      const inside = u * u + v * v < 1;
      const feature = inside && ((Math.abs(Math.abs(u) - 0.42) < 0.16 && Math.abs(v + 0.2) < 0.07) || (Math.abs(u) < 0.35 && Math.abs(v - 0.5) < 0.05));
      const base = feature ? [70, 40, 35] : inside ? SKIN : WALL;
      const grain = noise * (((x * 7 + y * 13) % 5) - 2) * 6;
      const rgb = paint(base.map((value) => value + grain), x / SIDE, y / SIDE);
      data.set([...rgb, 255], (y * SIDE + x) * 4);
    }
  }
  return { data, width: SIDE, height: SIDE };
}

/** The same picture, averaged over a square of `radius` pixels around each one. */
function blur(image, radius) {
  const out = new Uint8ClampedArray(image.data);
  for (let y = 0; y < SIDE; y += 1) {
    for (let x = 0; x < SIDE; x += 1) {
      for (let channel = 0; channel < 3; channel += 1) {
        let sum = 0;
        let count = 0;
        for (let v = Math.max(0, y - radius); v <= Math.min(SIDE - 1, y + radius); v += 1) {
          for (let u = Math.max(0, x - radius); u <= Math.min(SIDE - 1, x + radius); u += 1) {
            sum += image.data[(v * SIDE + u) * 4 + channel];
            count += 1;
          }
        }
        out[(y * SIDE + x) * 4 + channel] = sum / count;
      }
    }
  }
  return { ...image, data: out };
}

const dimmed = (factor) => (rgb) => rgb.map((value) => value * factor);

test("a well lit, sharp, frontal face is good", () => {
  const result = scorePhoto(makePhoto());
  assert.equal(result.verdict, "good");
  for (const name of ["lighting", "clarity", "angle", "overall"]) assert.ok(result[name] >= 0.7 && result[name] <= 1, name);
});

test("every score stays between 0 and 1 for black, white and empty-looking pictures", () => {
  for (const value of [0, 128, 255]) {
    const result = scorePhoto(makePhoto({ paint: () => [value, value, value] }));
    for (const name of ["lighting", "clarity", "angle", "overall"]) assert.ok(result[name] >= 0 && result[name] <= 1, `${name} at ${value}`);
    assert.equal(result.verdict, "poor");
  }
});

test("a dark face loses light, and the advice says what to do", () => {
  const bright = scorePhoto(makePhoto());
  const dark = scorePhoto(makePhoto({ paint: dimmed(0.25) }));
  assert.ok(dark.lighting < bright.lighting - 0.4);
  assert.match(dark.advice[0], /dark.*window/);
});

test("a washed out face loses light", () => {
  const result = scorePhoto(makePhoto({ paint: (rgb) => rgb.map((value) => value * 1.6 + 60) }));
  assert.ok(result.lighting < 0.6);
  assert.match(result.advice[0], /too strong/);
});

test("light from one side only loses light", () => {
  const result = scorePhoto(makePhoto({ paint: (rgb, x) => rgb.map((value) => (x < 0.5 ? value * 1.1 : value * 0.25)) }));
  assert.ok(result.lighting < 0.75);
  assert.match(result.advice.join(" "), /One side/);
});

test("blur lowers clarity step by step and leaves the light alone", () => {
  const photo = makePhoto();
  const [sharp, soft, blurred] = [0, 2, 6].map((radius) => scorePhoto(radius ? blur(photo, radius) : photo));
  assert.ok(sharp.clarity > soft.clarity && soft.clarity > blurred.clarity);
  assert.equal(blurred.verdict, "poor");
  assert.ok(Math.abs(sharp.lighting - blurred.lighting) < 0.15);
  assert.match(blurred.advice.join(" "), /not sharp/);
});

test("darkness alone is not taken for blur", () => {
  const dark = scorePhoto(makePhoto({ paint: dimmed(0.4) }));
  assert.ok(dark.clarity > 0.6);
});

test("the face is found where it is, not in the middle", () => {
  const box = guessFace(makePhoto({ centre: 0.68 }));
  assert.ok(Math.abs(box.x + box.width / 2 - 0.68 * SIDE) < 0.06 * SIDE);
});

test("a picture without skin says so instead of guessing a turn", () => {
  const wall = makePhoto({ paint: () => WALL });
  assert.equal(guessTurn(wall, guessFace(wall)), null);
  assert.equal(scorePhoto(wall).sure, false);
});

test("skin on one side only counts as turned", () => {
  const half = makePhoto({ paint: (rgb, x) => (x < 0.5 ? rgb : WALL) });
  const box = { x: 0.3 * SIDE, y: 0.17 * SIDE, width: 0.4 * SIDE, height: 0.56 * SIDE };
  assert.ok(guessTurn(half, box) > 0.8);
  assert.equal(guessTurn(makePhoto(), box), 0);
});

test("a detector's word on the turn is believed over the guess", () => {
  const face = { x: 0.3 * SIDE, y: 0.17 * SIDE, width: 0.4 * SIDE, height: 0.56 * SIDE };
  const frontal = scorePhoto(makePhoto(), { face: { ...face, turn: 0 } });
  const profile = scorePhoto(makePhoto(), { face: { ...face, turn: 1 } });
  assert.ok(frontal.sure && frontal.angle === 1 && profile.angle < 0.3);
  assert.match(profile.advice.join(" "), /turned away/);
});

test("verdicts follow the overall score", () => {
  assert.deepEqual([0.9, 0.7, 0.5, 0.44].map(verdictOf), ["good", "good", "fair", "poor"]);
});
