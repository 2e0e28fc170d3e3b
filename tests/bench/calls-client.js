// A program with one SDK in it that calls a service, and says how much processor time a call took it, all threads counted.
// Arguments: whose SDK, which call, the service's address, how many calls.
const [who, call, baseURL, count] = process.argv.slice(2);
const id = 'ca_123456789012';

/** @type {Record<string, () => Promise<any>>} each makes a client */
const clients = {
  ours: async () => {
    const { Devcaster } = await import('../../js/index.js');
    return new Devcaster({ apiKey: 'ak_0123456789abcdef', baseURL });
  },
  // The least that a call can be: nothing is checked, repeated or bounded.
  bare: async () => {
    const url = `${baseURL}/api/v3/connected_accounts/${id}`;
    const get = async () => (await fetch(url, { headers: { 'x-api-key': 'ak_0123456789abcdef' } })).json();
    return { connectedAccounts: { get } };
  },
  composio: async () => {
    const name = '@composio/core'; // no literal: the type checker has it only where the bench has been run
    const { Composio } = await import(name);
    return new Composio({ apiKey: 'ak_0123456789abcdef', baseURL, allowTracking: false, disableVersionCheck: true });
  },
};
/** @type {Record<string, (client: any) => Promise<any>>} the same call with both, and the same question: how many came? */
const calls = {
  list: async ({ connectedAccounts }) =>
    (await connectedAccounts.list({ userIds: ['user_1'], limit: 100 })).items.length,
  get: async ({ connectedAccounts }) => ((await connectedAccounts.get(id)).toolkit.slug === 'github' ? 1 : 0),
  both: async (client) => (await calls.list(client)) + (await calls.get(client)),
};
const wanted = { list: 100, get: 1, both: 101 }[call];

const client = await clients[who]();
/** @param {number} times */
async function run(times) {
  for (let i = 0; i < times; i++) {
    const got = await calls[call](client);
    if (got !== wanted) throw new Error(`${who} ${call}: ${got} instead of ${wanted}`);
  }
}
await run(Number(count)); // until it is warm
const before = process.cpuUsage();
await run(Number(count));
const { user, system } = process.cpuUsage(before);
console.log((user + system) / Number(count));
