const sdk = require('@devcaster/core');

import('./program.js').then(({ runProgram }) => runProgram(sdk));
