// As much of Node's `assert` as the suite needs, for runtimes that have none.

/** @param {unknown} value @returns {string} */
const shown = (value) => JSON.stringify(value, (_, member) => (member === undefined ? '(undefined)' : member)) ?? '';

/** @param {any} one @param {any} other @returns {boolean} */
function same(one, other) {
  if (Object.is(one, other)) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || !one || !other) return false;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const names = Object.keys(one);
  if (names.length !== Object.keys(other).length) return false;
  return names.every((name) => Object.hasOwn(other, name) && same(one[name], other[name]));
}

/** @param {boolean} holds @param {string} message @returns {asserts holds} */
function insist(holds, message) {
  if (!holds) throw new Error(message);
}

export const assert = {
  /** @param {unknown} value @param {string} [message] */
  ok(value, message = `${shown(value)} is not true`) {
    insist(Boolean(value), message);
  },
  /** @param {unknown} actual @param {unknown} expected @param {string} [message] */
  equal(actual, expected, message = '') {
    insist(Object.is(actual, expected), `${message} ${shown(actual)} instead of ${shown(expected)}`.trim());
  },
  /** @param {unknown} actual @param {unknown} expected @param {string} [message] */
  deepEqual(actual, expected, message = '') {
    insist(same(actual, expected), `${message} ${shown(actual)} instead of ${shown(expected)}`.trim());
  },
};
