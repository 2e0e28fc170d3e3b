// Every tool of the catalogue with every argument: each stands where the definition puts it, and reads back the same.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bodyOf, head, headersOf, read, schemes, tool, val } from './support/catalogue.js';

/** An argument that fits a schema, and is awkward. @param {any} schema @returns {any} */
function fitting(schema) {
  const type = [schema.type].flat()[0];
  if (schema.enum) return schema.enum[0];
  if (type === 'integer' || type === 'number') return schema.minimum ?? 3;
  if (type === 'boolean') return true;
  if (type === 'array') return [fitting(schema.items ?? {}), fitting(schema.items ?? {})];
  if (type === 'object' && schema.properties) {
    return Object.fromEntries(Object.entries(schema.properties).map(([name, of]) => [name, fitting(of)]));
  }
  if (type === 'object') return { a_b: { c: null }, d: '\u{1f600}' };
  return 'a/b ?&=%2e,é';
}

for (const definition of read('tools').tools ?? []) {
  test(`${definition.slug}: a request with every argument`, () => {
    const entry = /** @type {any} */ (schemes.find(({ toolkit }) => toolkit.slug === definition.toolkit));
    const own = { ...val, api_key: 'at/1+' };
    const given = Object.fromEntries(
      definition.parameters.map((/** @type {any} */ item) => [item.name, fitting(item.schema)]),
    );
    const body = JSON.stringify({ user_id: 'u', arguments: given });
    const found = tool('find', { tool: { ...definition, versions: ['1'] }, api: 'v3' }, body);
    assert.equal(found.status, 200, found.text);
    const { status, request } = tool('build', { ...head(entry, { val: own }), tool: definition }, body);
    assert.deepEqual([status, request.method], [0, definition.method]);
    const url = new URL(request.target);
    const path = definition.path.replace(/\{(\w+)\}/g, (/** @type {string} */ _, /** @type {string} */ name) =>
      encodeURIComponent(`${given[name]}`),
    );
    assert.equal(url.origin + url.pathname, definition.base_url + path);
    const leaves = { ...given };
    for (const item of definition.parameters) {
      if (item.in === 'body') continue;
      if (item.in === 'query')
        assert.deepEqual(url.searchParams.getAll(item.name), [given[item.name]].flat().map(String));
      delete leaves[item.name];
    }
    /** @type {any} */ const tree = {};
    for (const [name, value] of Object.entries(leaves)) {
      const parts = name.split('.'),
        last = /** @type {string} */ (parts.pop());
      parts.reduce((at, part) => (at[part] ??= {}), tree)[last] = value;
    }
    if (definition.request_format === 'query') assert.equal(request.body, null);
    else if (definition.request_format === 'graphql')
      assert.deepEqual(JSON.parse(request.body), { query: definition.graphql_query, variables: tree });
    else if (definition.request_format === 'json') assert.deepEqual(JSON.parse(request.body), tree);
    else assert.deepEqual(Object.keys(bodyOf(request)), Object.keys(leaves));
    assert.match(headersOf(request).get('authorization') ?? '', /at\/1\+$/);
    for (const item of definition.parameters.filter((/** @type {any} */ each) => each.in === 'path')) {
      const dots = JSON.stringify({ user_id: 'u', arguments: { ...given, [item.name]: '..' } });
      assert.equal(tool('build', { ...head(entry, { val: own }), tool: definition }, dots).status, 400);
    }
  });
}
