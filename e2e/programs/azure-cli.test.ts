// The Azure CLI, unmodified, against a running hub: every command for the directory that it has.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type AzureCli, callGraph, openAzureCli, publicUrl, tenantHost } from './azure-cli.ts';

const domain = 'fabrikam.onmicrosoft.com';
const password = 'correct horse battery staple';
const graphAppId = '00000003-0000-0000-c000-000000000000';
const userReadScope = 'e1fe6dd8-ba31-4d61-89e7-88639da4683d';

let cli: AzureCli;
let az: AzureCli['az'];
let automation: { appId: string; secret: string };

before(async () => {
  cli = await openAzureCli();
  az = cli.az;
  const { hub } = cli;
  await callGraph(hub, hub.token, 'POST', '/tenants', {
    name: 'fabrikam',
    displayName: 'Fabrikam',
    hosts: [tenantHost],
  });
  const token = await hub.run('token', '--tenant', 'fabrikam');
  const graph = (method: string, address: string, body?: object) => callGraph(hub, token, method, address, body);
  const { id, appId } = await graph('POST', '/applications', { displayName: 'automation' });
  const principal = await graph('POST', '/servicePrincipals', { appId });
  const { secretText: secret } = await graph('POST', `/applications/${id}/addPassword`, { passwordCredential: {} });
  automation = { appId, secret };
  const { value: roles } = await graph('GET', '/directoryRoleTemplates');
  await graph('POST', '/roleManagement/directory/roleAssignments', {
    roleDefinitionId: roles.find(({ displayName }: { displayName: string }) => displayName === 'Global Administrator')
      .id,
    principalId: principal.id,
    directoryScopeId: '/',
  });
  await az`login --service-principal -u ${appId} -p ${secret} --tenant ${domain} --allow-no-subscriptions`;
});
after(() => cli.stop());

/** What every entry of a list has under a name. */
const all = (name: string, entries: Record<string, unknown>[]) => entries.map((entry) => entry[name]);

test('az knows the cloud from one address, and who is signed in', async () => {
  const { endpoints } = await az`cloud show`;
  assert.equal(endpoints.activeDirectory, `https://${tenantHost}`);
  assert.equal(endpoints.microsoftGraphResourceId, `${publicUrl}/`);
  const { user } = await az`account show`;
  assert.deepEqual(user, { name: automation.appId, type: 'servicePrincipal' });
  const organization = await az`rest --url ${`${publicUrl}/v1.0/organization`} --resource ${`${publicUrl}/`}`;
  assert.equal(organization.value[0].displayName, 'Fabrikam');
});

test('az ad user', async () => {
  const name = `marge@${domain}`;
  const { id } = await az`ad user create --display-name Marge --user-principal-name ${name} --password ${password}
    --mail-nickname marge --force-change-password-next-sign-in true`;
  assert.equal((await az`ad user show --id ${name}`).id, id);
  assert.deepEqual(all('id', await az`ad user list --upn ${name} --display-name Mar`), [id]);
  assert.deepEqual(all('id', await az`ad user list --filter ${"startswith(displayName,'Marg')"}`), [id]);
  await az`ad user update --id ${id} --display-name ${'Marge Simpson'} --account-enabled false`;
  assert.equal((await az`ad user show --id ${id}`).displayName, 'Marge Simpson');
  for (const odd of [`#ext#@${domain}`, `$x@${domain}`]) {
    await az`ad user create --display-name Odd --user-principal-name ${odd} --password ${password}`;
    assert.equal((await az`ad user show --id ${odd}`).userPrincipalName, odd);
  }
  await az`ad user delete --id ${id}`;
  assert.deepEqual(await az`ad user list --upn ${name}`, []);
  await assert.rejects(az`ad user show --id ${id}`, /does not exist/);
});

test('az ad group', async () => {
  const { id: user } = await az`ad user create --display-name Homer --user-principal-name ${`homer@${domain}`}
    --password ${password}`;
  const { id } = await az`ad group create --display-name Operators --mail-nickname operators`;
  assert.equal((await az`ad group create --display-name Operators --mail-nickname operators`).id, id);
  const other = await az`ad group create --display-name Others --mail-nickname others --force`;
  assert.deepEqual(all('id', await az`ad group list --display-name Oper`), [id]);
  assert.deepEqual(all('id', await az`ad group list --filter ${"displayName eq 'Others'"}`), [other.id]);
  await az`ad group member add -g Operators --member-id ${user}`;
  await assert.rejects(az`ad group member add -g Operators --member-id ${user}`, /already exist/);
  assert.deepEqual(all('id', await az`ad group member list -g ${id}`), [user]);
  assert.deepEqual(await az`ad group member check -g Operators --member-id ${user}`, { value: true });
  await az`ad group member add -g Others --member-id ${id}`;
  assert.deepEqual((await az`ad user get-member-groups --id ${user}`).length, 2);
  assert.deepEqual((await az`ad group get-member-groups -g Operators`).length, 1);
  await az`ad group owner add -g Operators --owner-object-id ${user}`;
  assert.deepEqual(all('id', await az`ad group owner list -g Operators`), [user]);
  await az`ad group owner remove -g Operators --owner-object-id ${user}`;
  await az`ad group member remove -g Operators --member-id ${user}`;
  assert.deepEqual(await az`ad group member list -g Operators`, []);
  await az`ad group delete -g Operators`;
  await assert.rejects(az`ad group show -g Operators`, /No group matches/);
});

test('az ad app and az ad sp', async () => {
  const role = {
    allowedMemberTypes: ['User'],
    description: 'Reads',
    displayName: 'Reader',
    isEnabled: true,
    value: 'read',
  };
  const { appId, id } = await az`ad app create --display-name Notebook --identifier-uris api://notebook
    --web-redirect-uris https://notebook.example/callback --app-roles ${[role]} --enable-id-token-issuance true`;
  assert.equal((await az`ad app create --display-name Notebook --is-fallback-public-client true`).id, id);
  assert.equal((await az`ad app show --id api://notebook`).appId, appId);
  assert.deepEqual(all('id', await az`ad app list --display-name Note`), [id]);
  assert.deepEqual(all('id', await az`ad app list --identifier-uri api://notebook`), [id]);
  const access = [{ resourceAppId: graphAppId, resourceAccess: [{ id: userReadScope, type: 'Scope' }] }];
  await az`ad app update --id ${appId} --display-name Notes --required-resource-accesses ${access}`;
  assert.deepEqual(all('resourceAppId', await az`ad app permission list --id ${appId}`), [graphAppId]);
  await az`ad app permission add --id ${id} --api ${graphAppId} --api-permissions 06da0dbc-49e2-44d2-8312-53f166ab848a=Scope`;
  await az`ad app permission delete --id ${id} --api ${graphAppId}`;
  assert.deepEqual(await az`ad app permission list --id ${id}`, []);

  const principal = await az`ad sp create --id ${appId}`;
  await assert.rejects(az`ad sp create --id ${appId}`, /already/);
  for (const name of [appId, principal.id, 'api://notebook']) {
    assert.equal((await az`ad sp show --id ${name}`).id, principal.id);
  }
  assert.deepEqual(all('id', await az`ad sp list --spn api://notebook`), [principal.id]);
  assert.deepEqual(all('id', await az`ad sp list --display-name Notes`), [principal.id]);
  const types = new Set(all('servicePrincipalType', await az`ad sp list --all`));
  assert.deepEqual([...types], ['Application']);
  await az`ad sp update --id ${principal.id} --set accountEnabled=false`;
  assert.equal((await az`ad sp show --id ${appId}`).accountEnabled, false);
  assert.deepEqual(all('appId', await az`ad sp owner list --id ${appId}`), [automation.appId]);

  await az`ad app permission grant --id ${appId} --api ${graphAppId} --scope User.Read`;
  assert.deepEqual(all('scope', await az`ad app permission list-grants --id ${appId}`), ['User.Read']);
  await assert.rejects(az`ad app permission admin-consent --id ${appId}`, /sovereign clouds/, 'it asks nobody');

  await az`ad sp delete --id ${principal.id}`;
  await az`ad app delete --id ${appId}`;
  assert.deepEqual(await az`ad app list --app-id ${appId}`, []);
});

test('az ad app credential, federated-credential, owner, and az ad sp credential', async () => {
  const { appId } = await az`ad app create --display-name Worker`;
  const principal = await az`ad sp create --id ${appId}`;
  assert.match((await az`ad app credential reset --id ${appId}`).password, /./);
  await az`ad app credential reset --id ${appId} --append --display-name second --years 2`;
  await az`ad app credential reset --id ${appId} --append --create-cert`;
  const secrets = await az`ad app credential list --id ${appId}`;
  assert.equal(secrets.length, 2);
  assert.equal((await az`ad app credential list --id ${appId} --cert`).length, 1);
  await az`ad app credential delete --id ${appId} --key-id ${secrets[0].keyId}`;
  assert.equal((await az`ad app credential list --id ${appId}`).length, 1);
  await az`ad sp credential reset --id ${principal.id}`;
  assert.equal((await az`ad sp credential list --id ${principal.id}`).length, 1);

  const credential = {
    name: 'deployment',
    issuer: 'https://token.actions.githubusercontent.com',
    subject: 'repo:fabrikam/notes:ref:refs/heads/main',
    audiences: ['api://AzureADTokenExchange'],
  };
  const { id } = await az`ad app federated-credential create --id ${appId} --parameters ${credential}`;
  assert.deepEqual(all('id', await az`ad app federated-credential list --id ${appId}`), [id]);
  await az`ad app federated-credential delete --id ${appId} --federated-credential-id ${id}`;

  const { id: user } = await az`ad user create --display-name Carl --user-principal-name ${`carl@${domain}`}
    --password ${password}`;
  await az`ad app owner add --id ${appId} --owner-object-id ${user}`;
  assert.ok(all('id', await az`ad app owner list --id ${appId}`).includes(user));
  await az`ad app owner remove --id ${appId} --owner-object-id ${user}`;
});

test('az ad sp create-for-rbac makes a principal that can sign in, and again renews its secret', async () => {
  const first = await az`ad sp create-for-rbac -n pipeline`;
  const { appId, password: secret, tenant } = await az`ad sp create-for-rbac -n pipeline`;
  assert.equal(appId, first.appId);
  await az`ad sp create-for-rbac -n signer --create-cert`;
  await az`login --service-principal -u ${appId} -p ${secret} --tenant ${tenant} --allow-no-subscriptions`;
  assert.equal((await az`account show`).user.name, appId);
  await assert.rejects(az`ad user list`, /Insufficient privileges/);
});

test('a person signs in with name and password, and sees who that is and what is owned', async () => {
  const name = `lenny@${domain}`;
  await az`login --service-principal -u ${automation.appId} -p ${automation.secret} --tenant ${domain}
    --allow-no-subscriptions`;
  const { id } = await az`ad user create --display-name Lenny --user-principal-name ${name} --password ${password}`;
  const { appId } = await az`ad app create --display-name Lathe`;
  await az`ad app owner add --id ${appId} --owner-object-id ${id}`;
  await assert.rejects(az`login -u ${name} -p ${'not the password'} --allow-no-subscriptions`, /AADSTS50126/);
  await az`login -u ${name} -p ${password} --allow-no-subscriptions`;
  assert.equal((await az`ad signed-in-user show`).id, id);
  assert.deepEqual(all('appId', await az`ad signed-in-user list-owned-objects`), [appId]);
  assert.deepEqual(all('appId', await az`ad app list --show-mine`), [appId]);
});

test('a cloud is registered by its address, and from a file', async () => {
  await az`cloud register -n by-address --endpoint-resource-manager ${`${publicUrl}/`}`;
  const { endpoints } = await az`cloud show -n by-address`;
  assert.equal(endpoints.activeDirectory, publicUrl);
  assert.equal(endpoints.activeDirectoryResourceId, 'https://management.core.windows.net/');
  const file = {
    endpoints: {
      resourceManager: `${publicUrl}/`,
      activeDirectory: publicUrl,
      microsoftGraphResourceId: `${publicUrl}/`,
    },
  };
  await az`cloud register -n from-file --cloud-config ${file}`;
  assert.equal((await az`cloud show -n from-file`).endpoints.microsoftGraphResourceId, `${publicUrl}/`);
});

test('there is no subscription, and a resource is not found', async () => {
  assert.deepEqual(await az`account list --query ${"[?name!='N/A(tenant level account)']"}`, []);
  const resource = '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/g/providers/Microsoft.X/y/z';
  await assert.rejects(az`resource show --ids ${resource}`, /SubscriptionNotFound/);
});
