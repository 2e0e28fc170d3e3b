// Which programs the build and the tests need, and how they get onto a Debian or Ubuntu machine.
import { execFileSync, spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline/promises';

/**
 * A program that must be there: any of `commands` will do; `packages` names what brings it on Debian.
 * @typedef {{ commands: string[], packages: string[] }} Tool
 */

/** @type {Tool[]} */
const buildTools = [
  { commands: ['emcc'], packages: ['emscripten'] },
  { commands: ['cmake'], packages: ['cmake'] },
  { commands: ['ninja', 'make'], packages: ['ninja-build'] },
];

/** @type {Tool[]} */
const testTools = [
  { commands: ['clang'], packages: ['clang', 'libc6-dev'] },
  { commands: ['clang-format'], packages: ['clang-format'] },
  { commands: ['clang-tidy'], packages: ['clang-tidy'] },
  {
    commands: ['chromium', 'chromium-browser', 'google-chrome'],
    packages: [isUbuntu() ? 'chromium-browser' : 'chromium'],
  },
];

/** @type {Tool[]} */
const allTools = [{ commands: ['firefox-esr', 'firefox'], packages: [isUbuntu() ? 'firefox' : 'firefox-esr'] }];

const LISTS = '/var/lib/apt/lists';

/** The path of a program in PATH, or undefined. @param {string} name */
export function which(name) {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      if (statSync(path).isFile()) return path;
    } catch {
      // not in this folder
    }
  }
  return undefined;
}

/** Does the machine have apt-get? */
export function hasApt() {
  return which('apt-get') !== undefined;
}

function isUbuntu() {
  return existsSync('/etc/os-release') && /^ID=ubuntu$/m.test(readFileSync('/etc/os-release', 'utf8'));
}

/** The sanitizer and fuzzer libraries come in a package of their own, named by clang's version. */
function missingRuntime() {
  if (!which('clang')) return [];
  const folder = execFileSync('clang', ['-print-runtime-dir'], { encoding: 'utf8' }).trim();
  if (existsSync(folder) && readdirSync(folder).some((name) => name.includes('fuzzer'))) return [];
  const major = /version (\d+)/.exec(execFileSync('clang', ['--version'], { encoding: 'utf8' }))?.[1];
  return [{ commands: [`the runtime libraries of clang ${major}`], packages: [`libclang-rt-${major}-dev`] }];
}

/**
 * The tools that are not there yet.
 * @param {{ browsers: boolean, all: boolean, source: boolean }} wanted `source`: cJSON has to be fetched
 * @returns {Tool[]}
 */
function missingTools({ browsers, all, source }) {
  const tools = [...buildTools, ...(browsers ? testTools : []), ...(all ? allTools : [])];
  if (source && hasApt()) tools.push({ commands: ['dpkg-source'], packages: ['dpkg-dev'] });
  const missing = tools.filter((tool) => !tool.commands.some(which));
  return browsers ? [...missing, ...missingRuntime()] : missing;
}

/** Has this machine any package lists? Images of containers often come without. */
function hasLists() {
  return existsSync(LISTS) && readdirSync(LISTS).some((name) => name.includes('_Packages'));
}

/** How to become root: nothing, or sudo. Undefined: there is no way. @param {string} command what will be run */
async function elevation(command) {
  if (process.getuid?.() === 0) return [];
  if (!which('sudo')) return undefined;
  if (!process.stdin.isTTY) return ['sudo', '-n'];
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(`Run with sudo: ${command}? [y/N] `);
  terminal.close();
  return /^y(es)?$/i.test(answer.trim()) ? ['sudo'] : undefined;
}

/** Run it; answers what it said when it failed, and nothing otherwise. @param {string[]} command */
function failureOf(command) {
  const result = spawnSync(command[0], command.slice(1), { stdio: ['inherit', 'pipe', 'pipe'], encoding: 'utf8' });
  return result.status === 0 ? undefined : `${result.stdout ?? ''}${result.stderr ?? ''}${result.error ?? ''}`;
}

/** @param {string[]} packages */
async function install(packages) {
  const command = `apt-get install --no-install-recommends ${packages.join(' ')}`;
  const advice = `these packages are needed; please install them and try again:\n  sudo ${command}`;
  const root = await elevation(command);
  if (!root) throw new Error(advice);
  console.log(`installing with apt-get: ${packages.join(' ')}`);
  const apt = [...root, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-y', '-qq'];
  const attempt = () => failureOf([...apt, 'install', '--no-install-recommends', ...packages]);
  let failure = hasLists() ? attempt() : 'no package lists';
  if (failure !== undefined) {
    // Lists that are absent or old name versions that the archive no longer has.
    failure = failureOf([...apt, 'update']) ?? attempt();
  }
  if (failure !== undefined) throw new Error(`${failure}\n${advice}`);
}

/**
 * See to it that every program is there.
 * @param {{ browsers: boolean, all: boolean, source: boolean }} wanted
 */
export async function ensureTools(wanted) {
  // A second round, since only after clang is there its version tells the name of one more package.
  for (let round = 0; round < 2; round++) {
    const missing = missingTools(wanted);
    if (missing.length === 0) return;
    if (!hasApt()) {
      const names = missing.map((tool) => `  ${tool.commands.join(' or ')}`).join('\n');
      throw new Error(`these programs are needed and are not in PATH; please install them and try again:\n${names}`);
    }
    await install(missing.flatMap((tool) => tool.packages));
  }
  const left = missingTools(wanted).map((tool) => tool.commands.join(' or '));
  if (left.length > 0) throw new Error(`still not there after installing: ${left.join(', ')}`);
}
