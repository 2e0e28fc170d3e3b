// The JavaScript samples of the product page, as a reader would copy them.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Script } from 'node:vm';
import { root } from './build.js';

const FIRST_LINE = /^import \{ Devcaster \} from '@devcaster\/core';$/;

/** The text of the product page, which stands beside the repository. */
export function readPage() {
  const path = process.env.DEVCASTER_PAGE ?? resolve(root, '../shared/connected-accounts.txt');
  if (!existsSync(path)) throw new Error(`the product page is not at ${path}: name its place with DEVCASTER_PAGE`);
  return readFileSync(path, 'utf8');
}

/** Whether lines are a whole module: sentences of the page behind a sample are not. @param {string[]} lines */
function isCode(lines) {
  try {
    new Script(`async () => {\n${lines.slice(1).join('\n')}\n}`); // without the import, which only modules may have
    return true;
  } catch {
    return false;
  }
}

/**
 * Samples begin with their import and end where the page goes on in plain words: at the longest piece that is code.
 * @param {string} page
 * @returns {string[]}
 */
export function samplesOf(page) {
  const lines = page.split('\n');
  const starts = lines.flatMap((line, at) => (FIRST_LINE.test(line) ? [at] : []));
  return starts.map((start, i) => {
    let end = starts[i + 1] ?? lines.length;
    while (end > start && !isCode(lines.slice(start, end))) end--;
    return lines.slice(start, end).join('\n').trimEnd();
  });
}

/** @typedef {{ apiKey: string, userId?: string, accountId?: string, configId?: string }} Identifiers */

/** The sample with its identifiers exchanged, nothing else. @param {string} sample @param {Identifiers} ids */
function withIdentifiers(sample, { apiKey, userId, accountId, configId }) {
  const table = { your_api_key: apiKey, user_123: userId, ca_123: accountId, ac_123: configId };
  return Object.entries(table).reduce(
    (text, [from, to]) => (to === undefined ? text : text.replaceAll(`'${from}'`, `'${to}'`)),
    sample,
  );
}

const folder = join(root, 'build/samples'); // inside the package, so that its own name leads to it
let runs = 0;

/**
 * Run a sample as a program of its own.
 * @param {string} sample
 * @param {Identifiers} ids
 * @param {{ baseURL: string, show?: string, onLine?: (line: string) => void }} how `show`: an expression whose value is
 *   wanted, seen at the end of the sample; `onLine` hears what it prints
 * @returns {Promise<{ code: number | null, text: string, shown: any }>}
 */
export async function runSample(sample, ids, { baseURL, show, onLine }) {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${process.pid}-${++runs}.mjs`);
  const mark = '\u0001shown:';
  const last = show ? `\nconsole.log(${JSON.stringify(mark)} + JSON.stringify(${show}));\n` : '\n';
  writeFileSync(file, withIdentifiers(sample, ids) + last);
  const child = spawn(process.execPath, [file], {
    env: { PATH: process.env.PATH, DEVCASTER_BASE_URL: baseURL },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  let heard = 0;
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (/** @type {string} */ chunk) => {
      text += chunk;
      const lines = text.split('\n');
      for (; heard < lines.length - 1; heard++) onLine?.(lines[heard]);
    });
  }
  const code = await new Promise((done) => child.once('close', done));
  rmSync(file);
  const at = text.indexOf(mark);
  const shown = at < 0 ? undefined : JSON.parse(text.slice(at + mark.length).split('\n')[0]);
  return { code, text: at < 0 ? text : text.slice(0, at), shown };
}
