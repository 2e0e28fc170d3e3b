/** Runs one of the toolkit's tools with this account, as a program would. */
import { busy, clone, h, icon, part } from './dom.js';
import { plain } from './format.js';
import { signedOut } from './load.js';
import { problem } from './notice.js';
import { client, everything } from './service.js';

/**
 * @param {HTMLElement} place
 * @param {any} account
 * @param {{ signal: AbortSignal, done: () => Promise<void> }} options
 */
export async function mountExecute(place, account, { signal, done }) {
  const view = clone('execute');
  const form = /** @type {HTMLFormElement} */ (view.querySelector('form'));
  const result = part(view, 'result');
  /** @type {any[]} */
  let tools;
  try {
    tools = await everything((cursor) => client.tools.list({ toolkitSlug: account.toolkit.slug, limit: 1000, cursor }));
  } catch (error) {
    signedOut(error);
    if (!signal.aborted) place.replaceChildren(problem(error));
    return;
  }
  if (signal.aborted || tools.length === 0) return;
  form.tool.append(
    ...tools.map((tool) => h('option', { value: tool.slug }, `${tool.name || tool.slug} (${tool.slug})`)),
  );
  const chosen = () => tools.find((tool) => tool.slug === form.tool.value);
  const describe = () => {
    part(view, 'description').textContent = chosen().description ?? '';
    form.arguments.value = JSON.stringify(blank(chosen().inputParameters), null, 2);
  };
  form.tool.addEventListener('change', describe);
  describe();
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const values = read(form.arguments);
    if (!values) return;
    try {
      const answer = await busy(view.querySelector('button'), () =>
        client.tools.execute(chosen().slug, {
          userId: account.userId,
          connectedAccountId: account.id,
          version: chosen().version,
          arguments: values,
        }),
      );
      result.replaceChildren(outcome(answer));
      await done();
    } catch (error) {
      signedOut(error);
      result.replaceChildren(problem(error));
    }
  });
  form.arguments.addEventListener('input', () => form.arguments.setCustomValidity(''));
  place.replaceChildren(view);
}

/**
 * A start for the arguments: the members that the tool's own schema requires.
 * @param {any} schema JSON Schema
 */
function blank(schema) {
  const names = Array.isArray(schema?.required) ? schema.required : [];
  return Object.fromEntries(
    names.map((/** @type {string} */ name) => {
      const member = schema.properties?.[name] ?? {};
      return [name, member.default ?? member.examples?.[0] ?? ''];
    }),
  );
}

/** @param {HTMLTextAreaElement} field @returns {object | null} null after telling the person what is wrong */
function read(field) {
  let fault = 'Arguments are a JSON object.';
  try {
    const value = JSON.parse(field.value.trim() || '{}');
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value;
  } catch (error) {
    fault = /** @type {Error} */ (error).message;
  }
  field.setCustomValidity(fault);
  field.reportValidity();
  return null;
}

/** @param {any} answer */
function outcome(answer) {
  const good = answer.successful;
  return h(
    'div',
    { class: 'outcome', 'data-good': String(Boolean(good)) },
    h(
      'p',
      {},
      icon(good ? 'check' : 'warning'),
      h('strong', {}, good ? 'Successful' : answer.error || 'The provider refused.'),
      answer.logId && h('span', { class: 'small muted' }, ' Log ', h('code', {}, answer.logId)),
    ),
    h('pre', { tabindex: 0, 'aria-label': 'Result' }, plain(answer.data)),
  );
}
