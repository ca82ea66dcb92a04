// One small helper that every module shares.

/** All elements matching `selector` in `root`, `root` itself included. */
export function find(root, selector) {
  const inside = [...root.querySelectorAll(selector)];
  return root.matches?.(selector) ? [root, ...inside] : inside;
}
