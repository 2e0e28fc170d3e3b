// `npm start` as a person runs it: a process, what it prints, and how it ends.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './build.js';

const READY = /^Devcaster is ready: (\S+)$/m;

/** Settings of the person who runs the tests must not reach the program. */
const OWN = /^(PORT|DEVCASTER_.*|NODE_TEST_CONTEXT)$/;
const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !OWN.test(name)));

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();

/** For the end of a test file: nothing stays behind when a test failed half-way. */
export function killPrograms() {
  for (const { pid } of running) if (pid) process.kill(-pid, 'SIGKILL'); // the group: npm has children of its own
}

/**
 * @param {Record<string, string>} env
 * @param {{ args?: string[], command?: string[], input?: string }} [how]
 */
export function program(env, { args = [], command = [process.execPath, 'js/local/start.js'], input } = {}) {
  const [file, ...words] = [...command, ...args];
  const child = spawn(file, words, {
    cwd: root,
    env: { ...clean, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  let text = '';
  /** @type {Promise<{ code: number | null, text: string }>} */
  const ended = new Promise((resolve) => child.once('close', (code) => resolve({ code, text })));
  /** @type {Promise<string>} its address */
  const ready = new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (/** @type {string} */ chunk) => {
        text += chunk;
        const address = READY.exec(text)?.[1];
        if (address) resolve(address);
      });
    }
    void ended.then(({ code }) => reject(new Error(`ended with ${code} before it was ready:\n${text}`)));
  });
  ready.catch(() => {}); // not everybody waits for it
  if (input === undefined) child.stdin.end();
  else child.stdin.write(input);
  return {
    ready,
    ended,
    text: () => text,
    /** @param {NodeJS.Signals} [signal] */
    stop(signal = 'SIGTERM') {
      child.kill(signal);
      return ended;
    },
  };
}

/** Process ids of the programs that were told of a folder. @param {string} folder */
export function processesOf(folder) {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((name) => {
      try {
        return readFileSync(join('/proc', name, 'cmdline'), 'utf8').includes(folder);
      } catch {
        return false; // it has just ended
      }
    })
    .map(Number);
}
