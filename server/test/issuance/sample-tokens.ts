import type { AccessToken } from '../../src/issuance/index.ts';

export const tenantA = '0b3c2f6a-8a51-4c51-9d2e-6b1f5a1c0a01';
export const graph = '00000003-0000-0000-c000-000000000000';
export const now = new Date('2026-03-01T10:00:00Z');
export const later = (seconds: number) => new Date(now.getTime() + seconds * 1000);

/** A token of a person who signed in. */
export const userToken: AccessToken = {
  id: 'jti-1',
  tenantId: tenantA,
  audience: graph,
  clientId: '04b07795-8ddb-461a-bbee-02f9e1bf7b46',
  subject: { kind: 'user', id: 'd1f0c0de-0000-4000-8000-000000000001' },
  name: 'Marge Simpson',
  userPrincipalName: 'marge@jogcloud.com',
  scopes: ['User.Read', 'Group.Read.All'],
  roles: [],
  directoryRoleIds: ['62e90394-69f5-4237-9190-012177145e10'],
  issuedAt: now,
  expiresAt: later(3600),
};

/** A token of a program for itself. */
export const applicationToken: AccessToken = {
  ...userToken,
  subject: { kind: 'application', id: 'd1f0c0de-0000-4000-8000-000000000002' },
  name: null,
  userPrincipalName: null,
  scopes: [],
  roles: ['User.Read.All'],
  directoryRoleIds: [],
};
