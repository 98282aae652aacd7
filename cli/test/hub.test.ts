import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { freePort } from '../../tools/free-port.ts';
import { countersignIn, type DemoHub, root, startDemoHub } from './demo-hub.ts';

let hub: DemoHub;
let environment: NodeJS.ProcessEnv;

before(async () => {
  hub = await startDemoHub();
  environment = hub.environment;
});
after(() => hub?.stop());

const countersign = (...parameters: string[]) => countersignIn(environment, ...parameters);

async function json(...parameters: string[]) {
  const { code, out, error } = await countersign(...parameters);
  assert.equal(code, 0, error);
  return JSON.parse(out);
}

test('the hub is found by its port or its address, whichever of the two the terminal knows', async () => {
  const { COUNTERSIGN_PORT: port, COUNTERSIGN_CLI_URL: url, ...others } = environment;
  for (const known of [{ COUNTERSIGN_PORT: port }, { COUNTERSIGN_CLI_URL: url }]) {
    const { code, error } = await countersignIn({ ...others, ...known }, 'tenant', 'list');
    assert.equal(code, 0, error);
  }
});

test('a user is given an identity at a provider, and shown with it', async () => {
  const identity = { signInType: 'federated', issuer: 'https://idp.example', issuerAssignedId: 'homer-1' };
  const user = 'homer@jogcloud.com';
  const given = await countersign(
    'user',
    'update',
    user,
    '--tenant',
    'jogcloud',
    '--set',
    `identities=${JSON.stringify([identity])}`,
  );
  assert.equal(given.code, 0, given.error);
  const { identities } = await json('user', 'show', user, '--tenant', 'jogcloud', '--select', 'identities');
  assert.deepEqual(
    identities.filter(({ signInType }: { signInType: string }) => signInType === 'federated'),
    [identity],
  );
});

test('the demo file of a tenant has nothing left to do on a new hub', async () => {
  const file = path.join(root, 'samples/demo/jogcloud.yaml');
  assert.deepEqual(await json('apply', file, '--check'), []);
  assert.deepEqual(await json('apply', file, '--yes'), []);
});

test('a file is shown before it is applied, applied once, and exported to an empty plan', async () => {
  const file = path.join(hub.folder, 'fabrikam.yaml');
  writeFileSync(
    file,
    `tenant: { name: fabrikam, displayName: Fabrikam, domains: [fabrikam.example] }
users:
  - { userPrincipalName: ann@fabrikam.example, displayName: Ann, initialPassword: nobody guesses this }
groups:
  - { displayName: Everybody, members: [ann@fabrikam.example] }
`,
  );
  const asked = await countersign('apply', file);
  assert.equal(asked.code, 1);
  assert.match(asked.error, /--yes/);
  assert.equal((await countersign('apply', file, '--check')).code, 3);
  assert.deepEqual(await json('apply', file, '--yes'), { tenant: 'fabrikam', created: 5, changed: 0, removed: 0 });
  assert.deepEqual(await json('apply', file, '--check'), []);

  const exported = path.join(hub.folder, 'exported.yaml');
  await countersign('export', 'fabrikam', '--out', exported);
  assert.deepEqual(await json('apply', exported, '--check', '--prune'), []);
});

test('users, applications and keys are administered by name', async () => {
  const marge = await json('user', 'show', 'marge@jogcloud.com', '--tenant', 'jogcloud');
  assert.deepEqual(marge.memberOf.sort(), ['Cloud Access', 'Security Administrator', 'Security Admins']);

  await json('app', 'create', 'Batch', '--tenant', 'contoso', '--web', 'https://batch.example/back');
  const { secretText, keyId } = await json('app', 'secret', 'add', 'Batch', '--tenant', 'contoso', '--days', '30');
  assert.ok(secretText.length > 32);
  assert.equal((await countersign('app', 'secret', 'remove', 'Batch', keyId, '--tenant', 'contoso')).code, 0);
  assert.equal((await countersign('app', 'delete', 'Batch', '--tenant', 'contoso')).code, 0);
  assert.match((await countersign('app', 'show', 'Batch', '--tenant', 'contoso')).error, /no application called Batch/);

  const before = await json('key', 'list', '--tenant', 'contoso');
  await json('key', 'rotate', '--tenant', 'contoso');
  assert.equal((await json('key', 'list', '--tenant', 'contoso')).length, before.length + 1);
  const forEncryption = await json('key', 'rotate', '--tenant', 'contoso', '--algorithm', 'RSA-OAEP');
  assert.equal(forEncryption.algorithm, 'RSA-OAEP');
  assert.equal((await countersign('key', 'rotate', '--tenant', 'contoso', '--algorithm', 'none')).code, 2);
});

test('an application without metadata is made to trust the tenant by its name and address', async () => {
  await json('app', 'create', 'Claims', '--tenant', 'contoso');
  const where = ['--tenant', 'contoso'];
  const trust = ['--identifier', 'urn:claims', '--reply', 'https://claims.example/'];
  const { protocol, tokenKind } = await json(
    'trust',
    'set',
    'Claims',
    '--protocol',
    'wsFederation',
    ...trust,
    ...where,
  );
  assert.deepEqual([protocol, tokenKind], ['wsFederation', 'saml11']);
  const byKind = ['--protocol', 'wsFederation', ...trust, ...where, '--token-kind'];
  assert.equal((await json('trust', 'set', 'Claims', ...byKind, 'jwt')).tokenKind, 'jwt');
  assert.match((await countersign('trust', 'set', 'Claims', ...byKind, 'swt')).error, /swt/);
  const shown = await json('trust', 'show', 'Claims', ...where);
  assert.deepEqual(shown.replyAddresses, [{ binding: 'post', location: 'https://claims.example/', index: 0 }]);
  assert.match((await countersign('trust', 'set', 'Claims', ...where)).error, /--identifier/);
  assert.match((await countersign('trust', 'set', 'Claims', '--protocol', 'oidc', ...trust, ...where)).error, /oidc/);
  assert.equal((await countersign('app', 'delete', 'Claims', ...where)).code, 0);
});

test('what the hub refuses is one sentence with a reference, and an exit code', async () => {
  const { code, error } = await countersign('user', 'show', 'nobody@jogcloud.com', '--tenant', 'jogcloud');
  assert.equal(code, 1);
  assert.match(error, /nobody@jogcloud\.com.* \[Request_ResourceNotFound\] \(request [0-9a-f-]{36}\)\n$/);
  assert.match((await countersign('user', 'list', '--tenant', 'nix')).error, /no tenant nix/);
});

test('a hub that does not answer, or whose certificate is not trusted, is told apart', async () => {
  const nobody = `https://localhost:${await freePort()}`;
  const away = await countersign('tenant', 'list', '--token', 'x', '--url', nobody);
  assert.match(away.error, /does not answer \(ECONNREFUSED\)/);
  const foreign = { ...environment, COUNTERSIGN_DATA_FOLDER: hub.folder };
  const untrusted = await countersignIn(foreign, 'tenant', 'list', '--token', 'x');
  assert.match(untrusted.error, /is not trusted .*--ca/);
});

test('rules that are shared are made from a file, included, shown as rows, and kept while they are included', async () => {
  const inTenant = ['--tenant', 'jogcloud'];
  const file = path.join(hub.folder, 'department.rules');
  const rule = '@RuleName = "Department"\nc:[Type == "group", Issuer == "AD AUTHORITY"]\n => issue(claim = c);\n';
  writeFileSync(file, rule);
  await json('rules', 'create', 'department', '--rules', file, '--description', 'Where they work', ...inTenant);
  for (const place of [[], ['--after']]) {
    const { code, error } = await countersign('rules', 'include', 'department', 'AWS Sign-in', ...place, ...inTenant);
    assert.equal(code, 0, error);
  }
  const { issuanceRuleGroups } = await json('trust', 'show', 'AWS Sign-in', ...inTenant);
  assert.deepEqual(issuanceRuleGroups, { before: [], after: ['department'] });
  const { includedBy } = await json('rules', 'show', 'department', ...inTenant);
  assert.deepEqual(
    includedBy.map(({ name }: { name: string }) => name),
    ['https://signin.aws.amazon.com/saml'],
  );
  const kept = await countersign('rules', 'delete', 'department', ...inTenant);
  assert.equal(kept.code, 1);
  assert.match(kept.error, /included by the application https:\/\/signin\.aws\.amazon\.com\/saml/);

  const shown = await json('rules', 'form', file, ...inTenant);
  assert.deepEqual(shown.rulesWithoutRow, []);
  const rows = path.join(hub.folder, 'rows.json');
  writeFileSync(rows, JSON.stringify(shown));
  assert.equal((await countersign('rules', 'form', rows, '--rows', ...inTenant)).out, rule);
  writeFileSync(rows, 'no JSON');
  assert.match((await countersign('rules', 'form', rows, '--rows', ...inTenant)).error, /is no JSON/);

  writeFileSync(file, '=> issue(Type = "department", Value = "none");');
  assert.equal((await countersign('rules', 'update', 'department', '--rules', file, ...inTenant)).code, 0);
  const mapping = path.join(hub.folder, 'mapping.json');
  writeFileSync(mapping, '{"ClaimsMappingPolicy":{"Version":1,"IncludeBasicClaimSet":"true"}}');
  const mapped = await json('rules', 'create', 'mapped', '--mapping', mapping, ...inTenant);
  assert.match(mapped.rules, /emailaddress/);
  assert.equal((await countersign('rules', 'create', 'nothing', ...inTenant)).code, 2);
  assert.equal((await countersign('rules', 'delete', 'mapped', ...inTenant)).code, 0);
  assert.equal((await countersign('rules', 'exclude', 'department', 'AWS Sign-in', ...inTenant)).code, 0);
  assert.equal((await countersign('rules', 'delete', 'department', ...inTenant)).code, 0);
  assert.deepEqual(await json('rules', 'list', ...inTenant), []);
});
