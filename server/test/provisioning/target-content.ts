import assert from 'node:assert/strict';
import type { TestJob } from './test-job.ts';

/** The user of the target whose user name begins so. */
export function userOf({ fake }: TestJob, name: string) {
  const found = fake.users().find((user) => String(user['userName']).startsWith(`${name}@`));
  assert.ok(found, `${name} is in the target`);
  return found;
}

/** The members of the target's first group. */
export function memberIds({ fake }: TestJob): unknown[] {
  const [group] = fake.groups();
  const members = group?.['members'];
  return Array.isArray(members) ? members.map((member) => (member as { value: string }).value) : [];
}
