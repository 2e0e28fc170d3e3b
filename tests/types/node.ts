// A program of Node that knows no type of browsers.
import { Devcaster, mask } from '@devcaster/core';

const devcaster = new Devcaster({ apiKey: process.env.DEVCASTER_API_KEY });
for await (const { status } of devcaster.connectedAccounts.list({ statuses: ['ACTIVE'] })) {
  const active: 'ACTIVE' | 'INACTIVE' | 'REVOKED' | 'INITIALIZING' | 'INITIATED' | 'FAILED' | 'EXPIRED' = status;
  console.log(active, await mask('{}'));
}
// @ts-expect-error no such status
devcaster.connectedAccounts.list({ statuses: ['CONNECTED'] });
