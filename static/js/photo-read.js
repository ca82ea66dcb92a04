// Opens a picked file in the browser: a small preview, and its judgement. One file at a time, to spare a phone's memory.
import { guessFace } from "./photo-face.js";
import { scorePhoto } from "./photo-score.js";

const WHOLE = 512; // longest side that is judged, pixels
const DETAIL = 256; // width of the face cut from the full photo, pixels
const PREVIEW = 480;
let turn = Promise.resolve();

/**
 * { preview: address of a small picture, judgement: see scorePhoto }, or null when this browser cannot open the file
 * (HEIC in most of them): then the server judges alone.
 */
export function readPhoto(file) {
  const mine = turn.then(() => read(file));
  turn = mine.catch(() => null);
  return mine;
}

async function read(file) {
  let bitmap;
  try {
    bitmap = await createImageBitmap(file);
  } catch {
    return null;
  }
  try {
    const whole = draw(bitmap, fit(bitmap, WHOLE));
    const face = await detectFace(whole.canvas);
    const image = pixels(whole);
    const box = face ?? guessFace(image);
    const detail = pixels(draw(bitmap, { width: DETAIL, height: Math.round((DETAIL * box.height) / box.width) }, scaled(box, bitmap, image)));
    const small = draw(bitmap, fit(bitmap, PREVIEW));
    const blob = await new Promise((resolve) => small.canvas.toBlob(resolve, "image/jpeg", 0.85));
    return { preview: URL.createObjectURL(blob), judgement: scorePhoto(image, { face, detail }) };
  } finally {
    bitmap.close();
  }
}

/** The face's place in `canvas` and how far it is turned, where the browser has a detector; else null. */
export async function detectFace(canvas) {
  if (!("FaceDetector" in window)) return null;
  try {
    const [found] = await new window.FaceDetector({ maxDetectedFaces: 1 }).detect(canvas);
    return found ? { ...rectangle(found.boundingBox), turn: turnOf(found.landmarks ?? []) } : null;
  } catch {
    return null; // the interface is there, the detector behind it is not
  }
}

// How far the nose lies from the middle between the eyes: 0 frontal, 1 in profile; null without those landmarks.
function turnOf(landmarks) {
  const middle = (type) => landmarks.filter((mark) => mark.type === type).map((mark) => mark.locations.reduce((sum, point) => sum + point.x, 0) / mark.locations.length);
  const eyes = middle("eye").sort((a, b) => a - b);
  const [nose] = middle("nose");
  if (eyes.length < 2 || nose === undefined) return null;
  const [left, right] = eyes;
  return Math.min(1, Math.abs(nose - (left + right) / 2) / Math.max(1, (right - left) / 2));
}

const rectangle = ({ x, y, width, height }) => ({ x, y, width, height });

function fit({ width, height }, longest) {
  const factor = Math.min(1, longest / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * factor)), height: Math.max(1, Math.round(height * factor)) };
}

function scaled(box, from, to) {
  const factor = from.width / to.width;
  return { x: box.x * factor, y: box.y * factor, width: box.width * factor, height: box.height * factor };
}

function draw(source, size, part = { x: 0, y: 0, width: source.width, height: source.height }) {
  const canvas = Object.assign(document.createElement("canvas"), size);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.imageSmoothingQuality = "high";
  context.drawImage(source, part.x, part.y, part.width, part.height, 0, 0, size.width, size.height);
  return { canvas, context };
}

function pixels({ canvas, context }) {
  return context.getImageData(0, 0, canvas.width, canvas.height);
}
