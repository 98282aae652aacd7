import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import {
  addPassword,
  createFederatedCredential,
  deleteFederatedCredential,
  type FederatedCredentialInput,
  findClientSecret,
  getFederatedCredential,
  type PasswordInput,
  registerApplication,
  removePassword,
  secretBytes,
  updateFederatedCredential,
} from '../../src/applications/index.ts';
import { onEachDatabase } from '../databases.ts';
import { actOfSystem, now } from './act.ts';

const githubActions: FederatedCredentialInput = {
  name: 'deploy',
  issuer: 'https://token.actions.githubusercontent.com',
  subject: 'repo:contoso/insurance:ref:refs/heads/main',
  audiences: ['api://AzureADTokenExchange'],
};

onEachDatabase(({ storage }) => {
  const register = async () => {
    const act = actOfSystem();
    const application = await storage.write((s) => registerApplication(s, act, { displayName: 'insurance-web' }));
    return { act, application };
  };

  test('a secret of 256 random bits is shown once, kept as digest and hint, and found again', async () => {
    const { act, application } = await register();
    const random = randomBytes(secretBytes);
    const { secret, secretText } = await storage.write((stores) =>
      addPassword(stores, act, application, { displayName: 'rbac' }, random),
    );
    assert.equal(secretText, `csec_${random.toString('base64url')}`);
    assert.equal(secret.hint, secretText.slice(0, 8));
    assert.equal(secret.endsAt.toISOString(), '2028-06-01T00:00:00.000Z');
    const kept = await storage.read.clientSecrets.list(act.tenantId, [application.id]);
    assert.deepEqual(kept, [secret]);
    assert.deepEqual(findClientSecret(kept, secretText, now), { secret, state: 'valid' });
    const events = await storage.read.audit.list(act.tenantId, {}, 10);
    assert.ok(events.some(({ verb, object }) => verb === 'application.add_password' && object.id === application.id));
    assert.ok(!JSON.stringify([events, kept]).includes(random.toString('base64url').slice(4)));
  });

  test('a removed secret is found no more', async () => {
    const { act, application } = await register();
    const { secret } = await storage.write((s) => addPassword(s, act, application, {}, randomBytes(secretBytes)));
    await storage.write((stores) => removePassword(stores, act, application, secret.id.toUpperCase()));
    assert.deepEqual(await storage.read.clientSecrets.list(act.tenantId, [application.id]), []);
    await assert.rejects(
      storage.write((stores) => removePassword(stores, act, application, secret.id)),
      { code: 'applications.secret_not_found' },
    );
  });

  const wrongSecrets: Record<string, [PasswordInput, string]> = {
    'that ends before it starts': [
      { startsAt: new Date('2026-07-01'), endsAt: new Date('2026-06-15') },
      'secret_times_invalid',
    ],
    'that has ended': [{ startsAt: new Date('2025-01-01'), endsAt: new Date('2026-01-01') }, 'secret_times_invalid'],
    'for more than ten years': [{ endsAt: new Date('2036-06-02') }, 'secret_times_invalid'],
    'with times that are none': [{ endsAt: new Date('soon') }, 'secret_times_invalid'],
    'with a character that is none in its name': [{ displayName: 'a\0b' }, 'secret_name_invalid'],
    'with a name of 257 characters': [{ displayName: 'x'.repeat(257) }, 'secret_name_invalid'],
  };

  for (const [what, [input, code]] of Object.entries(wrongSecrets)) {
    test(`a secret ${what} is refused`, async () => {
      const { act, application } = await register();
      await assert.rejects(
        storage.write((stores) => addPassword(stores, act, application, input, randomBytes(secretBytes))),
        { code: `applications.${code}` },
      );
      assert.deepEqual(await storage.read.clientSecrets.list(act.tenantId, [application.id]), []);
    });
  }

  test('an application has at most 100 secrets', async () => {
    const { act, application } = await register();
    await storage.write(async (stores) => {
      for (let count = 0; count < 100; count++) {
        await addPassword(stores, act, application, {}, randomBytes(secretBytes));
      }
    });
    await assert.rejects(
      storage.write((stores) => addPassword(stores, act, application, {}, randomBytes(secretBytes))),
      { code: 'applications.too_many_secrets' },
    );
  });

  test('a federated credential is made, changed and removed by its id or its name', async () => {
    const { act, application } = await register();
    const made = await storage.write((s) => createFederatedCredential(s, act, application, githubActions));
    assert.deepEqual(await getFederatedCredential(storage.read, act.tenantId, application, 'Deploy'), made);
    const change = { subject: 'repo:contoso/insurance:environment:Production', description: 'releases' };
    const changed = await storage.write((s) => updateFederatedCredential(s, act, application, made.id, change));
    assert.deepEqual(changed, { ...made, ...change });
    assert.deepEqual(await getFederatedCredential(storage.read, act.tenantId, application, made.id), changed);
    await storage.write((stores) => deleteFederatedCredential(stores, act, application, 'deploy'));
    await assert.rejects(getFederatedCredential(storage.read, act.tenantId, application, made.id), {
      code: 'applications.federated_credential_not_found',
    });
    const events = await storage.read.audit.list(act.tenantId, { objectId: made.id }, 10);
    assert.deepEqual(events.map(({ verb }) => verb).sort(), [
      'federatedCredential.create',
      'federatedCredential.delete',
      'federatedCredential.update',
    ]);
  });

  test('a federated credential has a name, and an issuer with subject, that its application has once', async () => {
    const { act, application } = await register();
    const create = (input: Partial<FederatedCredentialInput>) =>
      storage.write((s) => createFederatedCredential(s, act, application, { ...githubActions, ...input }));
    await create({});
    await assert.rejects(create({ subject: 'other', name: 'DEPLOY' }), {
      code: 'applications.federated_credential_exists',
    });
    await assert.rejects(create({ name: 'twin' }), { code: 'applications.federated_credential_invalid' });
    const { id } = await create({ name: 'other', subject: 'other' });
    await assert.rejects(
      storage.write((s) => updateFederatedCredential(s, act, application, id, { subject: githubActions.subject })),
      { code: 'applications.federated_credential_invalid' },
    );
  });

  test('an application has at most 20 federated credentials', async () => {
    const { act, application } = await register();
    const create = (number: number) =>
      storage.write((stores) => {
        const input = { ...githubActions, name: `deploy-${number}`, subject: `repo-${number}` };
        return createFederatedCredential(stores, act, application, input);
      });
    for (let number = 0; number < 20; number++) await create(number);
    await assert.rejects(create(20), { code: 'applications.too_many_federated_credentials' });
  });

  const wrongCredentials: Record<string, Partial<FederatedCredentialInput>> = {
    'without a name': { name: '' },
    'whose name has a slash': { name: 'a/b' },
    'whose name has 121 characters': { name: 'x'.repeat(121) },
    'whose issuer is not https': { issuer: 'http://token.example' },
    'whose issuer is no URL': { issuer: 'https://' },
    'whose issuer has a query': { issuer: 'https://token.example/?x' },
    'whose issuer has user information': { issuer: 'https://a@token.example' },
    'whose issuer ends in a space': { issuer: 'https://token.example ' },
    'whose subject has a character that is none': { subject: 'a\0b' },
    'whose description has half of a pair': { description: '\ud800' },
    'whose subject is empty': { subject: ' ' },
    'whose subject has a wildcard': { subject: 'repo:contoso/*' },
    'whose subject has 601 characters': { subject: 'x'.repeat(601) },
    'without an audience': { audiences: [] },
    'with two audiences': { audiences: ['a', 'b'] },
    'whose audience has a wildcard': { audiences: ['*'] },
    'whose description has 601 characters': { description: 'x'.repeat(601) },
  };

  for (const [what, input] of Object.entries(wrongCredentials)) {
    test(`a federated credential ${what} is refused`, async () => {
      const { act, application } = await register();
      await assert.rejects(
        storage.write((s) => createFederatedCredential(s, act, application, { ...githubActions, ...input })),
        { code: 'applications.federated_credential_invalid' },
      );
      assert.deepEqual(await storage.read.federatedCredentials.list(act.tenantId, application.id), []);
    });
  }
});
