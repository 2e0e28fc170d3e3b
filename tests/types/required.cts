// Programs of CommonJS modules have the same types, by both ways to write it.
import core = require('@devcaster/core');
import { Devcaster } from '@devcaster/core';

const devcaster = new Devcaster({ apiKey: 'ak_1' });
devcaster.connectedAccounts.get('ca_1').then(({ status }: core.Account) => status === 'ACTIVE');
new core.Devcaster({ apiKey: 'ak_1' });
// @ts-expect-error misspelt
new core.Devcaster({ apikey: 'ak_1' });
