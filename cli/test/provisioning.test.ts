// The way of docs/guides/provisioning.md: from a look at the demo to a cycle between two tenants that is taken back.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { countersignIn, type DemoHub, onTerminal, root, startDemoHub } from './demo-hub.ts';

/** Longer than any machine needs, in milliseconds. */
const timeout = 120_000;
const company = ['--tenant', 'northwind'];
const application = 'Cloud Console';
let hub: DemoHub;
let environment: NodeJS.ProcessEnv;

const terminal = (...parameters: string[]) => onTerminal(environment, ...parameters);
const provisioning = (name: string, ...more: string[]) =>
  terminal('provisioning', name, application, ...more, ...company);

/** Repeats a command until it shows this. */
async function shows(expected: RegExp, ...parameters: string[]): Promise<void> {
  while (!expected.test((await terminal(...parameters)).out)) await pause(100);
}

before(async () => {
  hub = await startDemoHub();
  ({ environment } = hub);
});
after(() => hub?.stop());

test('the demo is connected: who is disabled in the company is disabled in the other tenant', { timeout }, async () => {
  const portal = ['--tenant', 'accessportal'];
  const demo = ['--tenant', 'jogcloud'];
  await shows(/^status +Active$/m, 'provisioning', 'status', 'Access Portal', ...demo);
  await shows(/Marge Simpson +true/, 'user', 'list', ...portal);
  await terminal('user', 'update', 'marge@jogcloud.com', '--set', 'accountEnabled=false', ...demo);
  await shows(/Marge Simpson +false/, 'user', 'list', ...portal);
  await shows(/"provisioningAction":"disable"/, 'provisioning', 'log', '--name', 'marge@jogcloud.com', ...demo);
});

test('an application is connected, planned, started with a bar, asked about and taken back', async () => {
  const guide = readFileSync(path.join(root, 'docs/guides/provisioning.md'), 'utf8');
  const [, text = ''] = /```yaml\n(.*?)```/s.exec(guide) ?? [];
  const file = path.join(hub.folder, 'northwind.yaml');
  writeFileSync(file, text);
  const applied = await terminal('apply', file, '--yes');
  assert.match(applied.error, /\D1\/(\d+) .*\D2\/\1 .*\D\1\/\1 /s, 'the tenant is counted with what is in it');
  await terminal('tenant', 'create', 'cloud');
  const cloud = ['--tenant', 'cloud'];
  const dialect = ['--dialect', 'aws-identity-center'];
  const made = await countersignIn(environment, 'scim', 'token', 'create', 'northwind', ...cloud, ...dialect);
  const { secretText } = JSON.parse(made.out);
  environment = { ...environment, COUNTERSIGN_CLI_TARGET_TOKEN: secretText };

  const address = `${environment['COUNTERSIGN_CLI_URL']}/cloud/scim/v2`;
  const connected = await provisioning('connect', address, ...dialect);
  assert.match(connected.out, /^status +NotConfigured$/m);

  const planned = await provisioning('plan');
  assert.match(planned.out, /^create +User +ann@northwind\.example/m);
  assert.match(planned.out, /^create +Group +Engineers/m);
  assert.match(planned.out, /^update +User +ben@northwind\.example .*manager/m);

  const started = await provisioning('start', '--wait');
  assert.match(started.error, /\[[#.]{20}\] \d+ of \d+/);
  assert.match(started.out, /^status +Active$/m);
  assert.match(started.out, /^failed +0$/m);
  const users = await terminal('user', 'list', ...cloud);
  assert.match(users.out, /Ann Archer/);

  const explained = await provisioning('explain', 'ann@northwind.example');
  for (const name of ['read', 'scope', 'match', 'compare']) {
    assert.match(explained.out, new RegExp(`^${name} +success`, 'm'));
  }

  const log = await terminal('provisioning', 'log', '--name', 'ann@northwind.example', ...company);
  const entries = log.out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.equal(entries.at(-1)?.provisioningAction, 'create');

  await provisioning('pause');
  const undone = await provisioning('undo', '--yes');
  assert.match(undone.out, /^delete +User +ann@northwind\.example .*\bdepartment\b/m);
  assert.doesNotMatch(undone.out, /, User\b/);
  const left = await terminal('user', 'list', ...cloud);
  assert.doesNotMatch(left.out, /Ann Archer/);
});

test('where the progress goes to a file, no bar is drawn', async () => {
  const { error } = await countersignIn(environment, 'provisioning', 'start', application, '--wait', ...company);
  assert.doesNotMatch(error, /\[[#.]{20}\]/);
});
