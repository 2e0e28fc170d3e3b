import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { Application } from './support/demo-browser.js';

const REDIRECT = 'http://localhost:8890/oauth/callback';
const SECRET = randomBytes(32).toString('base64url');

test('as a process the demo provider prints one line, lets tokens expire, and stops on SIGTERM', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'demo-provider-'));
  const main = fileURLToPath(new URL('../js/local/demo/main.js', import.meta.url));
  const env = {
    PATH: process.env.PATH,
    DEMO_PORT: '0',
    DEMO_DATA_DIR: folder,
    DEMO_REDIRECT_URI: REDIRECT,
    DEMO_CLIENT_SECRET: SECRET,
    DEMO_ACCESS_TOKEN_SECONDS: '1',
  };
  const child = spawn(process.execPath, [main], { env });
  const printed = { out: '', err: '' };
  child.stderr.on('data', (chunk) => {
    printed.err += chunk;
  });
  child.stdout.on('data', (chunk) => {
    printed.out += chunk;
  });
  await once(child.stdout, 'data');
  const origin = /^Demo provider is ready: (http:\S+)\n$/.exec(printed.out)?.[1];
  try {
    assert.ok(origin, printed.out);
    const own = new Application({ origin, clientId: 'devcaster-demo', secret: SECRET, redirectUri: REDIRECT });
    const tokens = await own.connect('short', { scope: 'openid demo.read' });
    const bearer = { authorization: `Bearer ${tokens.access_token}` };
    assert.equal(tokens.expires_in, 1);
    await pause(1100);
    assert.equal((await own.get('/api/profile', bearer)).status, 401);
    assert.equal((await own.get('/me', bearer)).status, 401);
    assert.equal((await own.refresh(tokens.refresh_token)).status, 200);
  } finally {
    child.kill('SIGTERM');
    const [code] = await once(child, 'exit');
    rmSync(folder, { recursive: true });
    assert.equal(code, 0);
  }
  assert.deepEqual([printed.out.trim().split('\n').length, printed.err], [1, '']);
});
