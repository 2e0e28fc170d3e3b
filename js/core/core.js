// The one way from JavaScript into the core. Everything that has a name (operations, events, steps, faults)
// is found in the core's own catalogue, so no number and no rule is written a second time here.
import { Masker, MaskFault, maskInto, maskWhole, toStream } from './mask.js';
import { Memory } from './memory.js';
import { Reply } from './reply.js';

export { MaskFault, Reply };

/** @typedef {import('./memory.js').Exports} Exports */
/** @typedef {import('./mask.js').MaskCodes} MaskCodes */
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
 * @property {MaskCodes} mask
 * @property {[string, string][]} columns
 * @property {[string, string][]} config_columns
 * @property {Record<string, number>} limits
 */

// The first reply, the catalogue, has to be read before the layout is known: `dc_reply` of devcaster.h under
// the C ABI of wasm32. The catalogue then says the same, or the module is not ours.
const STATUS = 0;
const PARTS = [4, 12, 20, 28];
const CATALOGS = ['dc_catalog', 'dc_catalog_mask', 'dc_catalog_edge'];

/**
 * Open the core: one WebAssembly instance with a memory of its own.
 *
 * @param {CoreSource} source  the module, its bytes, a promise of either, or a function that gives one
 * @returns {Promise<Core>}
 * @example
 * import { load } from '#wasm';
 * const core = await openCore(load);
 * core.request('connected_accounts.get', { id: 'ca_123456789012' }).request.target;
 */
export async function openCore(source) {
  const given = await (typeof source === 'function' ? source() : source);
  const made = /** @type {any} */ (await WebAssembly.instantiate(/** @type {any} */ (given), {}));
  // A module answers an instance, bytes answer both.
  return new Core((made.instance ?? made).exports);
}

export class Core {
  /** @type {Exports} */ #exports;
  /** @type {Memory} */ #memory;
  /** @type {Record<'operation' | 'event' | 'grant' | 'tool' | 'fault', Map<string, number>>} */ #numbers;

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
    return this.#call('dc_request', [this.#number('operation', operation)], args);
  }

  /**
   * SDK: HTTP answer -> model or error.
   * @param {string} operation @param {number} http @param {Head} head @param {string | Uint8Array} body
   */
  response(operation, http, head, body) {
    return this.#call('dc_response', [this.#number('operation', operation), http], head, body);
  }

  /** Edge: request line and body -> operation. @param {Head} head @param {string | Uint8Array} [body] */
  route(head, body = '') {
    return this.#call('dc_route', [], head, body);
  }

  /** Edge: may this caller do this? @param {string} operation @param {Head} head */
  allow(operation, head) {
    return this.#call('dc_allow', [this.#number('operation', operation)], head);
  }

  /**
   * Edge: record and event -> record and effects. `now` in milliseconds since 1970.
   * @param {string} event @param {number} now @param {Head} head @param {string | Uint8Array} [rest]
   */
  change(event, now, head, rest = '') {
    return this.#call('dc_change', [this.#number('event', event), now], head, rest);
  }

  /** Edge: a step of a grant. @param {string} step @param {number} now @param {Head} head @param {string | Uint8Array} [rest] */
  grant(step, now, head, rest = '') {
    return this.#call('dc_grant', [this.#number('grant', step), now], head, rest);
  }

  /** Edge: a step of an execution. @param {string} step @param {number} now @param {Head} head @param {string | Uint8Array} [rest] */
  tool(step, now, head, rest = '') {
    return this.#call('dc_tool', [this.#number('tool', step), now], head, rest);
  }

  /** Edge: records -> response body. @param {string} operation @param {number} now @param {Head} head */
  answer(operation, now, head) {
    return this.#call('dc_answer', [this.#number('operation', operation), now], head);
  }

  /** Edge: a credential -> what is signed for its fingerprints. `second` holds secrets. @param {Head} head */
  secrets(head) {
    return this.#call('dc_secrets', [], head);
  }

  /** Edge: digests of those -> `fingerprints`. @param {Head} head */
  fingerprints(head) {
    return this.#call('dc_fingerprints', [], head);
  }

  /** Edge: a fault of the host's -> response body. @param {string} fault @param {Head} head */
  fault(fault, head) {
    return this.#call('dc_fault', [this.#number('fault', fault)], head);
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
   * A head with members whose values are JSON text that JavaScript neither reads nor prints again, because
   * doing so would change numbers. Heads nest: what comes out is a value for a further head.
   *
   * @param {object} object
   * @param {Record<string, string | undefined>} rawMembers  undefined and '' are left out
   * @returns {string} JSON on one line
   * @example
   * core.head({ api: 'v3' }, { account: core.head({}, { record, val }) });
   */
  head(object, rawMembers) {
    let text = JSON.stringify(object).slice(0, -1);
    for (const [name, raw] of Object.entries(rawMembers)) {
      if (raw === undefined || raw === '') continue;
      // Between the values of JSON a line break is white space; inside a string there is none.
      text += `${text === '{' ? '' : ','}${JSON.stringify(name)}:${raw.replace(/[\r\n]/g, ' ')}`;
    }
    return `${text}}`;
  }

  /**
   * @template {string | Uint8Array} T
   * @param {T} document  one JSON document
   * @param {number} scope  bits of `catalog.mask`
   * @param {number} style
   * @param {Iterable<string>} [harmless]  further names that are not secret
   * @returns {T extends string ? string : Uint8Array<ArrayBuffer>} the same document, masked, of the same kind
   * @throws {MaskFault} when it is not one whole JSON document
   */
  mask(document, scope, style, harmless = []) {
    return maskWhole(this.#exports, this.#memory, this.catalog.mask, document, { scope, style, harmless });
  }

  /**
   * The same into room that the caller has, which may be the document itself.
   * @param {Uint8Array} document @param {Uint8Array} target @param {number} scope @param {number} style
   * @param {Iterable<string>} [harmless]
   * @returns {number} how many bytes were written; -1: `target` is too small, and what it holds is of no use
   * @throws {MaskFault} likewise
   */
  maskInto(document, target, scope, style, harmless = []) {
    const how = { scope, style, harmless };
    return maskInto(this.#exports, this.#memory, this.catalog.mask, document, how, target);
  }

  /**
   * The same for a stream of bytes in constant memory; a fault errors the stream.
   * @param {number} scope @param {number} style @param {Iterable<string>} [harmless]
   */
  maskStream(scope, style, harmless = []) {
    return toStream(() => this.masker(scope, style, harmless));
  }

  /** The same by hand. @param {number} scope @param {number} style @param {Iterable<string>} [harmless] */
  masker(scope, style, harmless = []) {
    return new Masker(this.#exports, this.#memory, this.catalog.mask, scope, style, harmless);
  }

  /** A part of the catalogue; the small module has no names of the service's. @param {string} name */
  #constants(name) {
    const value = this.#exports[name] && this.#read(this.#exports[name]()).value;
    this.#exports.dc_close();
    return value;
  }

  /**
   * For what only one host needs (scrub.js) and the others need not load.
   * @template T @param {(exports: Exports, memory: Memory) => T} use @returns {T}
   */
  lend(use) {
    return use(this.#exports, this.#memory);
  }

  /** @param {'operation' | 'event' | 'grant' | 'tool' | 'fault'} kind @param {string} name */
  #number(kind, name) {
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
  #call(name, numbers, head, rest) {
    const line = typeof head === 'string' ? head : JSON.stringify(head);
    // A raw line feed would end the head early and make what follows it the body.
    if (line.includes('\n')) throw new TypeError('A head is JSON on one line');
    const call = this.#exports[name];
    if (call === undefined) throw new TypeError(`This module has no ${name}; edge.wasm has everything`);
    try {
      const size = this.#memory.write(rest === undefined ? [line] : [line, '\n', rest]);
      return this.#read(call(...numbers, size));
    } finally {
      this.#exports.dc_close(); // wipes what the call used, whichever way it ended
    }
  }

  /** @param {number} at @returns {Reply} */
  #read(at) {
    const status = this.#memory.word(at + STATUS);
    const parts = PARTS.map((part) => {
      return this.#memory.text(this.#memory.word(at + part), this.#memory.word(at + part + 4));
    });
    return new Reply(status, parts);
  }
}

/** @param {string[]} names */
const numbered = (names) => new Map(names.map((name, number) => [name, number]));

/** @template T @param {T} value @returns {T} */
function freeze(value) {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(freeze);
  return value;
}
