/** What happened to an account, newest first. Which events there are is the core's to say: here they are only words. */
import { h } from './dom.js';
import { time, words } from './format.js';
import { load } from './load.js';
import { client } from './service.js';

const AT_ONCE = 10;

/**
 * @param {HTMLElement} place
 * @param {string} id of the account
 * @param {AbortSignal} signal
 * @returns {() => Promise<unknown>} reads it again
 */
export function activitySection(place, id, signal) {
  let limit = AT_ONCE;
  const show = () =>
    load(place, () => client.connectedAccounts.activity(id, { limit }), section, {
      signal,
    });
  const more = h(
    'button',
    {
      type: 'button',
      name: 'more-activity',
      class: 'quiet',
      onclick: () => {
        limit *= 4;
        return show();
      },
    },
    'Show more',
  );
  /** @param {{ items: any[], nextCursor: string | null }} page */
  const section = ({ items, nextCursor }) => [
    h(
      'section',
      { class: 'card activity', 'aria-labelledby': 'activity-title' },
      h('h2', { id: 'activity-title' }, 'Activity'),
      items.length > 0
        ? h('ul', { class: 'rows' }, ...items.map(entry))
        : h('p', { class: 'muted' }, 'Nothing is recorded yet.'),
      nextCursor !== null && more,
    ),
  ];
  return show;
}

/** @param {any} entry */
function entry({ event, at, actor, requestId, ...more }) {
  return h(
    'li',
    { 'data-event': event },
    h(
      'div',
      {},
      h('strong', {}, words(event)),
      h('span', { class: 'sub' }, time(at, 'long'), ' by ', who(actor)),
      ...details(more).map((line) => h('span', { class: 'sub' }, line)),
      requestId && h('span', { class: 'sub' }, 'Request ', h('code', {}, requestId)),
    ),
  );
}

/** @param {{ type: string, id: string | null }} actor */
function who({ type, id }) {
  return h('span', {}, type, id && ' ', id && h('code', {}, id));
}

/** @param {any} more what the event says besides @returns {(Node | string)[]} */
function details({ tool, method, host, path, result, httpStatus, reason, changed, outcome }) {
  const request = method && h('code', { class: 'wrap' }, `${method} ${host}${path} → ${httpStatus ?? result}`);
  return [tool && h('code', {}, tool), request, reason, changed?.join(', '), outcome].filter(Boolean);
}
