import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { operations } from '@countersign/management-api';
import { operationFinder } from '../../../src/management/graph/find-operation.ts';

const find = operationFinder(operations);
const found = (method: string, path: string) => {
  const { name, parameters, cast } = find(method, path);
  return [name, ...Object.values(parameters), ...(cast ? [cast] : [])];
};

describe('the operation of a path', () => {
  const id = '11111111-2222-3333-4444-555555555555';
  for (const [method, path, expected] of [
    ['GET', '/users', ['listUsers']],
    ['GET', '/USERS/', ['listUsers']],
    ['GET', '//users', ['listUsers']],
    ['GET', '/users/$count', ['countUsers']],
    ['GET', '/users/%24count', ['countUsers']],
    ['GET', '/users/marge@jogcloud.com', ['getUser', 'marge@jogcloud.com']],
    ['GET', '/users/marge%40jogcloud.com', ['getUser', 'marge@jogcloud.com']],
    ['GET', '/users/homer_simpson%23EXT%23@jogcloud.com', ['getUser', 'homer_simpson#EXT#@jogcloud.com']],
    ['GET', "/users/o'neil@jogcloud.com", ['getUser', "o'neil@jogcloud.com"]],
    ['GET', "/users('$x@jogcloud.com')", ['getUser', '$x@jogcloud.com']],
    ['GET', "/users('o''neil@jogcloud.com')", ['getUser', "o'neil@jogcloud.com"]],
    ['GET', `/users(${id})/manager`, ['getUserManager', id]],
    ['GET', '/users/delta', ['deltaUsers']],
    ['GET', '/users/delta()', ['deltaUsers']],
    ['GET', '/users/microsoft.graph.delta()', ['deltaUsers']],
    ['POST', `/users/${id}/getMemberGroups`, ['getUserMemberGroups', id]],
    ['POST', `/users/${id}/microsoft.graph.getMemberGroups`, ['getUserMemberGroups', id]],
    ['GET', `/groups/${id}/members/microsoft.graph.user`, ['listGroupMembers', id, 'microsoft.graph.user']],
    [
      'GET',
      `/groups/${id}/members/graph.servicePrincipal`,
      ['listGroupMembers', id, 'microsoft.graph.servicePrincipal'],
    ],
    ['DELETE', `/groups/${id}/members/abc/$ref`, ['removeGroupMember', id, 'abc']],
    ['GET', '/directory/deletedItems/microsoft.graph.group', ['listDeletedItems', 'microsoft.graph.group']],
    ['GET', "/directoryRoles(roleTemplateId='x')", ['getDirectoryRole', 'roleTemplateId=x']],
  ] as const) {
    test(`${method} ${path} is ${expected[0]}`, () => assert.deepEqual(found(method, path), expected));
  }

  for (const [method, path, status, message] of [
    ['GET', '/nothing', 400, /Resource not found for the segment 'nothing'/],
    ['GET', '/users/x/nothing', 400, /segment 'nothing'/],
    ['GET', '/directory', 400, /segment 'directory'/],
    ['GET', '/', 400, /segment ''/],
    ['PUT', '/users', 405, /method is not allowed/],
    ['GET', '/users/%E0%A4%A', 400, /percent-encoded/],
    ['GET', '/users/a%00@jogcloud.com', 400, /NUL/],
    ['GET', "/users('x)", 400, /quotes that do not match/],
  ] as const) {
    test(`${method} ${path} is refused`, () => assert.throws(() => find(method, path), { status, message }));
  }
});
