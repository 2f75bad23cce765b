// Thresholds in float32, in which features are: what goes left of theirs goes left of ours.
const bits = new Int32Array(1);
const float = new Float32Array(bits.buffer);

/** The largest float32 that is less than a float32: a value is less than this one where it is at most that. */
export function nextBelow(value: number): number {
  float[0] = value;
  if (Number.isNaN(float[0]) || float[0] === Number.NEGATIVE_INFINITY) return float[0];
  if (float[0] === 0) bits[0] = 0x80000001 | 0;
  else bits[0] += float[0] > 0 ? -1 : 1;
  return float[0];
}

/** The largest float32 that is at most a number: a float32 is at most the number where it is at most this. */
export function atMost(value: number): number {
  const near = Math.fround(value);
  return near <= value ? near : nextBelow(near);
}
