/** The toolkit for accounts that are a key somebody types in. `{demo}` is the demo provider's origin. */
export const demokey = {
  slug: 'demokey',
  name: 'Demo key',
  description: 'Accounts that are an API key: any key that begins with demo_ works',
  logo: null,
  version: '20251111_00',
  categories: ['developer-tools'],
  app_url: '{demo}/',
  docs_url: null,
  api_base_url: '{demo}',
  auth_schemes: [
    {
      scheme: 'API_KEY',
      variant: null,
      api_auth: { in: 'header', name: 'x-demo-key', template: '{api_key}' },
      required_headers: {},
      identity: {
        method: 'GET',
        url: '{demo}/key/profile',
        headers: null,
        body: null,
        id_path: 'id',
        label_paths: ['name'],
        other_ids: null,
        requires_scope: null,
        note: null,
        of: 'credential', // another key of the same person is another id
      },
      revocation: null,
      fields: [
        {
          name: 'api_key',
          label: 'API key',
          description: 'Anything that begins with demo_, for example demo_abc123',
          secret: true,
          required: true,
          pattern: null,
        },
      ],
      notes: null,
    },
  ],
  test_request: {
    method: 'GET',
    url: '{demo}/key/profile',
    headers: null,
    body: null,
    expect: 'HTTP 200',
    requires_scope: null,
  },
  rate_limit: null,
  revoked_markers: [],
};

export const demokeyTools = [
  {
    slug: 'DEMOKEY_GET_PROFILE',
    toolkit: 'demokey',
    name: 'Get profile',
    description: 'What the demo provider knows about the key',
    method: 'GET',
    base_url: '{demo}',
    path: '/key/profile',
    request_format: 'query',
    parameters: [],
    scopes_any_of: [],
    hints: { read_only: true, destructive: false, idempotent: true, open_world: false },
    versions: ['20251111_00'],
  },
];
