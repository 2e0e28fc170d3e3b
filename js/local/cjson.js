// The source of cJSON, from the distribution: `apt-get source` checks signatures and applies the security patches.
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const APT = '/etc/apt';

/** `deb` lines of a one-line-style list as `deb-src` lines. @param {string} text */
function sourceLines(text) {
  return text
    .split('\n')
    .filter((line) => /^\s*deb\s/.test(line))
    .map((line) => `${line.replace(/^\s*deb\s/, 'deb-src ')}\n`)
    .join('');
}

/** Stanzas of a deb822 list with `deb-src` as their only type. @param {string} text */
function sourceStanzas(text) {
  return text.replace(/^Types:.*$/gim, 'Types: deb-src');
}

/** Copy the machine's own package sources, turned into sources of source packages. @param {string} to */
function writeSources(to) {
  const folder = join(APT, 'sources.list.d');
  const names = existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
  for (const [index, path] of [join(APT, 'sources.list'), ...names].entries()) {
    if (!existsSync(path)) continue;
    if (path.endsWith('.list')) writeFileSync(join(to, `${index}.list`), sourceLines(readFileSync(path, 'utf8')));
    if (path.endsWith('.sources'))
      writeFileSync(join(to, `${index}.sources`), sourceStanzas(readFileSync(path, 'utf8')));
  }
}

/**
 * Fetch cJSON's source with apt into `target`. All that apt writes goes into a folder of its own, so that the system's
 * configuration stays as it is and no root is needed.
 * @param {string} target
 */
export function fetchCjson(target) {
  const work = mkdtempSync(join(tmpdir(), 'devcaster-'));
  try {
    for (const name of ['parts', 'lists/partial', 'cache/archives/partial', 'out'])
      mkdirSync(join(work, name), { recursive: true });
    writeSources(join(work, 'parts'));
    const options = [
      '-qq',
      `-oDir::Etc::sourcelist=/dev/null`,
      `-oDir::Etc::sourceparts=${join(work, 'parts')}`,
      `-oDir::State::lists=${join(work, 'lists')}`,
      `-oDir::Cache=${join(work, 'cache')}`,
      // As root apt would hand the download to a user who cannot read this private folder.
      ...(process.getuid?.() === 0 ? ['-oAPT::Sandbox::User=root'] : []),
    ];
    const apt = (/** @type {string[]} */ ...words) =>
      execFileSync('apt-get', [...options, ...words], { cwd: join(work, 'out'), stdio: ['ignore', 'ignore', 'pipe'] });
    apt('update');
    apt('source', 'cjson');
    const folder = readdirSync(join(work, 'out')).find((name) => existsSync(join(work, 'out', name, 'cJSON.c')));
    if (!folder) throw new Error('apt-get source brought no cJSON.c');
    mkdirSync(target, { recursive: true });
    // cJSON.c last: its presence is what says that the source is complete.
    for (const name of ['LICENSE', 'cJSON.h', 'cJSON.c'])
      copyFileSync(join(work, 'out', folder, name), join(target, name));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
