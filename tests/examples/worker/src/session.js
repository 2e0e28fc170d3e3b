// The host's own session, here a signed cookie: `session=<user>.<end in milliseconds>.<HMAC-SHA-256 of both, in hex>`.

const COOKIE = /(?:^|; )session=([^;]+)\.(\d+)\.([0-9a-f]{64})(?:;|$)/;
const encoder = new TextEncoder();

/**
 * @param {Request} request
 * @param {string} secret of the sign-in
 * @returns {Promise<{ userId: string } | null>} whose session it is
 */
export const sessionOf = async (request, secret) => {
  const [, user, until, signature] = COOKIE.exec(request.headers.get('cookie') ?? '') ?? [];
  if (!signature || Number(until) < Date.now()) return null;
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', encoder.encode(secret), algorithm, false, ['verify']);
  const bytes = Uint8Array.from(signature.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  // `verify` compares in constant time.
  const isGood = await crypto.subtle.verify('HMAC', key, bytes, encoder.encode(`${user}.${until}`));
  return isGood ? { userId: decodeURIComponent(user) } : null;
};
