// SPDX-License-Identifier: Apache-2.0
//
// A small call with nebula-nodejs: client.js FOLDER converted|original PORT CALLS
//
// FOLDER is where tests/peers/install-node-client has put it.

'use strict';

const [folder, values, port, calls] = process.argv.slice(2);
const { createClient } = require(`${folder}/node_modules/@nebula-contrib/nebula-nodejs`);

// Node compiles what has turned out to be hot: that takes some thousand calls, so that the best of
// as many rounds as others have would tell of its interpreter.
const ROUNDS = 44;

const client = createClient({
  servers: [`127.0.0.1:${port}`],
  userName: 'root',
  password: 'nebula',
  space: 'test',
  poolSize: 1,
  // No ping between the calls: once in three weeks.
  pingInterval: 2 ** 31 - 1,
});

async function measureRound() {
  const start = process.hrtime.bigint();

  for (let i = 0; i < calls; i++) await client.execute('YIELD 1', values === 'original');
  return Number(process.hrtime.bigint() - start) / calls;
}

// Its one connection has signed in and said USE.
client.once('ready', async () => {
  let best = Infinity;

  for (let round = 0; round < ROUNDS; round++) best = Math.min(best, await measureRound());
  console.log(best);
  await client.close();
});

// Without an end to it the client would try for ever.
client.on('error', ({ error }) => {
  throw error;
});
