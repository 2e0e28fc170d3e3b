// The echo scrub against replacing one text after the other.
import assert from 'node:assert/strict';
import { scrubber } from '../../js/core/scrub.js';
import { shapes, writers } from '../support/scrubber.js';
import { list } from './documents.js';
import { atLeast, median, ratio, rounds } from './measure.js';

/** @typedef {import('../../js/core/core.js').Core} Core */

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const COUNT = 8;

/** The shape of real tokens, with bytes that need escapes in URLs. */
const secrets = Array.from({ length: COUNT }, (_, i) => {
  return `gho_${Buffer.from(`${i}-secret/of+account?${i * 7919}`).toString('base64')}`;
});

/** The encodings of the issue that proposed the scrub, each text once. The core knows many more. */
function encodings() {
  const plain = ['plain', 'encodeURIComponent', 'JSON'].map((writer) => `as it is, ${writer}`);
  const wanted = (/** @type {string} */ name) => plain.includes(name) || /^(hex|base64).*, plain$/.test(name);
  const texts = secrets.flatMap((secret) =>
    Object.entries(writtenForms(secret)).map(([name, text]) => ({ name, text })),
  );
  return [...new Set(texts.filter(({ name }) => wanted(name)).map(({ text }) => text))];
}

/** @param {string} secret @returns {Record<string, string>} every shape in every writing, those that look alike as well */
function writtenForms(secret) {
  const forms = Object.entries(shapes).flatMap(([shape, make]) =>
    Object.entries(writers).map(([writer, write]) => [`${shape}, ${writer}`, write(make(secret))]),
  );
  return Object.fromEntries(forms);
}

/** A provider's answer of about 1 MB, some echoes in it. */
function answer() {
  const items = list(900).items.map((item, i) =>
    i % 100 === 0 ? { ...item, echo: secrets[(i / 100) % COUNT] } : item,
  );
  return encoder.encode(JSON.stringify(items));
}

/** @param {Core} core @returns {import('./measure.js').Row[]} */
export function benchScrub(core) {
  const bytes = answer();
  const texts = encodings();
  const val = JSON.stringify(secrets);
  const byCore = () => {
    const stream = scrubber(core, val);
    return [...stream.push(bytes), stream.end()];
  };
  const chain = () => {
    let text = decoder.decode(bytes);
    for (const each of texts) text = text.replaceAll(each, 'REDACTED');
    return encoder.encode(text);
  };
  assert.ok(Buffer.concat(byCore()).equals(chain()), 'both ways take the same out');
  const measured = rounds({ byCore, chain });
  const speed = bytes.length / 1000 / median(measured.map((round) => round.byCore));
  return [
    {
      what: 'echo scrub, 8 secrets',
      target: 'at least 300 MB/s',
      measured: `${speed.toFixed(0)} MB/s`,
      met: speed >= 300,
      value: speed,
    },
    atLeast(
      'echo scrub: faster than a replaceAll chain',
      ratio(measured, 'chain', 'byCore'),
      5,
      `${texts.length} texts`,
    ),
  ];
}
