// SPDX-License-Identifier: Apache-2.0
//
// Another client of graphd against the mock: says what it got, line by line.
// usage: node client.js HOST:PORT PASSWORD STATEMENT...

'use strict';

const { createClient } = require('@nebula-contrib/nebula-nodejs');

const [address, password, ...statements] = process.argv.slice(2);
const client = createClient({
  servers: [address],
  userName: 'root',
  password,
  space: 'garden',
  poolSize: 1,
});

function say(name, value) {
  console.log(`${name} ${JSON.stringify(value)}`);
}

async function run(statement) {
  try {
    const { data, space_name: space } = await client.execute(statement);

    for (const column of Object.keys(data || {})) say(column, data[column]);
    if (!data) say('done', `${space}`);
  } catch (error) {
    say('error', [error.errno, `${error.message}`]);
  }
}

async function main() {
  for (const statement of statements) await run(statement);
  await client.close();
}

// Without an end to it the client would try for ever.
client.on('error', ({ error }) => {
  say('broken', [error.errno, `${error.message}`]);
  process.exit(0);
});
main();
