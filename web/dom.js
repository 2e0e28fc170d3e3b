/**
 * Building the document. Everything that comes from the service enters as text or as an attribute value, never as markup,
 * so that a name chosen by a stranger stays a name (and Trusted Types have nothing to refuse).
 */

/** @typedef {Node | string | null | undefined | false} Child */

const SVG = 'http://www.w3.org/2000/svg';

/**
 * @param {string} tag
 * @param {Record<string, any>} [props] attributes; `on...` takes a listener; null, undefined and false are left out
 * @param {...(Child | Child[])} children
 * @returns {HTMLElement}
 */
export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? '' : String(value));
  }
  node.append(.../** @type {(Node | string)[]} */ (children.flat().filter((child) => child || child === '')));
  return node;
}

/**
 * A fresh copy of a template's only element.
 * @param {string} id
 * @returns {HTMLElement}
 */
export function clone(id) {
  const template = /** @type {HTMLTemplateElement} */ (document.getElementById(id));
  const node = /** @type {Element} */ (template.content.firstElementChild);
  return /** @type {HTMLElement} */ (document.importNode(node, true));
}

/**
 * The named part of a template's copy.
 * @param {ParentNode} root
 * @param {string} name
 * @returns {any} the element; a template without it is a mistake of this page, so it fails loudly
 */
export function part(root, name) {
  const node = root.querySelector(`[data-part="${name}"]`);
  if (!node) throw new Error(`No part named ${name}`);
  return node;
}

/** @param {string} name a symbol of icons.svg; decoration only, so hidden from assistive technology */
export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS(SVG, 'use');
  use.setAttribute('href', `/assets/icons.svg#${name}`);
  svg.append(use);
  return svg;
}

/**
 * Only web addresses become links: an address from outside could otherwise be a script.
 * @param {string | null | undefined} text
 * @returns {string | null}
 */
export function webAddress(text) {
  if (!text || !URL.canParse(text, location.origin)) return null;
  const url = new URL(text, location.origin);
  return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : null;
}

/**
 * Runs work while its control says so, and cannot be pressed twice.
 * @template T
 * @param {HTMLElement | null} control
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function busy(control, work) {
  // aria-disabled rather than disabled: the control keeps the keyboard focus while it works.
  if (control?.getAttribute('aria-disabled') === 'true') return new Promise(() => {});
  control?.setAttribute('aria-disabled', 'true');
  control?.setAttribute('aria-busy', 'true');
  try {
    return await work();
  } finally {
    control?.removeAttribute('aria-disabled');
    control?.removeAttribute('aria-busy');
  }
}
