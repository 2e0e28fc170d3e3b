// The way of a JavaScript program: parse, walk, print. All rules of contract section 3 for the members of an answer,
// as fast as one would write it with care: sets for names, what a name means remembered, values changed in place.
import { names } from '../support/mask-reference.js';

const CREDENTIAL = new Set(['data', 'params']); // besides `val`; those are the credential members of the list operation
const HARMLESS = new Set(names.harmless);
const SECRET = new Set(names.secret);
const EXCEPTED = new Set(names.excepted);
const SCHEME = /^([a-z][a-z0-9+.-]*:\/\/)([^/?#]*@)?/i;
const QUERY = /([?#&])([^?#&=]*)=([^?#&]*)/g;

/** @typedef {{ harmless: boolean, secret: boolean, opens: boolean, state: boolean, val: boolean }} Meaning */
/** @type {Map<string, Meaning>} */
const known = new Map();

/** @param {string} name @returns {Meaning} */
function meaningOf(name) {
  const before = known.get(name);
  if (before) return before;
  const flat = name.replace(/[-_]/g, '').toLowerCase();
  const words = name.replace(/([a-z0-9])(?=[A-Z])/g, '$1_').replace(/([A-Z])(?=[A-Z][a-z])/g, '$1_');
  const ends = /[-_](token|secret|password|key)$/i.test(words.replace(/[-_]+$/, ''));
  const meaning = {
    harmless: HARMLESS.has(name),
    secret: name.length > 256 || SECRET.has(flat) || (ends && !EXCEPTED.has(flat)),
    opens: CREDENTIAL.has(flat),
    state: flat === 'state' || flat === 'connectiondata',
    val: flat === 'val',
  };
  if (known.size < 10000) known.set(name, meaning);
  return meaning;
}

/** @param {string} text */
function maskText(text) {
  if (text === 'REDACTED') return text;
  let end = 0;
  for (let count = 0; count < 4; count++) {
    if (end >= text.length) return 'REDACTED';
    const unit = text.charCodeAt(end);
    end += unit >= 0xd800 && unit < 0xdc00 && end + 1 < text.length ? 2 : 1;
  }
  return `${text.slice(0, end)}...`;
}

/** @param {string} text */
function maskUrl(text) {
  if (!/[:?#@]/.test(text)) return text;
  return text.replace(SCHEME, '$1').replace(QUERY, (whole, mark, name) => {
    return meaningOf(name).secret ? `${mark}${name}=REDACTED` : whole;
  });
}

/** A value inside a credential member. @param {any} value @param {boolean} harmless @param {boolean} secret @returns {any} */
function hide(value, harmless, secret) {
  if (typeof value === 'string') return harmless ? maskUrl(value) : maskText(value);
  if (typeof value === 'number') return secret ? 'REDACTED' : value;
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) value[i] = hide(value[i], harmless && !secret, secret);
    return value;
  }
  for (const name in value) {
    const meaning = meaningOf(name);
    const under = meaning.harmless && !secret;
    value[name] = hide(value[name], under, secret || (meaning.secret && !under));
  }
  return value;
}

/** A value elsewhere; `inState`: its parent may hold a credential under the name `val`. @param {any} value @param {boolean} inState @returns {any} */
function look(value, inState) {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) look(value[i], inState);
    return value;
  }
  for (const name in value) {
    const member = value[name];
    // What is neither an object nor a text stays, and no name means anything for it.
    const meaning = meaningOf(name);
    if (meaning.opens || (meaning.val && inState)) value[name] = hide(member, false, false);
    else if (typeof member === 'object') look(member, meaning.state);
  }
  return value;
}

/** Mask the answer of an operation, in place. @param {any} document */
export const maskWalk = (document) => look(document, false);
