// The contract suite in Node, against the real service.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import * as sdk from '../js/index.js';
import { contractSuite } from './contract/suite.js';
import { startService } from './support/service.js';

const service = await startService();
after(() => service.close());

contractSuite({ sdk, baseURL: service.origin, apiKey: service.apiKey, test, assert });
