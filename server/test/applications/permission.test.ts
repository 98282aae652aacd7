import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AppRole, PermissionScope } from '../../src/applications/index.ts';
import { checkPermissions } from '../../src/applications/permission.ts';
import { approver, readScope } from './insurance-api.ts';

const role = (part: Partial<AppRole> = {}): AppRole => ({ ...approver, ...part });
const scope = (part: Partial<PermissionScope> = {}): PermissionScope => ({ ...readScope, ...part });

const { value: _, ...withoutValue } = role();

const allowed: Record<string, { appRoles?: AppRole[]; oauth2PermissionScopes?: PermissionScope[] }> = {
  'a role and a scope': { appRoles: [role()], oauth2PermissionScopes: [scope()] },
  'a role without a value': { appRoles: [withoutValue] },
  'a role and a scope with the same value': {
    appRoles: [role({ value: 'Accounts.Read' })],
    oauth2PermissionScopes: [scope()],
  },
  'a role and a scope that are one permission in both forms': {
    appRoles: [role({ value: 'Accounts.Read', id: scope().id })],
    oauth2PermissionScopes: [scope()],
  },
};

for (const [what, permissions] of Object.entries(allowed)) {
  test(`an application may declare ${what}`, () => checkPermissions({}, permissions));
}

const refused: Record<string, [Parameters<typeof checkPermissions>[1], RegExp]> = {
  'two roles with one id': [
    { appRoles: [role(), role({ value: 'Other', id: role().id.toUpperCase() })] },
    /occurs twice/,
  ],
  'two roles with one value': [
    { appRoles: [role(), role({ id: '33333333-3333-4333-8333-333333333333' })] },
    /the value Claims.Approve occurs twice/,
  ],
  'a scope under the id of a role': [
    { appRoles: [role()], oauth2PermissionScopes: [scope({ id: role().id })] },
    /also the id of another scope/,
  ],
};

for (const [what, [permissions, reason]] of Object.entries(refused)) {
  test(`an application may not declare ${what}`, () => {
    assert.throws(() => checkPermissions({}, permissions), {
      code: 'applications.property_invalid',
      message: reason,
    });
  });
}

test('an enabled role or scope can neither go nor change its value; a disabled one can', () => {
  const before = { appRoles: [role()], oauth2PermissionScopes: [scope()] };
  const code = 'applications.permission_enabled';
  assert.throws(() => checkPermissions(before, {}), { code });
  assert.throws(() => checkPermissions(before, { ...before, appRoles: [role({ value: 'Other' })] }), { code });
  const disabled = { appRoles: [role({ isEnabled: false })], oauth2PermissionScopes: [scope({ isEnabled: false })] };
  checkPermissions(before, disabled);
  checkPermissions(disabled, {});
});
