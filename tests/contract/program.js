// The suite as a program, for Node, Bun and Deno: a line of JSON for each case.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import process from 'node:process';
import { inspect } from 'node:util';
import { runCases } from './cases.js';
import { visitBy } from './visit.js';

/** @type {any} */
const { Deno, Bun } = globalThis;

/** @param {import('./context.js').Suite['sdk']} sdk */
export async function runProgram(sdk) {
  const { desk, ...settings } = JSON.parse(process.env.CONTRACT ?? '');
  const wasm = async () => {
    const path = createRequire(import.meta.url).resolve('@devcaster/core/core.wasm');
    return WebAssembly.compile(await readFile(path));
  };
  const surroundings = { ...settings, sdk, wasm, visit: visitBy(desk), inspect: (Deno ?? Bun)?.inspect ?? inspect };
  await runCases(surroundings, (outcome) => console.log(JSON.stringify(outcome)));
}
