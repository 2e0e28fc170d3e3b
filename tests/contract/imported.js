import * as sdk from '@devcaster/core';
import { runProgram } from './program.js';

await runProgram(sdk);
