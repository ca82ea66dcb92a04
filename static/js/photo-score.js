// Judges a photo in the browser: lighting, clarity, angle and overall, each 0-1, with advice in words.
// Pure functions on ImageData-like objects ({ data, width, height }, RGBA bytes), so that they run under node too.
// The server judges again with a real face detector; this is the first, instant opinion.
import { guessFace, guessTurn } from "./photo-face.js";

const FACE_SIDE = 128; // pixels: sharpness is measured with the face at this width, whatever the photo's size
const SOFT = -3.2; // log10 of measureSharpness: a photo that is plainly blurred,
const CRISP = -1.6; // and one that is crisp

/**
 * Judge a photo.
 * `whole`: the photo scaled to at most 512 px. `face`: { x, y, width, height, turn } in its pixels, when a detector found
 * one (`turn` 0-1: how far the head is turned, null when unknown). `detail`: the face cut from the full photo and scaled
 * to at least FACE_SIDE wide, when there is one: shows blur that scaling down hides.
 */
export function scorePhoto(whole, { face = null, detail = null } = {}) {
  const luma = toLuma(whole);
  const box = face ?? guessFace(whole);
  const light = measureLight(luma, whole.width, box);
  const sharpness = measureSharpness(detail ?? crop(whole, box));
  const sure = face?.turn != null;
  const turn = sure ? face.turn : guessTurn(whole, box);
  const scores = { lighting: lightingScore(light), clarity: clarityScore(sharpness), angle: angleScore(turn, sure) };
  const weakest = Math.min(scores.lighting, scores.clarity);
  const mean = 0.4 * scores.lighting + 0.4 * scores.clarity + 0.2 * scores.angle;
  scores.overall = Math.min(mean, weakest + 0.15);
  return { ...scores, sure, verdict: verdictOf(scores.overall), advice: adviceFor(light, scores, sure), light };
}

/** "good", "fair" or "poor" for an overall score. */
export function verdictOf(overall) {
  return overall >= 0.7 ? "good" : overall >= 0.45 ? "fair" : "poor";
}

/** Luminance 0-255 per pixel (Rec. 601). */
export function toLuma({ data, width, height }) {
  const luma = new Float32Array(width * height);
  for (let i = 0, p = 0; i < luma.length; i += 1, p += 4) {
    luma[i] = 0.299 * data[p] + 0.587 * data[p + 1] + 0.114 * data[p + 2];
  }
  return luma;
}

/** Mean, spread, clipped shares and left-right imbalance of the light on the face, its middle counting most. */
export function measureLight(luma, width, box) {
  const sums = { weight: 0, mean: 0, square: 0, dark: 0, bright: 0, left: 0, right: 0, leftWeight: 0, rightWeight: 0 };
  const height = luma.length / width;
  const top = Math.max(0, Math.floor(box.y));
  const bottom = Math.min(height, Math.ceil(box.y + box.height));
  const start = Math.max(0, Math.floor(box.x));
  const end = Math.min(width, Math.ceil(box.x + box.width));
  for (let y = top; y < bottom; y += 1) {
    const v = (y - box.y) / box.height - 0.5;
    for (let x = start; x < end; x += 1) {
      const u = (x - box.x) / box.width - 0.5;
      const weight = Math.exp(-(u * u + v * v) * 8);
      const value = luma[y * width + x];
      sums.weight += weight;
      sums.mean += weight * value;
      sums.square += weight * value * value;
      if (value <= 12) sums.dark += weight;
      if (value >= 250) sums.bright += weight;
      sums[u < 0 ? "left" : "right"] += weight * value;
      sums[u < 0 ? "leftWeight" : "rightWeight"] += weight;
    }
  }
  const mean = sums.mean / sums.weight;
  const left = sums.left / sums.leftWeight;
  const right = sums.right / sums.rightWeight;
  return {
    mean,
    spread: Math.sqrt(Math.max(0, sums.square / sums.weight - mean * mean)),
    dark: sums.dark / sums.weight,
    bright: sums.bright / sums.weight,
    imbalance: Math.abs(left - right) / Math.max(1, left + right),
  };
}

/** Variance of the Laplacian over the face at FACE_SIDE width, relative to its mean light (a dark photo is not blurred). */
export function measureSharpness(face) {
  const { luma, width, height } = shrink(toLuma(face), face.width, face.height, FACE_SIDE);
  let sum = 0;
  let square = 0;
  let total = 0;
  let count = 0;
  for (let y = 1; y < height - 1; y += 1) {
    for (let x = 1; x < width - 1; x += 1) {
      const i = y * width + x;
      const edge = luma[i - 1] + luma[i + 1] + luma[i - width] + luma[i + width] - 4 * luma[i];
      sum += edge;
      square += edge * edge;
      total += luma[i];
      count += 1;
    }
  }
  if (!count) return 0;
  const variance = square / count - (sum / count) ** 2;
  return variance / Math.max(20, total / count) ** 2;
}

function lightingScore({ mean, spread, dark, bright, imbalance }) {
  const exposure = rise(mean, 30, 95) * (1 - rise(mean, 190, 245));
  const contrast = rise(spread, 6, 26) * (1 - 0.5 * rise(spread, 75, 105));
  const clipping = 1 - rise(dark + bright, 0.04, 0.3);
  const balance = 1 - rise(imbalance, 0.12, 0.45);
  return Math.min(0.4 * exposure + 0.15 * contrast + 0.15 * clipping + 0.3 * balance, exposure + 0.1);
}

function clarityScore(sharpness) {
  return rise(Math.log10(Math.max(sharpness, 1e-6)), SOFT, CRISP);
}

// Without a detector the turn is a guess, so it moves the score only between 0.5 and 0.9.
function angleScore(turn, sure) {
  if (turn === null) return 0.7;
  return sure ? 1 - 0.8 * Math.min(1, turn) : 0.9 - 0.4 * Math.min(1, turn);
}

function adviceFor(light, scores, sure) {
  const advice = [];
  if (light.mean < 70) advice.push("The face is dark. Turn to a window or switch on a lamp in front of you.");
  else if (light.mean > 205 || light.bright > 0.15) advice.push("The light is too strong on the face. Step out of direct sun or flash.");
  else if (light.imbalance > 0.25) advice.push("One side of the face is much darker. Turn until the light falls on both sides.");
  else if (light.spread < 12) advice.push("The picture is flat and grey. Clean the lens and use a brighter place.");
  if (scores.clarity < 0.45) advice.push("The face is not sharp. Hold the camera still and come closer.");
  if (scores.angle < 0.6) advice.push(`The head ${sure ? "is" : "seems"} turned away. Show more of the face.`);
  if (!advice.length) advice.push(scores.overall >= 0.7 ? "A good photo." : "Usable. More light and a sharper face would help.");
  return advice;
}

/** 0 up to `from`, 1 from `to` on, straight between. */
export function rise(value, from, to) {
  return Math.min(1, Math.max(0, (value - from) / (to - from)));
}

function crop(image, box) {
  const x0 = Math.max(0, Math.floor(box.x));
  const y0 = Math.max(0, Math.floor(box.y));
  const width = Math.max(1, Math.min(image.width - x0, Math.round(box.width)));
  const height = Math.max(1, Math.min(image.height - y0, Math.round(box.height)));
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y += 1) {
    const start = ((y0 + y) * image.width + x0) * 4;
    data.set(image.data.subarray(start, start + width * 4), y * width * 4);
  }
  return { data, width, height };
}

// Area average down to `side` wide; an image that is smaller already is drawn larger, and so counts as soft.
function shrink(luma, width, height, side) {
  const factor = width / side;
  const out = { width: side, height: Math.max(3, Math.round(height / factor)) };
  out.luma = new Float32Array(out.width * out.height);
  for (let y = 0; y < out.height; y += 1) {
    const top = Math.floor(y * factor);
    const bottom = Math.min(height, Math.max(top + 1, Math.floor((y + 1) * factor)));
    for (let x = 0; x < out.width; x += 1) {
      const left = Math.floor(x * factor);
      const right = Math.min(width, Math.max(left + 1, Math.floor((x + 1) * factor)));
      let sum = 0;
      for (let v = top; v < bottom; v += 1) for (let u = left; u < right; u += 1) sum += luma[v * width + u];
      out.luma[y * out.width + x] = sum / ((bottom - top) * (right - left));
    }
  }
  return out;
}
