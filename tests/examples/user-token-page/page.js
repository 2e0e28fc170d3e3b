// The accounts of who is signed in: list, connect, disable, enable, delete. The token says whose they are.
import { Devcaster } from '@devcaster/core';

/** @typedef {{ token: string, userId: string, baseURL: string, authConfig: string }} Given */

/** @returns {Promise<Given>} */
const ask = async () => (await fetch('/devcaster-token', { method: 'POST' })).json();

let given = await ask();
const devcaster = new Devcaster({
  baseURL: given.baseURL,
  /** @param {string} [refused] a token that is over @returns {Promise<string>} */
  async userToken(refused) {
    if (refused === given.token) given = await ask();
    return given.token;
  },
});

/** @template {Element} T @param {string} selector @param {ParentNode} [within] @returns {T} */
const find = (selector, within = document) => /** @type {T} */ (within.querySelector(selector));
const list = find('ul');
const status = find('[role=status]');

/** @type {Record<string, (id: string) => Promise<unknown>>} */
const deeds = {
  disable: (id) => devcaster.connectedAccounts.disable(id),
  enable: (id) => devcaster.connectedAccounts.enable(id),
  delete: (id) => devcaster.connectedAccounts.delete(id),
};

async function show() {
  const { items } = await devcaster.connectedAccounts.list();
  const template = /** @type {HTMLTemplateElement} */ (find('template'));
  list.replaceChildren(
    ...items.map((account) => {
      const item = /** @type {Element} */ (
        find('li', /** @type {DocumentFragment} */ (template.content.cloneNode(true)))
      );
      find('span', item).textContent = `${account.toolkit.slug}: ${account.status}`;
      item.addEventListener('click', (event) => {
        const deed = /** @type {HTMLElement} */ (event.target).dataset.do;
        if (deed) work(() => deeds[deed](account.id));
      });
      return item;
    }),
  );
}

/** @param {() => Promise<unknown>} deed */
async function work(deed) {
  status.textContent = '';
  try {
    await deed();
    await show();
  } catch (error) {
    status.textContent = String(/** @type {Error} */ (error).message);
  }
}

/** @type {HTMLButtonElement} */
const connect = find('#connect');
connect.addEventListener('click', () =>
  work(async () => {
    const { userId, authConfig } = given;
    const callbackUrl = `${location.origin}/`;
    const { redirectUrl } = await devcaster.connectedAccounts.link(userId, authConfig, { callbackUrl });
    location.assign(/** @type {string} */ (redirectUrl)); // and back here, when it is connected
  }),
);

await work(async () => {});
connect.disabled = false;
