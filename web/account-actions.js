/** What can be done with an account. Which of it is allowed the service decides; its refusal is shown where the button is. */
import { ask } from './dialog.js';
import { busy, h, webAddress } from './dom.js';
import { accountName } from './format.js';
import { signedOut } from './load.js';
import { problem } from './notice.js';
import { go } from './router.js';
import { client } from './service.js';
import { toast } from './toast.js';
import { openTab, waitFor } from './waiting.js';

/**
 * @param {any} account
 * @param {string} stage of its status in the core's catalogue: done, wait or failed
 * @param {{ show: () => Promise<void>, signal: AbortSignal }} view
 */
export function accountActions(account, stage, view) {
  const trouble = h('div');
  const refreshing = h(
    'button',
    { type: 'button', name: 'refresh', class: stage === 'failed' && !account.isDisabled ? 'primary' : null },
    stage === 'done' ? 'Refresh' : begun(account, stage) ? 'Continue' : 'Connect again',
  );
  const switching = h('button', { type: 'button', name: 'switch' }, account.isDisabled ? 'Enable' : 'Disable');
  const deleting = h('button', { type: 'button', name: 'delete', class: 'danger' }, 'Delete');
  refreshing.addEventListener('click', () => act(refreshing, () => refresh(account, stage, view)));
  switching.addEventListener('click', () => act(switching, () => setEnabled(account, view)));
  deleting.addEventListener('click', () => remove(account, view.signal));
  // A disabled account is not refreshed and one that is not connected yet cannot be switched: no button for either.
  return h(
    'div',
    { class: 'act' },
    h('div', { class: 'actions' }, !account.isDisabled && refreshing, stage !== 'wait' && switching, deleting),
    trouble,
  );

  /** @param {HTMLElement} button @param {() => Promise<void>} work */
  async function act(button, work) {
    trouble.replaceChildren();
    try {
      await busy(button, work);
    } catch (error) {
      signedOut(error);
      trouble.replaceChildren(problem(error));
    }
  }
}

/**
 * New tokens at once where the provider gives them; otherwise a person has to consent again.
 * @param {any} account @param {string} stage @param {{ show: () => Promise<void>, signal: AbortSignal }} view
 */
async function refresh(account, stage, { show, signal }) {
  const link = begun(account, stage);
  // A consent is likely when the account does not work: then a tab is asked for while the click lasts.
  const tab = stage === 'done' ? null : openTab();
  /** @type {any} */
  let answer;
  try {
    answer = link ? { id: account.id, redirectUrl: link } : await client.connectedAccounts.refresh(account.id);
  } catch (error) {
    tab?.close();
    throw error;
  }
  if (!answer.redirectUrl) {
    tab?.close();
    toast('Credentials refreshed.');
  } else if (
    await waitFor(answer, { tab, text: `${accountName(account)} needs a consent on the connect page.`, signal })
  ) {
    toast(`${accountName(account)} is connected.`);
  }
  if (!signal.aborted) await show();
}

/**
 * The connect page of a connection that has begun and still waits for its user.
 * @param {any} account @param {string} stage
 */
function begun(account, stage) {
  return stage === 'wait' ? webAddress(account.state?.val?.redirectUrl) : null;
}

/** @param {any} account @param {{ show: () => Promise<void> }} view */
async function setEnabled(account, { show }) {
  const enabled = account.isDisabled;
  await client.connectedAccounts.updateStatus(account.id, { enabled });
  toast(enabled ? 'Account enabled.' : 'Account disabled. Tools refuse it until it is enabled.');
  await show();
}

/** @param {any} account @param {AbortSignal} signal */
async function remove(account, signal) {
  const name = accountName(account);
  const done = await ask({
    title: 'Delete this account?',
    body: [
      h(
        'p',
        {},
        h('strong', {}, name),
        ` (${account.toolkit.slug}, user ${account.userId ?? 'unknown'}, `,
        h('code', {}, account.id),
        ')',
      ),
      'This is permanent: its credentials are revoked at the provider where that is possible, and removed here. The user has to authenticate again to reconnect.',
    ],
    action: 'Delete account',
    danger: true,
    signal,
    run: () =>
      client.connectedAccounts.delete(account.id).catch((/** @type {unknown} */ error) => {
        signedOut(error);
        throw error;
      }),
  });
  if (!done || signal.aborted) return;
  toast(`${name} is deleted.`);
  go('#/accounts');
}
