// What is measured on: answers of the list operation, in the sizes in which they come, and a hostile one.

const encoder = new TextEncoder();

/** Repeatable noise, so that two runs measure the same bytes. @param {number} seed */
function noise(seed) {
  let state = seed * 2654435761 + 1;
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  /** @param {number} size */
  return (size) => {
    let text = '';
    for (let i = 0; i < size; i++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      text += letters[state >>> 26];
    }
    return text;
  };
}

/** One account as the service answers it. @param {number} i */
export function account(i) {
  const random = noise(i);
  const time = `2026-11-${String(1 + (i % 28)).padStart(2, '0')}T09:12:33.120Z`;
  const val = {
    status: 'ACTIVE',
    access_token: `gho_${random(36)}`,
    refresh_token: `ghr_${random(72)}`,
    token_type: 'bearer',
    scope: 'repo,read:user,user:email',
    expires_in: 28800,
    base_url: 'https://api.github.com/',
  };
  return {
    id: `ca_${random(12)}`,
    user_id: `user_${i}`,
    word_id: `github_${random(6)}`,
    alias: i % 3 === 0 ? 'Work account' : null,
    status: 'ACTIVE',
    status_reason: null,
    is_disabled: false,
    created_at: time,
    updated_at: time,
    toolkit: { slug: 'github' },
    auth_config: { id: `ac_${random(12)}`, auth_scheme: 'OAUTH2', is_devcaster_managed: false, is_disabled: false },
    state: { authScheme: 'OAUTH2', val },
    data: val,
    identity: { id: String(1000 + i), label: 'Ana María' },
    expires_at: '2026-12-22T17:12:33.120Z',
    scopes: { granted: ['repo', 'read:user', 'user:email'], missing: [] },
  };
}

/** @param {number} count */
export function list(count) {
  const items = Array.from({ length: count }, (_, i) => account(i));
  return { items, next_cursor: 'MjA', total_items: count, current_page: 1, total_pages: 1 };
}

/** Every string of the document written in escapes. @param {string} text */
function escaped(text) {
  return text.replace(/"(?:[^"\\]|\\.)*"/g, (quoted) => {
    const units = JSON.parse(quoted).split('');
    return `"${units.map((/** @type {string} */ unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')}"`;
  });
}

/**
 * `accounts` times one account of about 1.1 KB.
 * @returns {{ name: string, bytes: Uint8Array<ArrayBuffer>, target: number, hostile?: boolean }[]}
 */
export function documents() {
  const plain = [
    { name: '1 KB', accounts: 1, target: 6 },
    { name: '23 KB', accounts: 20, target: 8 },
    { name: '115 KB', accounts: 100, target: 8 },
    { name: '11 MB', accounts: 9600, target: 8 },
  ].map(({ name, accounts, target }) => {
    return { name, bytes: encoder.encode(JSON.stringify(list(accounts))), target };
  });
  const bytes = encoder.encode(escaped(JSON.stringify(list(20))));
  return [...plain, { name: 'hostile', bytes, target: 1.5, hostile: true }];
}
