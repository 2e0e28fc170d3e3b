// The one way from JavaScript into the core. Everything that has a name (operations, events, steps, faults)
// is found in the core's own catalogue, so no number and no rule is written a second time here.
import { CoreBase, instantiate } from './base.js';
import { Masker, MaskFault, maskInto, maskWhole, toStream } from './mask.js';
import { Reply } from './reply.js';

export { MaskFault, Reply };

/** @typedef {import('./base.js').CoreSource} CoreSource */
/** @typedef {import('./base.js').Head} Head */
/** @typedef {import('./base.js').Operation} Operation */
/** @typedef {import('./base.js').Catalog} Catalog */
/** @typedef {import('./mask.js').MaskCodes} MaskCodes */

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
  return new Core(await instantiate(source));
}

export class Core extends CoreBase {
  /** Edge: request line and body -> operation. @param {Head} head @param {string | Uint8Array} [body] */
  route(head, body = '') {
    return this.call('dc_route', [], head, body);
  }

  /** Edge: may this caller do this? @param {string} operation @param {Head} head */
  allow(operation, head) {
    return this.call('dc_allow', [this.number('operation', operation)], head);
  }

  /**
   * Edge: record and event -> record and effects. `now` in milliseconds since 1970.
   * @param {string} event @param {number} now @param {Head} head @param {string | Uint8Array} [rest]
   */
  change(event, now, head, rest = '') {
    return this.call('dc_change', [this.number('event', event), now], head, rest);
  }

  /** Edge: a step of a grant. @param {string} step @param {number} now @param {Head} head @param {string | Uint8Array} [rest] */
  grant(step, now, head, rest = '') {
    return this.call('dc_grant', [this.number('grant', step), now], head, rest);
  }

  /** Edge: a step of an execution. @param {string} step @param {number} now @param {Head} head @param {string | Uint8Array} [rest] */
  tool(step, now, head, rest = '') {
    return this.call('dc_tool', [this.number('tool', step), now], head, rest);
  }

  /** Edge: records -> response body. @param {string} operation @param {number} now @param {Head} head */
  answer(operation, now, head) {
    return this.call('dc_answer', [this.number('operation', operation), now], head);
  }

  /** Edge: a credential -> what is signed for its fingerprints. `second` holds secrets. @param {Head} head */
  secrets(head) {
    return this.call('dc_secrets', [], head);
  }

  /** Edge: digests of those -> `fingerprints`. @param {Head} head */
  fingerprints(head) {
    return this.call('dc_fingerprints', [], head);
  }

  /** Edge: a fault of the host's -> response body. @param {string} fault @param {Head} head */
  fault(fault, head) {
    return this.call('dc_fault', [this.number('fault', fault)], head);
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
    const how = { scope, style, harmless };
    return this.lend((exports, memory) => maskWhole(exports, memory, this.catalog.mask, document, how));
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
    return this.lend((exports, memory) => maskInto(exports, memory, this.catalog.mask, document, how, target));
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
    return this.lend((exports, memory) => new Masker(exports, memory, this.catalog.mask, scope, style, harmless));
  }
}
