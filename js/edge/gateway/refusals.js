/** Requests that end before an answer of the API's goes out, and what of its headers may. */

/** @typedef {{ status: number, text: string, headers?: Record<string, string> }} Answer */

/** What of the API's headers goes on, and then only as a number. The further ones are there where the first is. */
const LIMIT = 'x-ratelimit';
const COUNTERS = [LIMIT, 'x-ratelimit-remaining', 'x-ratelimit-window-size'];
const RETRY = 'retry-after';

/** A request that ends here. */
export class Refusal {
  /** @param {Answer} answer */
  constructor(answer) {
    this.answer = answer;
  }
}

/** Asking for a header costs its time, and most answers have none of these. @param {Response} response @returns {Record<string, string>} */
export const countersOf = ({ headers, status }) => {
  const names = [...(headers.has(LIMIT) ? COUNTERS : []), ...(status >= 400 ? [RETRY] : [])];
  /** @type {Record<string, string>} */
  const kept = {};
  for (const name of names) {
    const value = headers.get(name);
    if (value !== null && /^\d{1,10}$/.test(value)) kept[name] = value;
  }
  return kept;
};
