import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, test } from 'node:test';
import { findClientSecret } from '../../../src/applications/index.ts';
import { makeCertificate } from '../../applications/certificate.ts';
import { onEachDatabase } from '../../databases.ts';
import { type Bearer, openGraphApi } from './graph-api.ts';

let certificate: string;
before(async () => {
  const { der } = await makeCertificate({ notAfter: new Date(Date.now() + 3e10) });
  certificate = (der.toString('base64').match(/.{1,64}/g) ?? []).join('\n');
});

onEachDatabase(({ storage }) => {
  const api = openGraphApi(storage);
  const create = async (who: Bearer, body: object) => {
    const answer = await api.call(who, 'POST /applications', body);
    assert.equal(answer.status, 201, answer.body.error?.message);
    return answer.body;
  };
  const filtered = (collection: string, filter: string) =>
    `GET /${collection}?$filter=${encodeURIComponent(filter).replaceAll("'", '%27')}`;
  const idsOf = (answer: { body: { value: { id: string }[] } }) => answer.body.value.map(({ id }) => id);
  const reference = (id: string) => ({ '@odata.id': `https://hub.test/v1.0/directoryObjects/${id}` });

  test('az ad app create: the application is looked for by name, then created with what the CLI sends', async () => {
    const { admin } = await api.makeTenant();
    const found = await api.call(admin, filtered('applications', "startswith(displayName,'insurance-web')"));
    assert.deepEqual(found.body.value, []);
    const appRole = {
      allowedMemberTypes: ['User'],
      description: 'Approves claims',
      displayName: 'Approver',
      id: randomUUID(),
      isEnabled: true,
      value: 'Claims.Approve',
    };
    const created = await api.call(admin, 'POST /applications', {
      displayName: 'insurance-web',
      signInAudience: 'AzureADMyOrg',
      identifierUris: ['api://insurance-web'],
      appRoles: [appRole],
      web: {
        redirectUris: ['http://localhost:5000/getAToken'],
        implicitGrantSettings: { enableIdTokenIssuance: true },
      },
      keyCredentials: [],
    });
    assert.equal(created.status, 201);
    assert.match(created.headers['location'] ?? '', new RegExp(`/v1.0/applications/${created.body.id}$`));
    const { body } = await api.call(admin, `GET /applications/${created.body.id}`);
    assert.deepEqual(body.web, {
      homePageUrl: null,
      logoutUrl: null,
      redirectUris: ['http://localhost:5000/getAToken'],
      implicitGrantSettings: { enableAccessTokenIssuance: false, enableIdTokenIssuance: true },
    });
    assert.deepEqual(body.appRoles, [{ ...appRole, origin: 'Application' }]);
    assert.deepEqual([body.spa, body.tags, body.passwordCredentials], [{ redirectUris: [] }, [], []]);
    const again = await api.call(admin, filtered('applications', "startswith(displayName,'insurance')"));
    assert.deepEqual(idsOf(again), [body.id]);
  });

  test('az ad app show, update, list and delete find an application by appId or identifier URI', async () => {
    const { admin } = await api.makeTenant();
    const { id, appId } = await create(admin, { displayName: 'api', identifierUris: ['https://contoso.com/api'] });
    for (const filter of [
      `appId eq '${appId}'`,
      "identifierUris/any(s:s eq 'https://contoso.com/api')",
      "displayName eq 'api'",
    ]) {
      assert.deepEqual(idsOf(await api.call(admin, filtered('applications', filter))), [id], filter);
    }
    assert.equal((await api.call(admin, `GET /applications(appId='${appId}')`)).body.id, id);
    const change = { web: { redirectUris: ['https://contoso.com/signin'] }, notes: 'for claims' };
    const changed = await api.call(admin, `PATCH /applications/${id}`, change);
    assert.deepEqual([changed.status, changed.body], [204, '']);
    await api.call(admin, `PATCH /applications/${id}`, { web: { logoutUrl: 'https://contoso.com/out' }, notes: null });
    const { body } = await api.call(admin, `GET /applications/${id}?$select=web,notes`);
    assert.deepEqual(
      [body.web.redirectUris, body.web.logoutUrl, body.notes],
      [['https://contoso.com/signin'], 'https://contoso.com/out', null],
    );
    assert.equal((await api.call(admin, 'GET /applications/$count')).body, '1');
    assert.equal((await api.call(admin, `DELETE /applications/${id}`)).status, 204);
    assert.equal((await api.call(admin, `GET /applications/${id}`)).status, 404);
  });

  test('az ad app permission add, list and delete patch requiredResourceAccess as a whole', async () => {
    const { admin } = await api.makeTenant();
    const { id } = await create(admin, { displayName: 'web' });
    const graph = '00000003-0000-0000-c000-000000000000';
    const userRead = { id: 'e1fe6dd8-ba31-4d61-89e7-88639da4683d', type: 'Scope' };
    const requiredResourceAccess = [{ resourceAppId: graph, resourceAccess: [userRead] }];
    assert.equal((await api.call(admin, `PATCH /applications/${id}`, { requiredResourceAccess })).status, 204);
    const { body } = await api.call(admin, `GET /applications/${id}`);
    assert.deepEqual(body.requiredResourceAccess, requiredResourceAccess);
    await api.call(admin, `PATCH /applications/${id}`, { requiredResourceAccess: [] });
    assert.deepEqual((await api.call(admin, `GET /applications/${id}`)).body.requiredResourceAccess, []);
  });

  test('az ad app credential reset: a secret is shown once, listed without itself, and removed', async () => {
    const { admin, tenantId } = await api.makeTenant();
    const { id, appId } = await create(admin, { displayName: 'rbac', keyCredentials: [] });
    const endDateTime = new Date(Date.now() + 3e10).toISOString();
    const passwordCredential = { displayName: null, startDateTime: new Date().toISOString(), endDateTime };
    const added = await api.call(admin, `POST /applications/${id}/addPassword`, { passwordCredential });
    assert.equal(added.status, 200);
    assert.equal(added.headers['cache-control'], 'no-store');
    const { secretText, keyId } = added.body;
    const kept = await storage.read.clientSecrets.list(tenantId, [id]);
    assert.equal(findClientSecret(kept, secretText, new Date())?.state, 'valid');
    const [listed] = (await api.call(admin, filtered('applications', `appId eq '${appId}'`))).body.value;
    assert.deepEqual(listed.passwordCredentials, [
      { ...passwordCredential, customKeyIdentifier: null, hint: secretText.slice(0, 8), keyId, secretText: null },
    ]);
    const removed = await api.call(admin, `POST /applications/${id}/removePassword`, { keyId });
    assert.deepEqual([removed.status, removed.body], [204, '']);
    assert.deepEqual((await api.call(admin, `GET /applications/${id}`)).body.passwordCredentials, []);
    assert.equal((await api.call(admin, `POST /applications/${id}/removePassword`, { keyId })).status, 404);
  });

  test('addPassword without a body makes a secret for two years', async () => {
    const { admin } = await api.makeTenant();
    const { id } = await create(admin, { displayName: 'x' });
    const { body } = await api.call(admin, `POST /applications/${id}/addPassword`);
    const days = (Date.parse(body.endDateTime) - Date.parse(body.startDateTime)) / 86_400_000;
    assert.ok(Math.abs(days - 730) < 2, String(days));
  });

  test('az --create-cert: certificates come as base64 with line breaks, and go back without their key', async () => {
    const { admin } = await api.makeTenant();
    const keyCredential = {
      '@odata.type': '#microsoft.graph.keyCredential',
      displayName: 'rbac',
      endDateTime: new Date(Date.now() + 3e9).toISOString(),
      key: certificate,
      keyId: randomUUID(),
      startDateTime: new Date().toISOString(),
      type: 'AsymmetricX509Cert',
      usage: 'Verify',
    };
    const { id } = await create(admin, { displayName: 'cert', keyCredentials: [keyCredential] });
    const [shown] = (await api.call(admin, `GET /applications/${id}`)).body.keyCredentials;
    assert.equal(shown.key, null);
    assert.match(shown.customKeyIdentifier, /^[0-9A-F]{40}$/);
    const second = { ...keyCredential, keyId: randomUUID(), displayName: 'second' };
    const appended = await api.call(admin, `PATCH /applications/${id}`, { keyCredentials: [shown, second] });
    assert.equal(appended.status, 204, appended.body.error?.message);
    const kept = await storage.read.objects.findByName(
      admin.tenantId,
      'application.appId',
      (await api.call(admin, `GET /applications/${id}`)).body.appId,
    );
    const keys = (kept?.attributes['keyCredentials'] ?? []) as { key: string }[];
    assert.deepEqual(
      keys.map(({ key }) => key),
      Array(2).fill(certificate.replaceAll('\n', '')),
    );
    const wrong = await api.call(admin, `PATCH /applications/${id}`, { keyCredentials: [{ key: 'AAAA' }] });
    assert.deepEqual([wrong.status, wrong.body.error.innerError.code], [400, 'applications.key_credential_invalid']);
  });

  test('az ad app federated-credential create, list, show, update and delete', async () => {
    const { admin } = await api.makeTenant();
    const { id } = await create(admin, { displayName: 'deploy' });
    const body = {
      name: 'main',
      issuer: 'https://token.actions.githubusercontent.com',
      subject: 'repo:contoso/insurance:ref:refs/heads/main',
      description: 'CI',
      audiences: ['api://AzureADTokenExchange'],
    };
    const path = `/applications/${id}/federatedIdentityCredentials`;
    const created = await api.call(admin, `POST ${path}`, body);
    assert.equal(created.status, 201);
    const { '@odata.context': _, id: credentialId, ...shown } = created.body;
    assert.deepEqual(shown, body);
    assert.deepEqual(idsOf(await api.call(admin, `GET ${path}`)), [credentialId]);
    assert.deepEqual(idsOf(await api.call(admin, `GET ${path}?$filter=name eq 'other'`)), []);
    assert.equal((await api.call(admin, `GET ${path}/main`)).body.id, credentialId);
    const change = { subject: 'repo:contoso/insurance:environment:Production' };
    assert.equal((await api.call(admin, `PATCH ${path}/${credentialId}`, change)).status, 204);
    assert.equal((await api.call(admin, `GET ${path}/${credentialId}`)).body.subject, change.subject);
    const twin = await api.call(admin, `POST ${path}`, { ...body, subject: 'x' });
    assert.deepEqual([twin.status, twin.body.error.innerError.code], [409, 'applications.federated_credential_exists']);
    assert.equal((await api.call(admin, `DELETE ${path}/main`)).status, 204);
    assert.equal((await api.call(admin, `GET ${path}/main`)).status, 404);
  });

  test('az ad app owner add, list and remove; who creates an application owns it', async () => {
    const { admin, domain } = await api.makeTenant();
    const { id } = await create(admin, { displayName: 'owned' });
    assert.deepEqual(idsOf(await api.call(admin, `GET /applications/${id}/owners`)), [admin.id]);
    const user = { userPrincipalName: `lisa@${domain}`, displayName: 'Lisa', accountEnabled: true };
    const { body } = await api.call(admin, 'POST /users', user);
    const add = () => api.call(admin, `POST /applications/${id}/owners/$ref`, reference(body.id));
    assert.equal((await add()).status, 204);
    assert.match((await add()).body.error.message, /added object references already exist .* 'owners'/);
    const owners = await api.call(admin, `GET /applications/${id}/owners`);
    assert.deepEqual(idsOf(owners).sort(), [admin.id, body.id].sort());
    const owned = await api.call(admin, `GET /users/${body.id}/ownedObjects`);
    assert.deepEqual([idsOf(owned), owned.body.value[0]['@odata.type']], [[id], '#microsoft.graph.application']);
    const expanded = await api.call(admin, `GET /applications/${id}?$expand=owners($select=id)`);
    assert.equal(expanded.body.owners.length, 2);
    assert.equal((await api.call(admin, `DELETE /applications/${id}/owners/${body.id}/$ref`)).status, 204);
    assert.equal((await api.call(admin, `DELETE /applications/${id}/owners/${body.id}/$ref`)).status, 404);
  });

  test('extension properties are declared by an application, then set on users and filtered by', async () => {
    const { admin, domain } = await api.makeTenant();
    const { id, appId } = await create(admin, { displayName: 'schema' });
    const declaration = { name: 'policyNumber', dataType: 'String', targetObjects: ['User'] };
    const declared = await api.call(admin, `POST /applications/${id}/extensionProperties`, declaration);
    assert.equal(declared.status, 201);
    const { name } = declared.body;
    assert.equal(name, `extension_${appId.replaceAll('-', '')}_policyNumber`);
    assert.deepEqual([declared.body.appDisplayName, declared.body.targetObjects], ['schema', ['User']]);
    const user = { userPrincipalName: `bart@${domain}`, displayName: 'Bart', accountEnabled: true, [name]: 'P-1' };
    const { body } = await api.call(admin, 'POST /users', user);
    assert.deepEqual(idsOf(await api.call(admin, filtered('users', `${name} eq 'P-1'`))), [body.id]);
    const path = `/applications/${id}/extensionProperties`;
    assert.deepEqual(idsOf(await api.call(admin, `GET ${path}`)), [declared.body.id]);
    assert.equal((await api.call(admin, `GET ${path}/${declared.body.id}`)).body.name, name);
    assert.equal((await api.call(admin, `DELETE ${path}/${declared.body.id}`)).status, 204);
    assert.deepEqual(idsOf(await api.call(admin, `GET ${path}`)), []);
    const { id: other } = await create(admin, { displayName: 'other' });
    const foreign = await api.call(admin, `GET /applications/${other}/extensionProperties/${declared.body.id}`);
    assert.equal(foreign.status, 404);
  });

  test('a deleted application comes back with its service principal, or is purged with it', async () => {
    const { admin } = await api.makeTenant();
    const { id, appId } = await create(admin, { displayName: 'gone' });
    const principal = (await api.call(admin, 'POST /servicePrincipals', { appId })).body.id;
    await api.call(admin, `DELETE /applications/${id}`);
    const deleted = await api.call(admin, 'GET /directory/deletedItems/microsoft.graph.application');
    assert.deepEqual(idsOf(deleted), [id]);
    assert.equal((await api.call(admin, `POST /directory/deletedItems/${id}/restore`)).status, 200);
    assert.equal((await api.call(admin, `GET /servicePrincipals/${principal}`)).status, 200);
    await api.call(admin, `DELETE /applications/${id}`);
    assert.equal((await api.call(admin, `DELETE /directory/deletedItems/${id}`)).status, 204);
    const left = await api.call(admin, 'GET /directory/deletedItems/microsoft.graph.servicePrincipal');
    assert.deepEqual(left.body.value, []);
  });

  test('software that moves here keeps its client id', async () => {
    const { admin } = await api.makeTenant();
    const appId = randomUUID();
    assert.equal((await create(admin, { displayName: 'moved', appId })).appId, appId);
    const twin = await api.call(admin, 'POST /applications', { displayName: 'twin', appId });
    assert.deepEqual([twin.status, twin.body.error.innerError.code], [400, 'directory.name_taken']);
    const { id } = await create(admin, { displayName: 'fixed' });
    assert.equal((await api.call(admin, `PATCH /applications/${id}`, { appId: randomUUID() })).status, 400);
  });

  test('a change on a state that somebody else changed is refused by its ETag', async () => {
    const { admin } = await api.makeTenant();
    const { id } = await create(admin, { displayName: 'x' });
    const { headers } = await api.call(admin, `GET /applications/${id}`);
    const match = { 'if-match': headers['etag'] ?? '' };
    assert.equal((await api.call(admin, `PATCH /applications/${id}`, { notes: '1' }, match)).status, 204);
    assert.equal((await api.call(admin, `PATCH /applications/${id}`, { notes: '2' }, match)).status, 412);
    assert.equal((await api.call(admin, `DELETE /applications/${id}`, undefined, match)).status, 412);
  });

  const wrongBodies: Record<string, object> = {
    'without a name': { description: 'x' },
    'with an unknown property': { displayName: 'x', isAdmin: true },
    'with a read-only property': { displayName: 'x', passwordCredentials: [] },
    'with an unknown member': { displayName: 'x', web: { redirectUrls: [] } },
    'with a redirect URI that is not https': { displayName: 'x', web: { redirectUris: ['http://evil.example'] } },
    'with a redirect URI that is a script': { displayName: 'x', publicClient: { redirectUris: ['javascript:x'] } },
    'with roles that are no list': { displayName: 'x', appRoles: {} },
    'with a role whose id is no GUID': { displayName: 'x', appRoles: [{ id: 'x', isEnabled: true }] },
    'for an unknown audience': { displayName: 'x', signInAudience: 'Everybody' },
  };

  for (const [what, body] of Object.entries(wrongBodies)) {
    test(`an application ${what} is a bad request that keeps nothing`, async () => {
      const { admin } = await api.makeTenant();
      const answer = await api.call(admin, 'POST /applications', body);
      assert.deepEqual([answer.status, answer.body.error.code], [400, 'Request_BadRequest']);
      assert.equal((await api.call(admin, 'GET /applications/$count')).body, '0');
    });
  }

  test('what cannot be filtered by is named in the error', async () => {
    const { admin } = await api.makeTenant();
    for (const filter of ["notes eq 'x'", "web/redirectUris/any(r:r eq 'x')", 'passwordCredentials/any(p:p eq 1)']) {
      const answer = await api.call(admin, filtered('applications', filter));
      assert.equal(answer.status, 400, filter);
    }
  });

  test('an application of another tenant does not exist', async () => {
    const [one, other] = [await api.makeTenant(), await api.makeTenant()];
    const { id, appId } = await create(one.admin, { displayName: 'private' });
    for (const request of [
      `GET /applications/${id}`,
      `GET /applications(appId='${appId}')`,
      `DELETE /applications/${id}`,
      `POST /applications/${id}/addPassword`,
    ]) {
      assert.equal((await api.call(other.admin, request)).status, 404, request);
    }
  });

  test('Application.ReadWrite.OwnedBy is for what the application created or owns', async () => {
    const { admin, tenantId } = await api.makeTenant();
    const { appId } = await create(admin, { displayName: 'builder' });
    const builder = (await api.call(admin, 'POST /servicePrincipals', { appId })).body.id;
    const may = ['Application.ReadWrite.OwnedBy'];
    const bearer: Bearer = { tenantId, id: builder, kind: 'application', may };
    const { id: own } = await create(bearer, { displayName: 'own' });
    assert.equal((await api.call(bearer, `PATCH /applications/${own}`, { notes: 'x' })).status, 204);
    assert.equal((await api.call(bearer, `POST /applications/${own}/addPassword`)).status, 200);
    const { id: foreign } = await create(admin, { displayName: 'foreign' });
    assert.equal((await api.call(bearer, `GET /applications/${foreign}`)).status, 200);
    for (const request of [`DELETE /applications/${foreign}`, `POST /applications/${foreign}/addPassword`]) {
      const answer = await api.call(bearer, request);
      assert.deepEqual([answer.status, answer.body.error.code], [403, 'Authorization_RequestDenied'], request);
    }
  });

  test('who may manage applications gets no secret of one that holds an administrative role', async () => {
    const { admin, tenantId, domain } = await api.makeTenant();
    const { id, appId } = await create(admin, { displayName: 'mighty' });
    const principalId = (await api.call(admin, 'POST /servicePrincipals', { appId })).body.id;
    const user = { userPrincipalName: `moe@${domain}`, displayName: 'Moe', accountEnabled: true };
    const moe = (await api.call(admin, 'POST /users', user)).body.id;
    const assign = (roleDefinitionId: string, to: string) =>
      api.call(admin, 'POST /roleManagement/directory/roleAssignments', { roleDefinitionId, principalId: to });
    // Template ids of Application Administrator and User Administrator
    assert.equal((await assign('9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3', moe)).status, 201);
    const bearer: Bearer = { tenantId, id: moe, may: ['Application.ReadWrite.All'] };
    assert.equal((await api.call(bearer, `POST /applications/${id}/addPassword`)).status, 200);
    assert.equal((await assign('fe930be7-5e62-47db-91af-98c3a49a38b1', principalId)).status, 201);
    const github = { name: 'x', issuer: 'https://evil.example', subject: 'x', audiences: ['x'] };
    for (const [request, body] of [
      [`POST /applications/${id}/addPassword`, undefined],
      [`POST /servicePrincipals/${principalId}/addPassword`, undefined],
      [`PATCH /applications/${id}`, { keyCredentials: [] }],
      [`POST /applications/${id}/federatedIdentityCredentials`, github],
      [`POST /applications/${id}/owners/$ref`, reference(moe)],
    ] as const) {
      assert.equal((await api.call(bearer, request, body)).status, 403, request);
    }
  });

  test('no call was a bug', () => assert.deepEqual(api.bugs, []));
});
