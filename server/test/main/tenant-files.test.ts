import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import {
  applyTenant,
  exportTenant,
  parseTenantFile,
  planTenant,
  printTenantFile,
} from '@countersign/management-api/tenant-file';
import { passwordHasher } from '../../src/directory/index.ts';
import { actOfHub } from '../../src/main/act-of-hub.ts';
import { connectWithin } from '../../src/main/connect-within.ts';
import { findServicePrincipal } from '../../src/main/demo-homes.ts';
import { moveDemoTarget } from '../../src/main/demo-target.ts';
import { foundHub } from '../../src/main/found-hub.ts';
import type { ManagementParts } from '../../src/main/open-management.ts';
import { demoTenants, readDemoFile, seedDemo } from '../../src/main/seed-demo.ts';
import { sealingWith } from '../../src/storage/index.ts';
import { onEachDatabase } from '../databases.ts';

onEachDatabase(({ storage }) => {
  let parts: ManagementParts;
  const publicUrl = new URL('https://localhost:8443');
  const seed = () => seedDemo(parts, 'correct horse battery', publicUrl);

  before(async () => {
    const [first, second] = await Promise.all([1, 2].map(() => foundHub(storage, actOfHub, true)));
    assert.equal(first, second, 'processes that start at once make one hub tenant');
    parts = {
      storage,
      sealing: sealingWith(Buffer.alloc(32, 1).toString('base64url')),
      passwords: passwordHasher(2, 100),
      hubTenantId: first ?? '',
      targetAccess: { allowedPrivateNetworks: [], authorities: [], now: () => new Date() },
      now: () => new Date(),
      reportBug: (error) => assert.fail(String(error)),
    };
    await Promise.all([seed(), seed()]);
  });

  for (const name of demoTenants) {
    test(`the file of ${name} has nothing left to do once it was applied`, async () => {
      assert.deepEqual(await planTenant(connectWithin(parts, name), readDemoFile(name), true), []);
    });

    test(`what is exported of ${name} reads back to an empty plan`, async () => {
      const connection = connectWithin(parts, name);
      const text = printTenantFile(await exportTenant(connection, name));
      assert.deepEqual(await planTenant(connection, parseTenantFile(text, 'exported.yaml'), true), []);
    });
  }

  test('a start that was cut off while it made the demo tenants is made good', async () => {
    const connection = connectWithin(parts, 'jogcloud');
    const removed = {
      ...readDemoFile('jogcloud'),
      groups: [{ displayName: 'Security Admins', members: [], owners: [] }],
    };
    const steps = await applyTenant(connection, removed);
    assert.deepEqual(
      steps.map(({ verb, item }) => `${verb} ${item.kind}`),
      ['delete groupOwner', 'delete member'],
    );
    await seed();
    assert.notDeepEqual(
      await planTenant(connection, readDemoFile('jogcloud'), true),
      [],
      'what was made stays as it is',
    );
    await storage.write(({ setup }) => setup.setDemoDue(true));
    await seed();
    assert.deepEqual(await planTenant(connection, readDemoFile('jogcloud'), true), []);
  });

  test('the job of the demo follows the port of the hub, unless somebody connected it to something else', async () => {
    const { client } = connectWithin(parts, 'jogcloud');
    const id = await findServicePrincipal(client, 'Access Portal');
    const addressAfter = async (moving: URL) => {
      await moveDemoTarget(parts, moving);
      const [job] = (await client.listSynchronizationJobs({ id })).value;
      return job?.settings?.baseUrl;
    };
    const addressAt = (origin: string) => `${origin}/accessportal/scim/v2`;
    assert.equal(await addressAfter(publicUrl), addressAt(publicUrl.origin));
    assert.equal(await addressAfter(new URL('https://localhost:9443')), addressAt('https://localhost:9443'));
    for (const value of [addressAt('https://elsewhere.example:9443'), 'https://localhost:9443/cloud/scim/v2']) {
      await client.setSynchronizationSecrets({ id, body: { value: [{ key: 'BaseAddress', value }] } });
      assert.equal(await addressAfter(publicUrl), value);
    }
  });

  test('SCIM tokens and settings move with the file, without their secrets', async () => {
    const connection = connectWithin(parts, 'myoc');
    const scim = {
      userDeletion: 'deactivate',
      tokens: [{ name: 'Okta', dialect: 'entra', scopes: ['users.write'], contact: 'it@myoc.com' }],
    };
    const file = { tenant: { name: 'myoc' }, scim };
    await applyTenant(connection, file);
    assert.deepEqual(await planTenant(connection, file, true), []);
    const exported = await exportTenant(connection, 'myoc');
    assert.deepEqual(exported.scim, scim);
    const changed = { ...file, scim: { userDeletion: 'delete', tokens: [{ name: 'okta', dialect: 'standard' }] } };
    const steps = await applyTenant(connection, changed, { prune: true });
    assert.deepEqual(
      steps.map(({ verb, item }) => `${verb} ${item.kind}`),
      ['update scimSettings', 'update scimToken'],
    );
    const none = { ...file, scim: { tokens: [{ name: 'Other' }] } };
    await applyTenant(connection, none, { prune: true });
    assert.deepEqual(
      (await exportTenant(connection, 'myoc')).scim?.tokens?.map(({ name }) => name),
      ['Other'],
    );
  });

  test('a file changes, adds and removes what it says, and with prune also what it does not name', async () => {
    const connection = connectWithin(parts, 'pruned');
    const file = (text: string) =>
      parseTenantFile(`tenant: { name: pruned, displayName: Pruned }\n${text}`, 'pruned.yaml');
    await applyTenant(
      connection,
      file(`
users:
  - { userPrincipalName: a@pruned.onmicrosoft.com, displayName: A, jobTitle: Clerk }
  - { userPrincipalName: b@pruned.onmicrosoft.com, displayName: B, manager: a@pruned.onmicrosoft.com }
applications:
  - displayName: Worker
    identifierUris: [api://worker]
    appRoles:
      - { id: 8a0bd4b6-0b0e-4bb1-9f0a-1df0a3a1c001, value: Work.Do, displayName: Do, description: Do work, isEnabled: true, allowedMemberTypes: [Application] }
    federatedCredentials:
      - { name: ci, issuer: https://ci.example, subject: main, audiences: [api://AzureADTokenExchange] }
    servicePrincipal:
      tags: [batch]
  - displayName: Client
    servicePrincipal:
      permissions: { Worker: [Work.Do] }
      consents: { Microsoft Graph: [User.Read, openid] }
extensionProperties:
  - { application: Worker, name: shift, dataType: String, targetObjects: [User] }
`),
    );
    const changed = file(`
users:
  - { userPrincipalName: a@pruned.onmicrosoft.com, jobTitle: null, department: Files }
applications:
  - displayName: Worker
    federatedCredentials:
      - { name: ci, issuer: https://ci.example, subject: release, audiences: [api://AzureADTokenExchange] }
  - displayName: Client
    servicePrincipal:
      permissions: {}
      consents: { Microsoft Graph: [openid] }
`);
    const steps = await applyTenant(connection, changed, { prune: true });
    assert.deepEqual(
      steps.map(({ verb, item }) => `${verb} ${item.kind} ${item.key}`),
      [
        'delete permission Client → Worker / Work.Do',
        'delete consent Client → Microsoft Graph / User.Read',
        'delete user b@pruned.onmicrosoft.com',
        'delete servicePrincipal Worker',
        'update user a@pruned.onmicrosoft.com',
        'update federatedCredential Worker → ci',
      ],
    );
    assert.deepEqual(await planTenant(connection, changed, true), []);
  });

  test('applications that trust the tenant by SAML are made, exported and changed with the file', async () => {
    const text = (lifetime: number) => `
tenant: { name: federated }
applications:
  - displayName: Portal
    servicePrincipal: {}
    relyingParty:
      protocol: saml
      identifier: urn:portal
      replyAddresses: [{ binding: post, location: https://portal.example/acs, index: 0 }]
      tokenLifetimeSeconds: ${lifetime}
      issuanceRules: c:[Type == "http://schemas.xmlsoap.org/claims/Group"] => issue(claim = c);
`;
    const connection = connectWithin(parts, 'federated');
    await applyTenant(connection, parseTenantFile(text(600), 'federated.yaml'));
    assert.deepEqual(await planTenant(connection, parseTenantFile(text(600), 'federated.yaml'), true), []);
    const exported = printTenantFile(await exportTenant(connection, 'federated'));
    assert.match(exported, /identifier: urn:portal/);
    assert.deepEqual(await planTenant(connection, parseTenantFile(exported, 'exported.yaml'), true), []);
    const steps = await applyTenant(connection, parseTenantFile(text(900), 'federated.yaml'));
    assert.deepEqual(
      steps.map(({ verb, item }) => `${verb} ${item.kind} ${item.key}`),
      ['update relyingParty Portal'],
    );
    assert.deepEqual(await planTenant(connection, parseTenantFile(text(900), 'federated.yaml'), true), []);
  });

  test('groups of claims rules are made before who includes them, and removed after', async () => {
    const text = (groups: string, included: string) => `
tenant: { name: grouped }
ruleGroups:${groups}
applications:
  - displayName: Portal
    servicePrincipal: {}
    relyingParty:
      protocol: saml
      identifier: urn:portal
      replyAddresses: [{ binding: post, location: https://portal.example/acs, index: 0 }]
      issuanceRuleGroups: ${included}
`;
    const group = (id: string) =>
      `\n  - { id: ${id}, purpose: issuance, rules: 'c:[Type == "${id}"] => issue(claim = c);' }`;
    const connection = connectWithin(parts, 'grouped');
    const steps = async (groups: string, included: string) => {
      const file = parseTenantFile(text(groups, included), 'grouped.yaml');
      const done = await applyTenant(connection, file, { prune: true });
      assert.deepEqual(await planTenant(connection, file, true), []);
      return done.map(({ verb, item }) => `${verb} ${item.kind} ${item.key}`);
    };
    const both = group('a') + group('b');
    assert.deepEqual(
      (await steps(both, '{ before: [a, b] }')).filter((step) => /ruleGroup|relyingParty/.test(step)),
      ['create ruleGroup a', 'create ruleGroup b', 'create relyingParty Portal'],
    );
    assert.deepEqual(await steps(both, '{ before: [b, a] }'), ['update relyingParty Portal'], 'the order counts');
    assert.deepEqual(await steps(group('a'), '{ before: [a] }'), ['update relyingParty Portal', 'delete ruleGroup b']);
  });

  test('a group of claims rules may be written as a claims mapping policy, and is exported as one', async () => {
    const claimsMapping = JSON.stringify({
      ClaimsMappingPolicy: {
        Version: 1,
        ClaimsSchema: [{ Source: 'user', ID: 'employeeid', SamlClaimType: 'urn:employee' }],
      },
    });
    const text = `
tenant: { name: mapped }
ruleGroups:
  - { id: employee, purpose: issuance, description: Whom we pay, claimsMapping: '${claimsMapping}' }
`;
    const connection = connectWithin(parts, 'mapped');
    const file = parseTenantFile(text, 'mapped.yaml');
    await applyTenant(connection, file, { prune: true });
    assert.deepEqual(await planTenant(connection, file, true), []);
    const exported = await exportTenant(connection, 'mapped');
    assert.deepEqual(exported.ruleGroups, file.ruleGroups);
  });

  test('flows and their own attributes move to another tenant with the file', async () => {
    const text = (name: string) => `
tenant: { name: ${name} }
applications:
  - displayName: Shop "A" & Co
extensionProperties:
  - { application: 'Shop "A" & Co', name: customerNumber, dataType: String, targetObjects: [User], description: Ours }
userFlows:
  - name: B2C_1_signup
    userFlowType: signUp
    identityProviders: [UserNamePassword]
    attributes:
      - { name: givenName, isRequired: true }
      - { name: 'extension_{Shop "A" & Co}_customerNumber' }
    claims: ['extension_{Shop "A" & Co}_customerNumber']
    session: { sharedBy: flow }
    texts: { en: { 'attribute.extension_{Shop "A" & Co}_customerNumber': Customer number } }
  - name: staff
    secondFactor: { when: always }
`;
    const first = connectWithin(parts, 'shop-one');
    const applied = await applyTenant(first, parseTenantFile(text('shop-one'), 'one.yaml'));
    assert.deepEqual(
      applied.filter(({ item }) => item.kind === 'userFlow').map(({ verb }) => verb),
      ['create', 'create'],
    );
    const exported = printTenantFile(await exportTenant(first, 'shop-one'));
    assert.deepEqual(await planTenant(first, parseTenantFile(exported, 'exported.yaml'), true), []);

    const second = connectWithin(parts, 'shop-two');
    const moved = parseTenantFile(exported.replace('shop-one', 'shop-two'), 'two.yaml');
    await applyTenant(second, moved);
    assert.deepEqual(await planTenant(second, moved, true), []);
    const changes = parseTenantFile(
      `
tenant: { name: shop-two }
extensionProperties:
  - { application: 'Shop "A" & Co', name: customerNumber, dataType: String, targetObjects: [User], description: Theirs }
userFlows:
  - { name: b2c_1_SIGNUP, session: { idleSeconds: 60 }, claims: [] }
`,
      'changes.yaml',
    );
    const steps = await applyTenant(second, changes, { prune: true });
    assert.deepEqual(
      steps.map(({ verb, item }) => `${verb} ${item.kind} ${item.key}`),
      [
        'delete userFlow staff',
        'update extensionProperty Shop "A" & Co → customerNumber',
        'update userFlow b2c_1_SIGNUP',
      ],
    );
    assert.deepEqual(await planTenant(second, changes, true), []);
  });

  test('the look of the pages and how long logs are kept are in the file', async () => {
    const connection = connectWithin(parts, 'branded');
    const text = `
tenant: { name: branded, signInRetentionDays: 30, auditRetentionDays: 400 }
policies:
  clientRegistration: { mode: token, mostClients: 7 }
  authorization: { permissionGrantPoliciesAssigned: [] }
branding:
  corners: square
  links: [{ href: 'https://branded.example/imprint', labels: { en: Imprint } }]
  texts: { en: { password.title: Hello } }
`;
    const file = parseTenantFile(text, 'branded.yaml');
    const steps = await applyTenant(connection, file);
    assert.ok(steps.some(({ item }) => item.kind === 'branding'));
    assert.deepEqual(await planTenant(connection, file, true), []);
    const exported = printTenantFile(await exportTenant(connection, 'branded'));
    assert.match(exported, /signInRetentionDays: 30/);
    assert.match(exported, /clientRegistration:\s+mode: token\s+mostClients: 7/);
    assert.deepEqual(await planTenant(connection, parseTenantFile(exported, 'exported.yaml'), true), []);
    const plain = parseTenantFile('tenant: { name: plain }\nbranding: { corners: round }', 'plain.yaml');
    await applyTenant(connectWithin(parts, 'plain'), plain);
    assert.deepEqual(await planTenant(connectWithin(parts, 'plain'), plain, true), [], 'also what is the default');
    const forEver = parseTenantFile('tenant: { name: branded, signInRetentionDays: null }', 'for-ever.yaml');
    await applyTenant(connection, forEver);
    assert.deepEqual(await planTenant(connection, forEver), []);
  });
});
