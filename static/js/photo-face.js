// Where the face probably is, and whether the head is turned, guessed from skin tones alone; pure functions.

const ENOUGH = 0.015; // share of skin pixels below which there is nothing to go by

/** The face's probable place in `image` pixels; the upper middle when no skin tone stands out. */
export function guessFace(image) {
  const { width, height } = image;
  const fallback = { x: width * 0.28, y: height * 0.14, width: width * 0.44, height: height * 0.5, guessed: true };
  const skin = skinMask(image);
  const cell = Math.max(4, Math.round(Math.max(width, height) / 48));
  const grid = densityGrid(skin, width, height, cell);
  const blob = largestBlob(grid);
  if (!blob || blob.cells * cell * cell < ENOUGH * width * height) return fallback;
  if (blob.right - blob.left + 1 > 0.8 * grid.columns) return fallback; // a skin-coloured background
  const box = { x: blob.left * cell, y: blob.top * cell, width: (blob.right - blob.left + 1) * cell };
  box.height = Math.min((blob.bottom - blob.top + 1) * cell, box.width * 1.45);
  return box;
}

/** 0 (towards the camera) to 1 (turned away), from how unevenly skin lies left and right of the box's middle; null
 *  when too little skin is seen to say. */
export function guessTurn(image, box) {
  const skin = skinMask(image);
  let left = 0;
  let right = 0;
  const middle = box.x + box.width / 2;
  for (let y = Math.max(0, Math.floor(box.y)); y < Math.min(image.height, box.y + box.height); y += 1) {
    for (let x = Math.max(0, Math.floor(box.x)); x < Math.min(image.width, box.x + box.width); x += 1) {
      if (!skin[y * image.width + x]) continue;
      if (x < middle) left += 1;
      else right += 1;
    }
  }
  const total = left + right;
  if (total < 0.15 * box.width * box.height) return null;
  return Math.min(1, Math.max(0, (Math.abs(left - right) / total - 0.08) / 0.5));
}

/** 1 where a pixel has the hue of skin, light or dark: shares of red and green, which hold in shade too. */
export function skinMask({ data, width, height }) {
  const mask = new Uint8Array(width * height);
  for (let i = 0, p = 0; i < mask.length; i += 1, p += 4) {
    const sum = data[p] + data[p + 1] + data[p + 2];
    if (sum < 66) continue; // too dark to have a hue
    const red = data[p] / sum;
    const green = data[p + 1] / sum;
    if (red > 0.37 && red < 0.5 && green > 0.26 && green < 0.355 && red - green > 0.035) mask[i] = 1;
  }
  return mask;
}

function densityGrid(mask, width, height, cell) {
  const columns = Math.floor(width / cell);
  const rows = Math.floor(height / cell);
  const full = new Uint8Array(columns * rows);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      let count = 0;
      for (let y = row * cell; y < (row + 1) * cell; y += 1) {
        for (let x = column * cell; x < (column + 1) * cell; x += 1) count += mask[y * width + x];
      }
      full[row * columns + column] = count > 0.45 * cell * cell ? 1 : 0;
    }
  }
  return { full, columns, rows };
}

// The largest connected group of skin cells, those near the upper middle counting more (faces are there).
function largestBlob({ full, columns, rows }) {
  const seen = new Uint8Array(full.length);
  let best = null;
  for (let start = 0; start < full.length; start += 1) {
    if (!full[start] || seen[start]) continue;
    const blob = { cells: 0, worth: 0, left: columns, right: 0, top: rows, bottom: 0 };
    const open = [start];
    seen[start] = 1;
    while (open.length) {
      const at = open.pop();
      const x = at % columns;
      const y = (at - x) / columns;
      blob.cells += 1;
      blob.worth += Math.exp(-6 * (x / columns - 0.5) ** 2 - 12 * (y / rows - 0.33) ** 2);
      blob.left = Math.min(blob.left, x);
      blob.right = Math.max(blob.right, x);
      blob.top = Math.min(blob.top, y);
      blob.bottom = Math.max(blob.bottom, y);
      for (const next of [x > 0 && at - 1, x < columns - 1 && at + 1, y > 0 && at - columns, y < rows - 1 && at + columns]) {
        if (next !== false && full[next] && !seen[next]) {
          seen[next] = 1;
          open.push(next);
        }
      }
    }
    if (!best || blob.worth > best.worth) best = blob;
  }
  return best;
}
