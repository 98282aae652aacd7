import assert from 'node:assert/strict';
import { test } from 'node:test';
import { operations } from '@countersign/management-api';
import type { Caller } from '../../../src/management/caller.ts';
import { missingAccess } from '../../../src/management/graph/check-access.ts';

const nobody: Caller = {
  kind: 'user',
  id: 'id',
  name: 'name',
  tenantId: 'tenant',
  scopes: [],
  permissions: [],
  directoryRoles: [],
};
const missing = (operation: keyof typeof operations, caller: Partial<Caller>) =>
  missingAccess(operations[operation].access, { ...nobody, ...caller });

test('a user needs a scope of the token and an administrative role', () => {
  const scopes = ['User.ReadWrite.All'];
  assert.match(
    missing('createUser', { directoryRoles: ['User Administrator'] }) ?? '',
    /one of the scopes User.ReadWrite/,
  );
  assert.match(missing('createUser', { scopes }) ?? '', /one of the roles User Administrator/);
  assert.match(missing('createUser', { scopes, directoryRoles: ['Reports Reader'] }) ?? '', /one of the roles/);
  assert.equal(missing('createUser', { scopes, directoryRoles: ['User Administrator'] }), undefined);
  assert.equal(missing('createUser', { scopes, directoryRoles: ['Global Administrator'] }), undefined);
});

test('app roles of a user are no permissions of an application', () => {
  assert.notEqual(
    missing('createUser', { permissions: ['User.ReadWrite.All'], directoryRoles: ['User Administrator'] }),
    undefined,
  );
});

test('a user needs no role for what is the user\u2019s own, but a scope', () => {
  assert.equal(missing('getMe', { scopes: ['User.Read'] }), undefined);
  assert.notEqual(missing('getMe', { scopes: ['openid'] }), undefined);
});

test('an application needs a permission or an administrative role', () => {
  const kind = 'application';
  assert.match(missing('createUser', { kind }) ?? '', /needs one of the permissions User.ReadWrite.All/);
  assert.notEqual(missing('createUser', { kind, scopes: ['User.ReadWrite.All'] }), undefined);
  assert.equal(missing('createUser', { kind, permissions: ['User.ReadWrite.All'] }), undefined);
  assert.equal(missing('createUser', { kind, directoryRoles: ['User Administrator'] }), undefined);
  assert.equal(
    missing('listOrganization', { kind, directoryRoles: ['Reports Reader'] }),
    undefined,
    'as every user may',
  );
  assert.notEqual(missing('listOrganization', { kind }), undefined);
  assert.match(missing('getMe', { kind, permissions: ['User.Read.All'] }) ?? '', /signed-in users only/);
});

test('a batch needs nothing itself', () => {
  assert.equal(missing('batch', {}), undefined);
});
