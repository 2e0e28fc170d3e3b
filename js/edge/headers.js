/** Security headers: of everything, of pages, of answers of the API. */

const everything = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
};

/** @param {string} more directives */
const policy = (more) =>
  `default-src 'none'; style-src 'self'; img-src 'self' data:; ${more}; base-uri 'none'; frame-ancestors 'none'`;

/** Where the address is https, browsers need not try the other. A year; names below ours are not ours to speak for. */
export const strictTransport = { 'strict-transport-security': 'max-age=31536000' };

/** Pages of the hosted flow. */
export const pageHeaders = {
  ...everything,
  'cache-control': 'no-store',
  'content-security-policy': policy("script-src 'self'; form-action 'self'"),
};

/** The page and its files. */
export const siteHeaders = {
  ...everything,
  'cache-control': 'no-cache',
  'content-security-policy': policy("script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; form-action 'none'"),
};

/** Answers of the API: data, never a page. */
export const apiHeaders = {
  ...everything,
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'content-type': 'application/json; charset=utf-8',
};

/** Of a gateway's answers: as few as keep data from being taken for something else, since each costs its time. */
export const dataHeaders = {
  'content-type': 'application/json; charset=utf-8',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
};
