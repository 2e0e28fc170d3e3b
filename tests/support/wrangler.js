// `wrangler deploy --dry-run`: what would be uploaded to Cloudflare's network, and nobody is asked there.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { installed } from './installed.js';

/**
 * @param {string} project with a wrangler.jsonc
 * @param {string} bundle a folder, for what would be uploaded
 * @param {string} home an empty folder: it writes logs and settings to the home folder, and none of a person's is ours to touch
 * @returns {Promise<{ status: number | null, text: string }>} how it ended, and all that it said
 */
export async function dryRun(project, bundle, home) {
  const packages = await installed('deploy');
  const { bin } = packages('wrangler/package.json');
  const program = join(packages.resolve('wrangler/package.json'), '..', bin.wrangler);
  const { status, error, stdout, stderr } = spawnSync(
    process.execPath,
    [program, 'deploy', '--dry-run', '--outdir', bundle],
    {
      cwd: project,
      encoding: 'utf8',
      env: { PATH: process.env.PATH, HOME: home, CI: '1', WRANGLER_SEND_METRICS: 'false', NO_COLOR: '1' },
      timeout: 60_000,
    },
  );
  return { status, text: `${error ?? ''}${stdout}${stderr}` };
}
