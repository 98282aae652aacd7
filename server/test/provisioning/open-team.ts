import { addMember } from '../../src/directory/index.ts';
import type { Storage } from '../../src/storage/index.ts';
import { openTestJob, type TestJob } from './test-job.ts';

/** A group with two members, assigned to the application, and in the target. */
export async function openTeam(storage: Storage, definition: Parameters<typeof openTestJob>[1] = {}) {
  const opened = await openTestJob(storage, definition);
  const [marge, barney, operators] = [
    await opened.user('marge', { givenName: 'Marge', surname: 'Simpson', department: 'Security' }),
    await opened.user('barney'),
    await opened.group('Network Operators'),
  ];
  await join(opened, operators.id, marge.id, barney.id);
  await opened.assign(operators.id);
  await opened.look();
  return { ...opened, marge, barney, operators };
}

export async function join(opened: TestJob, groupId: string, ...memberIds: string[]) {
  for (const id of memberIds) await opened.write((stores, act) => addMember(stores, act, groupId, id));
}
