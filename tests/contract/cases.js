// The suite for runtimes without a test runner: its cases one after the other, each with its outcome.
import { assert } from './assert.js';
import { contractSuite } from './suite.js';

/** @typedef {Omit<import('./context.js').Suite, 'test' | 'assert'>} Surroundings */
/** @typedef {{ name: string, error?: string }} Outcome */

const PATIENCE = 30_000;

/** @param {Surroundings} surroundings */
export function casesOf(surroundings) {
  /** @type {{ name: string, work: () => Promise<void> }[]} */
  const cases = [];
  contractSuite({ ...surroundings, assert, test: (name, work) => cases.push({ name, work }) });
  return cases;
}

/** A case that never ends must not keep its own name a secret. @param {() => Promise<void>} work */
async function within(work) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it took more than ${PATIENCE} ms`)), PATIENCE);
  });
  await Promise.race([work(), late]).finally(() => clearTimeout(timer));
}

/** @param {unknown} error @returns {string} */
function told(error) {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : `\ncaused by ${told(error.cause)}`;
  // Some engines begin the stack with the message, others leave it out.
  const stack = error.stack ?? '';
  return (stack.includes(error.message) ? stack : `${error}\n${stack}`) + cause;
}

/**
 * @param {Surroundings} surroundings
 * @param {(outcome: Outcome) => unknown} report  hears of each case when it is over
 */
export async function runCases(surroundings, report) {
  for (const { name, work } of casesOf(surroundings)) {
    const error = await within(work).then(() => undefined, told);
    await report(error === undefined ? { name } : { name, error });
  }
}
