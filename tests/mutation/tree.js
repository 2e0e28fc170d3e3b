// A copy of the sources in which one rule at a time is broken. It is built as CMakeLists.txt says, but without sanitizers:
// that is faster, and a test that only they make red does not check the rule.
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cjsonDir, generator, root } from '../../js/local/wasm.js';
import { placeOf } from './table.js';

const FOLDERS = ['src', 'tests/c'];
const PATIENCE = 30_000; // milliseconds; a test takes a tenth of a second, and one that does not end is red too
const run = promisify(execFile);

/** Copy what is not the same already, so that the next build has little to do. @param {string} from @param {string} to */
function copyFile(from, to) {
  const text = readFileSync(from);
  if (!existsSync(to) || !readFileSync(to).equals(text)) writeFileSync(to, text);
}

/** Make one folder's files those of another. @param {string} from @param {string} to */
function copyFolder(from, to) {
  mkdirSync(to, { recursive: true });
  const names = readdirSync(from);
  for (const name of readdirSync(to).filter((each) => !names.includes(each))) rmSync(join(to, name));
  for (const name of names) copyFile(join(from, name), join(to, name));
}

/** Where a test says that it failed: at a rule's row, or at a line. @param {string} said */
function reason(said) {
  return /rule: (.*)/.exec(said)?.[1] ?? /^\S*?([^/\s]+:\d+): /m.exec(said)?.[1] ?? 'it crashed';
}

export class Tree {
  #folder;
  #build;

  /** @param {string} name of its folder in build/mutation */
  constructor(name) {
    this.#folder = join(root, 'build/mutation', name);
    this.#build = join(this.#folder, 'native');
  }

  /** The sources as they are now, compiled. @param {string[]} tests */
  async open(tests) {
    for (const folder of FOLDERS) copyFolder(join(root, folder), join(this.#folder, folder));
    copyFile(join(root, 'CMakeLists.txt'), join(this.#folder, 'CMakeLists.txt'));
    cpSync(cjsonDir, join(this.#folder, 'build/cjson'), { recursive: true, preserveTimestamps: true });
    // -w: a rule that is taken out may leave a function unused.
    const options = ['-DCMAKE_C_COMPILER=clang', '-DDC_SANITIZE=OFF', '-DCMAKE_C_FLAGS=-w'];
    await run('cmake', ['-S', this.#folder, '-B', this.#build, ...options, ...generator(this.#build)]);
    await this.build(tests);
  }

  /** @param {string[]} tests */
  async build(tests) {
    try {
      await run('cmake', ['--build', this.#build, '--parallel', '2', '--target', ...tests]);
    } catch (error) {
      throw new Error(`it does not compile\n${/** @type {{ stdout?: string }} */ (error).stdout ?? error}`);
    }
  }

  /** Run one test. What of it is red, or undefined. @param {string} test */
  async redIn(test) {
    try {
      await run(join(this.#build, 'c', test), [], { timeout: PATIENCE, killSignal: 'SIGKILL', maxBuffer: 1 << 16 });
      return undefined;
    } catch (error) {
      const { stderr, code, signal, killed } = /** @type {any} */ (error);
      const late = killed && signal === 'SIGKILL' && code !== 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER';
      return late ? 'it did not end' : reason(stderr);
    }
  }

  /**
   * Break a rule, run the tests until one is red, and mend it again.
   * @param {import('./table.js').Mutation} mutation
   * @returns {Promise<string | undefined>} which test is red and where, or undefined: none is
   */
  async killer({ file, find, put, tests }) {
    const path = join(this.#folder, 'src', file);
    const source = readFileSync(path, 'utf8');
    const at = placeOf(source, find);
    writeFileSync(path, source.slice(0, at) + put + source.slice(at + find.length));
    try {
      for (const test of tests) {
        await this.build([test]);
        const red = await this.redIn(test);
        if (red !== undefined) return `${test}: ${red}`;
      }
      return undefined;
    } finally {
      writeFileSync(path, source);
    }
  }
}
