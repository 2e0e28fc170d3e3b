/** Waiting for a person: the connect page opens in a tab of its own, this one waits and can be told to stop. */

import { open } from './dialog.js';
import { clone, h, part, webAddress } from './dom.js';
import { problem } from './notice.js';
import { catalog, client } from './service.js';

/**
 * A tab for the connect page. It must be opened while the click lasts; a tab that was asked for later is a blocked popup.
 * @returns {Window | null} null when the browser refused; the dialog's link serves then
 */
export function openTab() {
  const tab = window.open('about:blank', '_blank');
  // The provider must not be able to steer this page through its tab.
  if (tab) tab.opener = null;
  return tab;
}

/**
 * @param {{ id: string, redirectUrl?: string | null }} request what link() or refresh() answered
 * @param {{ tab: Window | null, text: string, signal: AbortSignal }} options
 * @returns {Promise<any>} the connected account; null when a person stopped waiting
 */
export async function waitFor(request, { tab, text, signal }) {
  const target = webAddress(request.redirectUrl);
  if (tab && target) tab.location.href = target;
  else tab?.close();
  const dialog = /** @type {HTMLDialogElement} */ (clone('waiting'));
  const stop = new AbortController();
  part(dialog, 'text').textContent = tab && target ? `${text} The connect page is open in another tab.` : text;
  const way = part(dialog, 'open');
  if (target) way.href = target;
  else way.closest('p').remove();
  part(dialog, 'cancel').addEventListener('click', () => dialog.close());
  dialog.querySelector('[data-part="copy"]')?.addEventListener('click', () => copy(dialog, target ?? ''));
  const closed = open(dialog, signal).then(() => stop.abort());
  /** @type {any} */
  let account = null;
  try {
    const { limits } = await catalog();
    account = await client.connectedAccounts.waitForConnection(request.id, {
      timeout: limits.link,
      signal: stop.signal,
    });
    dialog.close('done');
  } catch (error) {
    if (!stop.signal.aborted) fail(dialog, error);
  }
  await closed;
  return account;
}

/** @param {HTMLDialogElement} dialog @param {string} text */
async function copy(dialog, text) {
  const button = part(dialog, 'copy');
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = 'Copied';
  } catch {
    // Without permission for the clipboard the address is shown to be copied by hand.
    button.replaceWith(h('code', { class: 'wrap' }, text));
  }
}

/** The dialog stays, now with the reason. @param {HTMLDialogElement} dialog @param {unknown} error */
function fail(dialog, error) {
  part(dialog, 'state').closest('p').remove();
  dialog.querySelector('[data-part="open"]')?.closest('p')?.remove();
  /** @type {HTMLElement} */ (dialog.querySelector('h2')).textContent = 'Not connected';
  part(dialog, 'text').replaceWith(problem(error));
  part(dialog, 'cancel').textContent = 'Close';
  part(dialog, 'cancel').focus();
}
