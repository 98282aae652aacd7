// The way of docs/guides/provisioning.md, from a new tenant to a cycle that is taken back.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { countersignIn, type DemoHub, onTerminal, startDemoHub } from './demo-hub.ts';

const company = ['--tenant', 'jogcloud'];
const portal = 'Access Portal';
let hub: DemoHub;
let environment: NodeJS.ProcessEnv;

const terminal = (...parameters: string[]) => onTerminal(environment, ...parameters);
const provisioning = (name: string, ...more: string[]) => terminal('provisioning', name, portal, ...more, ...company);

before(async () => {
  hub = await startDemoHub();
  await onTerminal(hub.environment, 'tenant', 'create', 'cloud');
  const made = await countersignIn(
    hub.environment,
    ...['scim', 'token', 'create', 'jogcloud', '--tenant', 'cloud', '--dialect', 'aws-identity-center'],
  );
  const { secretText } = JSON.parse(made.out);
  environment = { ...hub.environment, COUNTERSIGN_CLI_TARGET_TOKEN: secretText };
});
after(() => hub?.stop());

test('an application is connected, planned, started with a bar, asked about and taken back', async () => {
  const address = `${hub.environment['COUNTERSIGN_CLI_URL']}/cloud/scim/v2`;
  const connected = await provisioning('connect', address, '--dialect', 'aws-identity-center');
  assert.match(connected.out, /^status +NotConfigured$/m);

  const planned = await provisioning('plan');
  assert.match(planned.out, /^create +User +marge@jogcloud\.com/m);
  assert.match(planned.out, /^create +Group +Network Operators/m);

  const started = await provisioning('start', '--wait');
  assert.match(started.error, /\[[#.]{20}\] \d+ of \d+/);
  assert.match(started.out, /^status +Active$/m);
  assert.match(started.out, /^failed +0$/m);
  const users = await countersignIn(environment, 'user', 'list', '--tenant', 'cloud');
  assert.match(users.out, /Marge Simpson/);

  const explained = await provisioning('explain', 'marge@jogcloud.com');
  for (const name of ['read', 'scope', 'match', 'compare']) {
    assert.match(explained.out, new RegExp(`^${name} +success`, 'm'));
  }

  const log = await terminal('provisioning', 'log', '--name', 'marge@jogcloud.com', ...company);
  const entries = log.out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.equal(entries.at(-1)?.provisioningAction, 'create');

  await provisioning('pause');
  const undone = await provisioning('undo', '--yes');
  assert.match(undone.out, /^delete +User +marge@jogcloud\.com/m);
  const left = await countersignIn(environment, 'user', 'list', '--tenant', 'cloud');
  assert.doesNotMatch(left.out, /Marge Simpson/);
});

test('where the progress goes to a file, no bar is drawn', async () => {
  const { error } = await countersignIn(environment, 'provisioning', 'start', portal, '--wait', ...company);
  assert.doesNotMatch(error, /\[[#.]{20}\]/);
});
