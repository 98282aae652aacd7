import assert from 'node:assert/strict';
import { test } from 'node:test';
import { operations } from '@countersign/management-api';
import { firstPartyApplications, microsoftGraphAppId } from '../../src/applications/index.ts';
import { checkPermissions } from '../../src/applications/permission.ts';
import { replyAddressKinds, replyAddressProblem } from '../../src/applications/reply-address.ts';

const graph = firstPartyApplications.find(({ appId }) => appId === microsoftGraphAppId);

test('every first-party application could be registered as it is', () => {
  for (const application of firstPartyApplications) {
    checkPermissions({}, application);
    for (const kind of replyAddressKinds) {
      for (const address of application[kind]?.redirectUris ?? []) {
        assert.equal(replyAddressProblem(kind)(address), undefined);
      }
    }
  }
});

test('every permission that the management API asks for exists at Microsoft Graph', () => {
  const scopes = new Set(graph?.oauth2PermissionScopes.map(({ value }) => value));
  const roles = new Set(graph?.appRoles.map(({ value }) => value));
  for (const [name, { access }] of Object.entries(operations)) {
    if (typeof access === 'string') continue;
    for (const permission of access.delegated) assert.ok(scopes.has(permission), `${name}: ${permission}`);
    for (const permission of access.application) assert.ok(roles.has(permission), `${name}: ${permission}`);
  }
});

test('what is consented from the beginning exists at its resource', () => {
  const byAppId = new Map(firstPartyApplications.map((application) => [application.appId, application]));
  for (const { preConsented, displayName } of firstPartyApplications) {
    for (const [resourceAppId, scope] of Object.entries(preConsented)) {
      const known = new Set(byAppId.get(resourceAppId)?.oauth2PermissionScopes.map(({ value }) => value));
      for (const value of scope.split(' ')) assert.ok(known.has(value), `${displayName}: ${value}`);
    }
  }
});

test('the permissions of Microsoft Graph have the published ids', () => {
  // https://learn.microsoft.com/graph/permissions-reference
  const scope = graph?.oauth2PermissionScopes.find(({ value }) => value === 'User.Read');
  assert.equal(scope?.id, 'e1fe6dd8-ba31-4d61-89e7-88639da4683d');
  const role = graph?.appRoles.find(({ value }) => value === 'Application.ReadWrite.OwnedBy');
  assert.equal(role?.id, '18a4783c-866b-4cc7-a460-3d5e5662c884');
});
