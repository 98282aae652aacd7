import type { AppRole, PermissionScope } from '../../src/applications/index.ts';

/** A role that the API may declare. */
export const approver: AppRole = {
  id: '11111111-1111-4111-8111-111111111111',
  value: 'Claims.Approve',
  displayName: 'Approver',
  description: 'Approves insurance claims',
  allowedMemberTypes: ['User'],
  isEnabled: true,
};

/** The scope of the API below. */
export const readScope: PermissionScope = {
  id: '22222222-2222-4222-8222-222222222222',
  value: 'Accounts.Read',
  type: 'User',
  isEnabled: true,
  adminConsentDisplayName: 'Read accounts',
  adminConsentDescription: 'Reads the accounts of the signed-in user',
};

/** The insurance sample's API, as it is registered. */
export const insuranceApi = {
  displayName: 'insurance-api',
  identifierUris: ['https://contoso.onmicrosoft.com/api'],
  api: { oauth2PermissionScopes: [readScope] },
  web: { redirectUris: ['https://api.contoso.com/signin'], logoutUrl: 'https://api.contoso.com/logout' },
};
