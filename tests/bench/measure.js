// Timing side by side: every candidate runs in every round, so that what else the machine does meets all of them.

/** @param {number[]} numbers */
export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** What came out last; without a use of it a compiler may leave the work out. */
export let last = /** @type {unknown} */ (undefined);

/** Milliseconds of `times` runs. @param {() => unknown} run @param {number} times */
function timed(run, times) {
  const start = performance.now();
  for (let i = 0; i < times; i++) last = run();
  return performance.now() - start;
}

/** As many runs as take about `wanted` milliseconds, after it has got warm. @param {() => unknown} run @param {number} wanted */
function enough(run, wanted) {
  let times = 1;
  let took = timed(run, 1);
  while (took < wanted) {
    times = Math.max(times + 1, Math.ceil(times * Math.min(4, (1.2 * wanted) / Math.max(took, 0.001))));
    took = timed(run, times);
  }
  return times;
}

/**
 * @template {string} Name
 * @param {Record<Name, () => unknown>} candidates
 * @param {{ rounds?: number, slice?: number }} [options] slice: milliseconds for a candidate in a round
 * @returns {Record<Name, number>[]} milliseconds of one run, by round
 */
export function rounds(candidates, { rounds: count = 15, slice = 20 } = {}) {
  const entries = /** @type {[Name, () => unknown][]} */ (Object.entries(candidates));
  const times = entries.map(([, run]) => enough(run, slice));
  return Array.from({ length: count }, (_, round) => {
    // Each round begins with another one: who comes behind a candidate that leaves garbage should not always be the same.
    const order = entries.map((_, i) => (i + round) % entries.length);
    const took = order.map((i) => [entries[i][0], timed(entries[i][1], times[i]) / times[i]]);
    return Object.fromEntries(took);
  });
}

/** How many times as long as `b` takes `a`: the median of the rounds. @template {string} Name @param {Record<Name, number>[]} measured @param {Name} a @param {Name} b */
export function ratio(measured, a, b) {
  return median(measured.map((round) => round[a] / round[b]));
}

/** The fastest of some, by its median. @template {string} Name @param {Record<Name, number>[]} measured @param {Name[]} names */
export function best(measured, names) {
  const middle = (/** @type {Name} */ name) => median(measured.map((round) => round[name]));
  return names.reduce((a, b) => (middle(b) < middle(a) ? b : a));
}

/**
 * A row of the table. `met`: undefined for what is shown beside a target.
 * @typedef {{ what: string, target: string, measured: string, met?: boolean, value?: number }} Row
 */

/** @param {string} what @param {number} value @param {number} [target] @param {string} [note] @returns {Row} */
export function atLeast(what, value, target, note = '') {
  const measured = `${value.toFixed(2)} times${note && ` (${note})`}`;
  if (target === undefined) return { what, target: '', measured, value };
  return { what, target: `at least ${target} times`, measured, met: value >= target, value };
}

/** @param {string} what @param {number} value @param {number} target @param {string} unit @param {string} [note] @returns {Row} */
export function atMost(what, value, target, unit, note = '') {
  const digits = Number.isInteger(value) ? 0 : value < 0.1 ? 3 : 2;
  const measured = `${value.toFixed(digits)} ${unit}${note && ` (${note})`}`;
  return { what, target: `at most ${target} ${unit}`, measured, met: value <= target, value };
}

/** @param {string} what @param {string} target @param {string} why @returns {Row} */
export const notMeasured = (what, target, why) => ({ what, target, measured: `not measured: ${why}` });
