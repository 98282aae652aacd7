// What the command line asks a person, on a terminal that `script` (Debian package bsdutils) stands for.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { type RunningHub, startHub } from '../peers/running-hub.ts';

const program = path.resolve(import.meta.dirname, '../../cli/src/main.ts');
const password = 'correct horse battery staple';
const interrupt = '\u0003';
const endOfText = '\u0004';

let hub: RunningHub;
before(async () => {
  hub = await startHub();
});
after(() => hub.stop());

/** Runs the command on a terminal, types the keys when it asks, and resolves with everything that the terminal showed. */
async function onTerminal(
  parameters: string[],
  prompt: RegExp,
  keys: string,
): Promise<{ code: number; shown: string }> {
  const command = [process.execPath, '--disable-warning=ExperimentalWarning', program, ...parameters].join(' ');
  const terminal = spawn('script', ['-qefc', command, '/dev/null'], {
    env: {
      PATH: process.env['PATH'],
      COUNTERSIGN_CLI_URL: hub.origin,
      COUNTERSIGN_CLI_CA: hub.authorityFile,
      COUNTERSIGN_CLI_TOKEN: hub.token,
    },
  });
  let shown = '';
  let isAsked = false;
  terminal.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
    if (isAsked || !prompt.test(shown)) return;
    isAsked = true;
    terminal.stdin.write(keys);
  });
  const code = await new Promise<number>((resolve, reject) => {
    terminal.once('error', (cause) =>
      reject(new Error('This test needs the program script: install the package bsdutils.', { cause })),
    );
    terminal.once('close', (exitCode) => resolve(exitCode ?? -1));
  });
  return { code, shown };
}

const users = async () => {
  const authorization = `Bearer ${hub.token}`;
  const response = await fetch(`${hub.origin}/v1.0/users?$select=userPrincipalName`, { headers: { authorization } });
  const { value } = (await response.json()) as { value: { userPrincipalName: string }[] };
  return value.map(({ userPrincipalName }) => userPrincipalName);
};

test('a password is asked for and not shown, and can be mended while it is typed', async () => {
  const name = 'marge@countersign.onmicrosoft.com';
  const { code, shown } = await onTerminal(['user', 'create', name], /Password: $/, `x\u007f${password}\r`);
  assert.equal(code, 0, shown);
  assert.ok(!shown.includes('horse'), 'it was shown');
  assert.ok((await users()).includes(name));
});

test('whoever stops at the password has changed nothing', async () => {
  for (const key of [interrupt, endOfText]) {
    const name = 'homer@countersign.onmicrosoft.com';
    const { code, shown } = await onTerminal(['user', 'create', name], /Password: $/, key);
    assert.deepEqual([code, /Stopped\./.test(shown)], [1, true], shown);
    assert.ok(!(await users()).includes(name));
  }
});

test('nothing is removed without a yes', async () => {
  const tenants = async () => {
    const authorization = `Bearer ${hub.token}`;
    return (await fetch(`${hub.origin}/v1.0/tenants/fabrikam`, { headers: { authorization } })).status;
  };
  await fetch(`${hub.origin}/v1.0/tenants`, {
    method: 'POST',
    headers: { authorization: `Bearer ${hub.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'fabrikam', displayName: 'Fabrikam' }),
  });
  const remove = (keys: string) => onTerminal(['tenant', 'delete', 'fabrikam'], /\[y\/N\]/, keys);
  for (const keys of ['\r', 'n\r', interrupt, endOfText]) {
    const { code, shown } = await remove(keys);
    assert.match(shown, /Nothing was changed|Stopped/);
    assert.equal(code, 1);
    assert.equal(await tenants(), 200);
  }
  const { code, shown } = await remove('y\r');
  assert.equal(code, 0, shown);
  assert.equal(await tenants(), 404);
});
