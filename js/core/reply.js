// What one call of the core answered, copied out of its memory.

/**
 * An HTTP request that the core wants to be made.
 *
 * @typedef {object} CoreRequest
 * @property {string} method
 * @property {string} target  SDK: path and query; edge: absolute URL
 * @property {[string, string][]} headers
 * @property {string | null} body
 */

export class Reply {
  #parsed = false;
  /** @type {any} */ #value;

  /**
   * @param {number} status  0: make a request; 2xx: a value; 4xx and 5xx: an error
   * @param {string[]} parts
   */
  constructor(status, parts) {
    /** @readonly */ this.status = status;
    /** The first part as text: what is sent on as it is. @readonly */
    this.text = parts[0] ?? '';
    /** A second document, '' where there is none. @readonly */
    this.second = parts[1] ?? '';
    /** A third one. @readonly */
    this.third = parts[2] ?? '';
    /** @readonly @type {CoreRequest | undefined} */
    this.request = status === 0 ? toRequest(parts) : undefined;
  }

  /** True when the core did what it was asked for. */
  get ok() {
    return this.status < 400;
  }

  /** The first part, parsed when somebody asks for it: an answer that is only sent on never is. @returns {any} */
  get value() {
    if (!this.#parsed && this.request === undefined && this.text !== '') this.#value = JSON.parse(this.text);
    this.#parsed = true;
    return this.#value;
  }
}

/** @param {string[]} parts @returns {CoreRequest} */
function toRequest([method, target, lines, body]) {
  /** @type {[string, string][]} */
  const headers = [];
  for (const line of lines.split('\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) headers.push([line.slice(0, colon), line.slice(colon + 1).trim()]);
  }
  return { method, target, headers, body: body === '' ? null : body };
}
