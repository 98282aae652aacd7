import assert from 'node:assert/strict';
import { test } from 'node:test';
import { microsoftGraphAppId, registerApplication } from '../../src/applications/index.ts';
import type { AttributeChange } from '../../src/directory/index.ts';
import { onEachDatabase } from '../databases.ts';
import { actOfSystem } from './act.ts';
import { approver, readScope } from './insurance-api.ts';

onEachDatabase(({ storage }) => {
  const withRole = (part: Record<string, string | string[] | null>) => ({ appRoles: [{ ...approver, ...part }] });
  const withScope = (part: Record<string, string | null>) => ({
    api: { oauth2PermissionScopes: [{ ...readScope, ...part }] },
  });

  const invalid: Record<string, [AttributeChange, RegExp]> = {
    'without a name': [{ displayName: '' }, /displayName/],
    'whose name is a space': [{ displayName: ' ' }, /displayName/],
    'whose name is too long': [{ displayName: 'x'.repeat(257) }, /displayName/],
    'whose appId is no GUID': [{ appId: 'insurance' }, /appId/],
    'for an unknown audience': [{ signInAudience: 'Everybody' }, /signInAudience/],
    'with an unknown property': [{ isAdmin: true }, /isAdmin/],
    'with an unknown member': [{ web: { redirectUrls: ['https://a.test/'] } }, /redirectUrls/],
    'with a text in place of a list': [{ web: { redirectUris: 'https://a.test/' } }, /redirectUris/],
    'whose identifier URI is relative': [{ identifierUris: ['insurance-api'] }, /identifierUris/],
    'whose identifier URI has a wildcard': [{ identifierUris: ['https://*.contoso.com'] }, /identifierUris/],
    'whose identifier URI has a fragment': [{ identifierUris: ['https://contoso.com#x'] }, /identifierUris/],
    'whose identifier URI is too long': [{ identifierUris: [`api://${'x'.repeat(256)}`] }, /identifierUris/],
    'with 51 identifier URIs': [
      { identifierUris: Array.from({ length: 51 }, (_, n) => `api://insurance/${n}`) },
      /identifierUris/,
    ],
    'with a redirect URI that is not https': [{ web: { redirectUris: ['http://a.test/'] } }, /loopback/],
    'with a redirect URI that is too long': [
      { spa: { redirectUris: [`https://a.test/${'x'.repeat(256)}`] } },
      /spa\/redirectUris/,
    ],
    'with a redirect URI in two platforms': [
      { web: { redirectUris: ['https://a.test/'] }, spa: { redirectUris: ['https://a.test/'] } },
      /occurs twice/,
    ],
    'with 257 redirect URIs': [
      {
        web: { redirectUris: Array.from({ length: 200 }, (_, n) => `https://a.test/${n}`) },
        spa: { redirectUris: Array.from({ length: 57 }, (_, n) => `https://b.test/${n}`) },
      },
      /at most 256/,
    ],
    'whose default redirect URI is not registered': [{ defaultRedirectUri: 'https://a.test/' }, /defaultRedirectUri/],
    'whose logout address is a script': [{ web: { logoutUrl: 'javascript:alert(1)' } }, /web\/logoutUrl/],
    'whose access token version is 3': [{ api: { requestedAccessTokenVersion: 3 } }, /requestedAccessTokenVersion/],
    'with a known client that is no GUID': [{ api: { knownClientApplications: ['x'] } }, /knownClientApplications/],
    'that pre-authorizes for an unknown scope': [
      { api: { preAuthorizedApplications: [{ appId: readScope.id, delegatedPermissionIds: [readScope.id] }] } },
      /no scope of this application/,
    ],
    'that asks for a resource which is no GUID': [
      { requiredResourceAccess: [{ resourceAppId: 'graph', resourceAccess: [] }] },
      /requiredResourceAccess/,
    ],
    'that asks for a resource twice': [
      {
        requiredResourceAccess: [
          { resourceAppId: microsoftGraphAppId, resourceAccess: [{ id: readScope.id, type: 'Scope' }] },
          { resourceAppId: microsoftGraphAppId, resourceAccess: [{ id: approver.id, type: 'Role' }] },
        ],
      },
      /occurs twice/,
    ],
    'with unknown group claims': [{ groupMembershipClaims: 'SecurityGroup,Everything' }, /groupMembershipClaims/],
    'that encrypts with a key which it lacks': [{ tokenEncryptionKeyId: readScope.id }, /tokenEncryptionKeyId/],
    'with a role whose id is no GUID': [withRole({ id: 'approver' }), /appRoles\/id/],
    'with a role without a name': [withRole({ displayName: null }), /appRoles\/displayName/],
    'with a role that nobody can hold': [withRole({ allowedMemberTypes: [] }), /allowedMemberTypes/],
    'with a role for unknown members': [withRole({ allowedMemberTypes: ['Everybody'] }), /allowedMemberTypes/],
    'with a role value of 121 characters': [withRole({ value: 'x'.repeat(121) }), /appRoles\/value/],
    'with two roles of one id': [{ appRoles: [approver, { ...approver, value: 'Other' }] }, /occurs twice/],
    'with a scope value that has a space': [withScope({ value: 'Accounts Read' }), /Scopes\/value/],
    'with a scope value that has a quote': [withScope({ value: 'a"b' }), /Scopes\/value/],
    'with a scope value that is not ASCII': [withScope({ value: 'Kontoé' }), /Scopes\/value/],
    'with a scope value that begins with a dot': [withScope({ value: '.default' }), /Scopes\/value/],
    'with a scope without a value': [withScope({ value: null }), /Scopes\/value/],
    'with a scope without a text for consent': [withScope({ adminConsentDescription: '' }), /adminConsentDescription/],
    'with a scope of an unknown type': [withScope({ type: 'Everybody' }), /Scopes\/type/],
  };

  for (const [what, [attributes, message]] of Object.entries(invalid)) {
    test(`an application ${what} is refused and not kept`, async () => {
      const act = actOfSystem();
      await assert.rejects(
        storage.write((stores) => registerApplication(stores, act, { displayName: 'bad', ...attributes })),
        { name: 'Refusal', message },
      );
      assert.equal(await storage.read.objects.count(act.tenantId, 'application'), 0);
    });
  }
});
