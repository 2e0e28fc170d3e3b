// One set-up at a time: two that build into one folder would spoil each other's files.
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';

const STEP = 100; // milliseconds between two looks
const PATIENCE = 15 * 60 * 1000;

/** @param {unknown} error @param {string} code */
function isCode(error, code) {
  return /** @type {NodeJS.ErrnoException} */ (error).code === code;
}

/** The process id in a lock, or undefined where there is no lock. @param {string} path */
function ownerOf(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** @param {string} owner */
function isAlive(owner) {
  try {
    process.kill(Number(owner), 0);
    return true;
  } catch (error) {
    return isCode(error, 'EPERM'); // it runs, as another user
  }
}

/** Linking a finished file means that nobody ever sees a lock without its owner. @param {string} path */
function take(path) {
  const own = `${path}.${process.pid}`;
  writeFileSync(own, String(process.pid));
  try {
    linkSync(own, path);
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    rmSync(own);
  }
}

/** Move a dead owner's lock away. @param {string} path @param {string} dead */
function bury(path, dead) {
  const grave = `${path}.${process.pid}.old`;
  try {
    renameSync(path, grave);
    // Another process may have buried the dead one and taken the lock between our look and our rename: give it back.
    if (readFileSync(grave, 'utf8') !== dead) linkSync(grave, path);
    rmSync(grave);
  } catch (error) {
    if (!isCode(error, 'ENOENT')) throw error; // somebody else was faster
  }
}

/**
 * Do `work` while no other process does work under the same path.
 * @template T
 * @param {string} path
 * @param {() => T | Promise<T>} work
 * @returns {Promise<T>}
 */
export async function exclusively(path, work) {
  mkdirSync(dirname(path), { recursive: true });
  for (let waited = 0; !take(path); waited += STEP) {
    const owner = ownerOf(path);
    if (owner === undefined) continue;
    if (!isAlive(owner)) bury(path, owner);
    if (waited === 20 * STEP) console.log(`waiting for the set-up of process ${owner}`);
    if (waited > PATIENCE)
      throw new Error(`process ${owner} holds ${path} for too long; remove the file if it is no set-up`);
    await setTimeout(STEP);
  }
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}
