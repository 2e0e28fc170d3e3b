// What every host needs of the core: opening it, its catalogue, and calls by name. The SDK's requests need no more;
// core.js adds the calls of the service and the masker, so that a bundle of the SDK holds neither.
import { Memory } from './memory.js';
import { Reply } from './reply.js';

/** @typedef {import('./memory.js').Exports} Exports */
/** @typedef {WebAssembly.Module | BufferSource} CoreBytes */
/** @typedef {CoreBytes | Promise<CoreBytes> | (() => CoreBytes | Promise<CoreBytes>)} CoreSource */
/** @typedef {object | string} Head  an object, or JSON on one line */
/** @typedef {{ name: string, method: string, path: string, scope: string, idempotent: boolean, mask: number, service: boolean }} Operation */
/**
 * @typedef {object} Catalog
 * @property {{ reply: number, parts: number[] }} layout
 * @property {Operation[]} operations
 * @property {string[]} events
 * @property {string[]} grants
 * @property {string[]} tools
 * @property {string[]} faults
 * @property {Record<string, 'done' | 'wait' | 'failed'>} statuses
 * @property {string[]} schemes
 * @property {string[]} scopes
 * @property {string[]} usual names of operations that a browser needs
 * @property {import('./mask.js').MaskCodes} mask
 * @property {[string, string][]} columns
 * @property {[string, string][]} config_columns
 * @property {Record<string, number>} limits
 */

// The first reply, the catalogue, has to be read before the layout is known: `dc_reply` of devcaster.h under
// the C ABI of wasm32. The catalogue then says the same, or the module is not ours.
const STATUS = 0;
const PARTS = [4, 12, 20, 28];
const CATALOGS = ['dc_catalog', 'dc_catalog_mask', 'dc_catalog_edge'];

/** @typedef {'operation' | 'event' | 'grant' | 'tool' | 'fault'} Kind */

/**
 * One WebAssembly instance of a module, with a memory of its own.
 *
 * @param {CoreSource} source  the module, its bytes, a promise of either, or a function that gives one
 * @returns {Promise<Exports>}
 */
export async function instantiate(source) {
  const given = await (typeof source === 'function' ? source() : source);
  const made = /** @type {any} */ (await WebAssembly.instantiate(/** @type {any} */ (given), {}));
  // A module answers an instance, bytes answer both.
  return (made.instance ?? made).exports;
}

/** What the SDK needs of the core. @param {CoreSource} source @returns {Promise<CoreBase>} */
export async function openBase(source) {
  return new CoreBase(await instantiate(source));
}

export class CoreBase {
  /** @type {Exports} */ #exports;
  /** @type {Memory} */ #memory;
  /** @type {Record<Kind, Map<string, number>>} */ #numbers;

  /** @param {Exports} exports */
  constructor(exports) {
    this.#exports = exports;
    this.#memory = new Memory(exports);
    exports._initialize?.();
    /** @type {Readonly<Catalog>} @readonly */
    this.catalog = freeze(Object.assign({}, ...CATALOGS.map((name) => this.#constants(name))));
    if (`${this.catalog.layout?.parts}` !== `${PARTS}`) {
      throw new TypeError('This WebAssembly module is not the core of this package');
    }
    const { operations = [], events = [], grants = [], tools = [], faults = [] } = this.catalog;
    this.#numbers = {
      operation: numbered(operations.map(({ name }) => name)),
      event: numbered(events),
      grant: numbered(grants),
      tool: numbered(tools),
      fault: numbered(faults),
    };
    Object.freeze(this);
  }

  /** SDK: arguments in camelCase -> HTTP request. @param {string} operation @param {Head} args */
  request(operation, args) {
    return this.call('dc_request', [this.number('operation', operation)], args);
  }

  /**
   * SDK: HTTP answer -> model or error.
   * @param {string} operation @param {number} http @param {Head} head @param {string | Uint8Array} body
   */
  response(operation, http, head, body) {
    return this.call('dc_response', [this.number('operation', operation), http], head, body);
  }

  /**
   * Milliseconds to wait before repetition number `attempt`.
   * @param {number} attempt @param {number} hint  what the server asked for, in milliseconds; 0: nothing
   * @param {number} seed  any random 32 bits
   * @returns {number}
   */
  delay(attempt, hint, seed) {
    return this.#exports.dc_delay(attempt >>> 0, Math.min(hint, 0xffffffff) >>> 0, seed >>> 0) >>> 0;
  }

  /**
   * For what only one host needs (scrub.js) and the others need not load.
   * @template T @param {(exports: Exports, memory: Memory) => T} use @returns {T}
   */
  lend(use) {
    return use(this.#exports, this.#memory);
  }

  /** The core's number of a name in the catalogue. @param {Kind} kind @param {string} name */
  number(kind, name) {
    const number = this.#numbers[kind].get(name);
    if (number === undefined) throw new TypeError(`The core knows no ${kind} named ${name}`);
    return number;
  }

  /**
   * @param {string} name of the exported function
   * @param {number[]} numbers its arguments before the size
   * @param {Head} head
   * @param {string | Uint8Array} [rest]
   * @returns {Reply}
   */
  call(name, numbers, head, rest) {
    const line = typeof head === 'string' ? head : JSON.stringify(head);
    // A raw line feed would end the head early and make what follows it the body.
    if (line.includes('\n')) throw new TypeError('A head is JSON on one line');
    const call = this.#exports[name];
    if (call === undefined) throw new TypeError(`This module has no ${name}; edge.wasm has everything`);
    try {
      const size = this.#memory.write(rest === undefined ? [line] : [line, '\n', rest]);
      return readReply(this.#memory, call(...numbers, size));
    } finally {
      this.#exports.dc_close(); // wipes what the call used, whichever way it ended
    }
  }

  /** A part of the catalogue; the small module has no names of the service's. @param {string} name */
  #constants(name) {
    const value = this.#exports[name] && readReply(this.#memory, this.#exports[name]()).value;
    this.#exports.dc_close();
    return value;
  }
}

/** What a call has answered, copied. @param {Memory} memory @param {number} at @returns {Reply} */
export function readReply(memory, at) {
  const parts = PARTS.map((part) => memory.text(memory.word(at + part), memory.word(at + part + 4)));
  return new Reply(memory.word(at + STATUS), parts);
}

/** @param {string[]} names */
const numbered = (names) => new Map(names.map((name, number) => [name, number]));

/** @template T @param {T} value @returns {T} */
function freeze(value) {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(freeze);
  return value;
}
