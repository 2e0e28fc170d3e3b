/** Markup that is safe to send. Only `html` makes one, so text can never be taken for markup by mistake. */
class Markup {
  /** @param {string} text */
  constructor(text) {
    this.text = text;
  }
}

/** @type {Record<string, string>} */
const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** @param {unknown} value @returns {string} */
function written(value) {
  if (value instanceof Markup) return value.text;
  if (Array.isArray(value)) return value.map(written).join('');
  if (value === undefined || value === null || value === false) return '';
  return String(value).replace(/[&<>"']/g, (character) => ENTITIES[character]);
}

/**
 * Markup with every inserted value escaped. Lists are joined; `undefined`, `null` and `false` give nothing.
 *
 * @param {TemplateStringsArray} parts
 * @param {...unknown} values
 * @returns {Markup}
 * @example html`<p>${'<b>'}</p>`.text === '<p>&lt;b&gt;</p>'
 */
export function html(parts, ...values) {
  return new Markup(parts.map((part, index) => part + (index < values.length ? written(values[index]) : '')).join(''));
}

/**
 * A whole page of the demo provider.
 *
 * @param {{ title: string, origin: string, wide?: boolean }} page
 * @param {Markup} content
 * @returns {string}
 */
export function layout({ title, origin, wide }, content) {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Demo provider</title>
<link rel="icon" href="/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/style.css">
</head>
<body>
<main class="${wide ? 'card wide' : 'card'}">
<p class="brand"><img src="/icon.svg" alt="" width="28" height="28"><span>Demo provider <small>on this machine</small></span></p>
${content}
</main>
<footer><p>This is a demo provider that runs on this machine, at ${origin}. It is not Google or any other company, and
nothing that you type here leaves the machine.</p></footer>
</body>
</html>
`.text;
}
