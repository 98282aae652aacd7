import { type LoadResult, type LoadTarget, runLoad } from './load.ts';

/** Where the SCIM endpoint of the hub's own tenant is. */
export const scimBase = '/countersign/scim/v2';
/** Users of one bulk request. */
export const bulkSize = 100;
const schemas = ['urn:ietf:params:scim:schemas:core:2.0:User'];

/** Makes so many users from that index on, 100 in a request. */
export function createUsersInBulk(target: LoadTarget, base: string, first: number, count: number): Promise<LoadResult> {
  return runLoad(target, 4, Math.ceil(count / bulkSize), (index) => ({
    method: 'POST',
    path: `${base}/Bulk`,
    body: bulkRequest(first + index * bulkSize, Math.min(bulkSize, count - index * bulkSize)),
    expect: 200,
  }));
}

/** Adds members, 1,000 with a request. */
export async function addMembersInBulk(
  target: LoadTarget,
  base: string,
  group: string,
  members: readonly string[],
): Promise<void> {
  await runLoad(target, 1, Math.ceil(members.length / 1000), (index) => ({
    method: 'PATCH',
    path: `${base}/Groups/${group}?attributes=displayName`,
    body: addition(members.slice(index * 1000, (index + 1) * 1000).map((value) => ({ value }))),
    expect: 200,
  }));
}

export function addition(value: { value: string }[]): object {
  const schemas = ['urn:ietf:params:scim:api:messages:2.0:PatchOp'];
  return { schemas, Operations: [{ op: 'add', path: 'members', value }] };
}

/** What a user's names end with; `copy` is 0 for those that were made by requests. */
export function nameAt(copy: number): string {
  return `${copy === 0 ? '' : `.c${copy}`}@bench.example`;
}

export function userOf(index: number): object {
  return {
    schemas,
    userName: `user${index}${nameAt(0)}`,
    externalId: `e${index}`,
    name: { givenName: `Given${index % 100}`, familyName: `Family${index}` },
    displayName: `User ${index}`,
    title: 'Operator',
    active: true,
    emails: [{ value: `user${index}${nameAt(0)}`, type: 'work', primary: true }],
  };
}

function bulkRequest(first: number, size: number): object {
  const Operations = Array.from({ length: size }, (_, offset) => {
    const index = first + offset;
    return { method: 'POST', path: '/Users', bulkId: `b${index}`, data: userOf(index) };
  });
  return { schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'], Operations };
}
