import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import {
  addPassword,
  createServicePrincipal,
  createStandaloneServicePrincipal,
  deleteApplication,
  deleteServicePrincipal,
  findApplication,
  findClient,
  findResource,
  findServicePrincipal,
  getApplication,
  getServicePrincipal,
  microsoftGraphAppId,
  purgeApplication,
  registerApplication,
  restoreApplication,
  restoreServicePrincipal,
  secretBytes,
  updateApplication,
  updateServicePrincipal,
} from '../../src/applications/index.ts';
import type { AttributeChange } from '../../src/directory/index.ts';
import { onEachDatabase } from '../databases.ts';
import { actOfSystem } from './act.ts';
import { makeCertificate } from './certificate.ts';
import { insuranceApi, readScope } from './insurance-api.ts';

let certificate: string;
before(async () => {
  certificate = (await makeCertificate()).der.toString('base64');
});

onEachDatabase(({ storage }) => {
  const register = (act = actOfSystem(), properties: AttributeChange = insuranceApi) =>
    storage.write((stores) => registerApplication(stores, act, properties));

  test('an application is registered with an appId, found by it and audited', async () => {
    const act = actOfSystem();
    const application = await register(act);
    assert.equal(application.attributes.signInAudience, 'AzureADMyOrg');
    assert.deepEqual(await findApplication(storage.read, act.tenantId, application.attributes.appId), application);
    assert.deepEqual(await getApplication(storage.read, act.tenantId, application.id), application);
    const [event] = await storage.read.audit.list(act.tenantId, { objectId: application.id }, 10);
    assert.equal(event?.verb, 'application.create');
    assert.deepEqual(
      event?.changes.map(({ property }) => property),
      ['api', 'appId', 'displayName', 'identifierUris', 'signInAudience', 'web'],
    );
  });

  test('an application that comes from elsewhere keeps its appId, which stays and is unique', async () => {
    const act = actOfSystem();
    const appId = 'aaaaaaaa-0000-4000-8000-000000000001';
    const { id } = await register(act, { appId, displayName: 'moved' });
    await assert.rejects(register(act, { appId: appId.toUpperCase(), displayName: 'twin' }), {
      code: 'directory.name_taken',
    });
    await assert.rejects(
      storage.write((stores) => updateApplication(stores, act, id, { appId: act.newId() })),
      { code: 'applications.app_id_stays' },
    );
  });

  test('OData 4.01 11.4.3: a change of one member of a complex property keeps the others; null takes a value away', async () => {
    const act = actOfSystem();
    const { id } = await register(act);
    const change = { web: { redirectUris: ['https://api.contoso.com/new'] }, identifierUris: null, notes: 'kept' };
    const changed = await storage.write((stores) => updateApplication(stores, act, id, change));
    assert.deepEqual(changed.attributes.web, {
      redirectUris: ['https://api.contoso.com/new'],
      logoutUrl: 'https://api.contoso.com/logout',
    });
    assert.equal(changed.attributes.identifierUris, undefined);
    assert.equal(changed.version, 2);
    const [event] = await storage.read.audit.list(act.tenantId, { verb: 'application.update' }, 10);
    assert.deepEqual(
      event?.changes.map(({ property }) => property),
      ['identifierUris', 'notes', 'web'],
    );
  });

  test('a change that changes nothing writes nothing', async () => {
    const act = actOfSystem();
    const application = await register(act);
    const again = await storage.write((stores) => updateApplication(stores, act, application.id, insuranceApi));
    assert.equal(again.version, application.version);
    assert.deepEqual(await storage.read.audit.list(act.tenantId, { verb: 'application.update' }, 10), []);
  });

  test('an identifier URI is given once, also when the other application is first-party', async () => {
    const act = actOfSystem();
    await register(act);
    await assert.rejects(
      register(act, { displayName: 'twin', identifierUris: ['HTTPS://contoso.onmicrosoft.com/API'] }),
      {
        code: 'directory.name_taken',
      },
    );
    await storage.write((stores) => createServicePrincipal(stores, act, microsoftGraphAppId));
    await assert.rejects(register(act, { displayName: 'evil', identifierUris: ['https://graph.microsoft.com'] }), {
      code: 'applications.identifier_uri_taken',
    });
  });

  test('a user or application that registers an application becomes its owner', async () => {
    const act = actOfSystem();
    const creator = await storage.write((s) => createStandaloneServicePrincipal(s, act, 'ManagedIdentity', 'builder'));
    const actor = { kind: 'application', id: creator.id, name: 'builder' } as const;
    const application = await register({ ...act, actor });
    const owners = await storage.read.links.listTo(act.tenantId, 'owner', application.id, { limit: 10 });
    assert.deepEqual(owners.items, [creator]);
  });

  test('a service principal has from its application what others see of it, and follows its changes', async () => {
    const act = actOfSystem();
    const application = await register(act);
    const { appId } = application.attributes;
    const created = await storage.write((s) => createServicePrincipal(s, act, appId, { tags: ['insurance'] }));
    assert.deepEqual(created.attributes, {
      appId,
      displayName: 'insurance-api',
      appDisplayName: 'insurance-api',
      appOwnerOrganizationId: act.tenantId,
      servicePrincipalType: 'Application',
      servicePrincipalNames: [appId, 'https://contoso.onmicrosoft.com/api'],
      accountEnabled: true,
      signInAudience: 'AzureADMyOrg',
      oauth2PermissionScopes: [readScope],
      replyUrls: ['https://api.contoso.com/signin'],
      logoutUrl: 'https://api.contoso.com/logout',
      tags: ['insurance'],
    });
    const change = { displayName: 'Insurance API', identifierUris: ['api://insurance'], web: { logoutUrl: null } };
    await storage.write((stores) => updateApplication(stores, act, application.id, change));
    const { attributes } = await getServicePrincipal(storage.read, act.tenantId, created.id);
    assert.equal(attributes.displayName, 'Insurance API');
    assert.deepEqual(attributes.servicePrincipalNames, [appId, 'api://insurance']);
    assert.equal(attributes.logoutUrl, undefined);
    assert.deepEqual(attributes.tags, ['insurance']);
    assert.equal((await findResource(storage.read, act.tenantId, 'api://insurance'))?.id, created.id);
    assert.equal(await findResource(storage.read, act.tenantId, 'https://contoso.onmicrosoft.com/api'), undefined);
  });

  test('a service principal is made once, for an application that the tenant has', async () => {
    const act = actOfSystem();
    const { attributes } = await register(act);
    const create = (appId: string) => storage.write((stores) => createServicePrincipal(stores, act, appId));
    await create(attributes.appId);
    await assert.rejects(create(attributes.appId), { code: 'directory.name_taken' });
    await assert.rejects(create(act.newId()), { code: 'applications.app_id_unknown' });
    const other = await register(actOfSystem());
    await assert.rejects(create(other.attributes.appId), { code: 'applications.app_id_unknown' });
  });

  test('what a service principal has from its application cannot be changed on it', async () => {
    const act = actOfSystem();
    const { attributes } = await register(act);
    const { id } = await storage.write((stores) => createServicePrincipal(stores, act, attributes.appId));
    for (const property of ['appId', 'displayName', 'servicePrincipalNames', 'replyUrls', 'servicePrincipalType']) {
      await assert.rejects(
        storage.write((stores) => updateServicePrincipal(stores, act, id, { [property]: null })),
        { code: 'applications.attribute_follows_application', details: { property } },
      );
    }
    const changed = await storage.write((s) => updateServicePrincipal(s, act, id, { accountEnabled: false }));
    assert.equal(changed.attributes.accountEnabled, false);
  });

  test('the service principal of a managed identity has its resource as alternative name, and an appId', async () => {
    const act = actOfSystem();
    const alternativeNames = ['isExplicit=False', '/subscriptions/s/resourcegroups/g/providers/n/t/vm'];
    const created = await storage.write((stores) =>
      createStandaloneServicePrincipal(stores, act, 'ManagedIdentity', 'vm', { alternativeNames }),
    );
    assert.deepEqual(created.attributes.alternativeNames, alternativeNames);
    const found = await findServicePrincipal(storage.read, act.tenantId, created.attributes.appId);
    assert.deepEqual(found, created);
  });

  test('a deleted application takes its service principal along, and brings it back', async () => {
    const act = actOfSystem();
    const application = await register(act);
    const { appId } = application.attributes;
    const servicePrincipal = await storage.write((stores) => createServicePrincipal(stores, act, appId));
    await storage.write((stores) => deleteApplication(stores, act, application.id));
    assert.equal(await findApplication(storage.read, act.tenantId, appId), undefined);
    assert.equal(await findClient(storage.read, act.tenantId, appId), undefined);

    const restored = await storage.write((stores) => restoreApplication(stores, act, application.id));
    assert.deepEqual(restored.attributes, {
      ...application.attributes,
      deletedServicePrincipalId: servicePrincipal.id,
    });
    assert.equal((await findServicePrincipal(storage.read, act.tenantId, appId))?.id, servicePrincipal.id);
    await assert.rejects(
      storage.write((stores) => restoreApplication(stores, act, application.id)),
      { code: 'directory.object_not_deleted' },
    );
  });

  test('a purged application takes the service principal along that was deleted with it', async () => {
    const act = actOfSystem();
    const application = await register(act);
    const { id } = await storage.write((s) => createServicePrincipal(s, act, application.attributes.appId));
    await storage.write((stores) => deleteApplication(stores, act, application.id));
    await storage.write((stores) => purgeApplication(stores, act, application.id));
    for (const gone of [application.id, id]) {
      assert.equal(await storage.read.objects.find(act.tenantId, gone, true), undefined);
    }
  });

  test('an application whose identifier URI was given away meanwhile cannot be restored', async () => {
    const act = actOfSystem();
    const { id } = await register(act);
    await storage.write((stores) => deleteApplication(stores, act, id));
    await register(act, { displayName: 'successor', identifierUris: insuranceApi.identifierUris });
    await assert.rejects(
      storage.write((stores) => restoreApplication(stores, act, id)),
      { code: 'directory.name_taken' },
    );
  });

  test('a restored service principal is as its application wants it by now', async () => {
    const act = actOfSystem();
    const application = await register(act);
    const { id } = await storage.write((s) => createServicePrincipal(s, act, application.attributes.appId));
    await storage.write((stores) => deleteServicePrincipal(stores, act, id));
    await storage.write((stores) => updateApplication(stores, act, application.id, { displayName: 'renamed' }));
    const restored = await storage.write((stores) => restoreServicePrincipal(stores, act, id));
    assert.equal(restored.attributes.displayName, 'renamed');
  });

  test('a certificate of an application stays when it comes back without its key, until it is left out', async () => {
    const act = actOfSystem();
    const application = await register(act, { displayName: 'daemon', keyCredentials: [{ key: certificate }] });
    const [kept] = application.attributes.keyCredentials ?? [];
    assert.equal(kept?.key, certificate);
    const [event] = await storage.read.audit.list(act.tenantId, { objectId: application.id }, 10);
    assert.ok(JSON.stringify(event).includes(kept.customKeyIdentifier));

    const back = [{ keyId: kept.keyId, displayName: kept.displayName, key: null }];
    const same = await storage.write((s) => updateApplication(s, act, application.id, { keyCredentials: back }));
    assert.deepEqual(same.attributes.keyCredentials, [kept]);
    const none = await storage.write((s) => updateApplication(s, act, application.id, { keyCredentials: [] }));
    assert.equal(none.attributes.keyCredentials, undefined);
  });

  test('a client is found with its reply addresses and where its credentials are kept', async () => {
    const act = actOfSystem();
    const application = await register(act, { ...insuranceApi, isFallbackPublicClient: true });
    const { appId } = application.attributes;
    assert.equal(await findClient(storage.read, act.tenantId, appId), undefined);
    const servicePrincipal = await storage.write((stores) => createServicePrincipal(stores, act, appId));
    const client = await findClient(storage.read, act.tenantId, appId.toUpperCase());
    assert.deepEqual(client?.credentialOwnerIds, [servicePrincipal.id, application.id]);
    assert.deepEqual(client?.replyAddresses.web?.redirectUris, insuranceApi.web.redirectUris);
    assert.equal(client?.isFallbackPublicClient, true);
  });

  test('what is no name at all is found nowhere, on any engine', async () => {
    const { tenantId } = actOfSystem();
    for (const name of ['', '\0', 'a\0b', '\ud800', "' or 1=1"]) {
      assert.equal(await findClient(storage.read, tenantId, name), undefined);
      assert.equal(await findResource(storage.read, tenantId, name), undefined);
    }
  });

  test('nobody gets credentials of a first-party application', async () => {
    const act = actOfSystem();
    const graph = await storage.write((stores) => createServicePrincipal(stores, act, microsoftGraphAppId));
    const code = 'applications.first_party_credentials';
    const keyCredentials = [{ key: certificate }];
    await assert.rejects(
      storage.write((stores) => updateServicePrincipal(stores, act, graph.id, { keyCredentials })),
      { code },
    );
    await assert.rejects(
      storage.write((stores) => addPassword(stores, act, graph, {}, new Uint8Array(secretBytes))),
      { code },
    );
  });

  test('an application of another tenant is not found', async () => {
    const application = await register();
    const { tenantId } = actOfSystem();
    await assert.rejects(getApplication(storage.read, tenantId, application.id), {
      code: 'directory.object_not_found',
    });
    assert.equal(await findApplication(storage.read, tenantId, application.attributes.appId), undefined);
  });
});
