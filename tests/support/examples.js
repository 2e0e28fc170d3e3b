// The `@example`s of the SDK's own documentation, as an editor shows them.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './build.js';

/**
 * @typedef {object} Documented
 * @property {string} file
 * @property {string} name  of the function, class or method
 * @property {string} purpose  the text before the first tag
 * @property {string[]} tags  `@param`, ...
 * @property {string} example  '' where there is none
 */

const BLOCK = /^( *)\/\*\*(.*?)\*\/\n\1(?:export )?(?:async )?(?:(?:class|function|const|get) )?([\w#]+)/gms;

/** @param {string} file @param {RegExpMatchArray} match @returns {Documented} */
function read(file, [, , inside, name]) {
  const lines = inside.split('\n').map((line) => line.replace(/^ *\* ?/, ''));
  const from = lines.findIndex((line) => line.startsWith('@'));
  const purpose = lines
    .slice(0, from < 0 ? lines.length : from)
    .join(' ')
    .trim();
  const [, example = ''] = /@example\n(.*?)(?:\n@|$)/s.exec(lines.join('\n')) ?? [];
  const tags = lines.flatMap((line) => /^@\w+/.exec(line)?.[0] ?? []);
  return { file, name, purpose, tags, example: example.trim() };
}

/** All that is documented in js/*.js. @returns {Documented[]} */
export function documented() {
  const files = readdirSync(join(root, 'js')).filter((name) => name.endsWith('.js'));
  return files.flatMap((file) => {
    const text = readFileSync(join(root, 'js', file), 'utf8');
    return [...text.matchAll(BLOCK)].map((match) => read(file, match));
  });
}
