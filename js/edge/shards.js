/** Where an account lives: in the shard of its user's hash, and its id says so. */

import { digest, randomName } from './bytes.js';

const SHARD = 2; // hex digits of a shard's number in ids

/** @param {number} shard */
const digits = (shard) => shard.toString(16).padStart(SHARD, '0');

/** @param {string} user @param {number} shards how many there are @returns {Promise<number>} */
export const shardOfUser = async (user, shards) => {
  const [a, b, c, d] = await digest(user);
  return (((a << 24) | (b << 16) | (c << 8) | d) >>> 0) % shards;
};

/**
 * @param {string | null | undefined} id of an account, or a link token
 * @param {number} shards
 * @returns {number | null} null: no such shard, so no such account
 */
export const shardOfId = (id, shards) => {
  const [, hex] = /^[a-z]{2}_([0-9a-f]{2})/.exec(id ?? '') ?? [];
  const shard = hex === undefined ? Number.NaN : Number.parseInt(hex, 16);
  return shard < shards ? shard : null;
};

/** @param {number} shard */
export const newAccountId = (shard) => `ca_${digits(shard)}${randomName(16)}`;

/** @param {number} shard @returns {string} 256 random bits: knowing it is the right to connect */
export const newLinkToken = (shard) => `lk_${digits(shard)}${randomName(32)}`;
