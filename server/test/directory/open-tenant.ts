// A tenant to try the directory's functions on.
import type { Act } from '../../src/audit/index.ts';
import {
  type AttributeChange,
  createGroup,
  createTenant,
  createUser,
  type DirectoryObject,
  type Tenant,
} from '../../src/directory/index.ts';
import type { Storage, Stores } from '../../src/storage/index.ts';

const now = new Date('2026-03-01T10:00:00.000Z');

export interface TestTenant {
  tenant: Tenant;
  id: string;
  /** The act of an administrator, at this time. */
  act: (at?: Date) => Act;
  /** Runs the work in one transaction, in an act. */
  write: <Result>(work: (stores: Stores, act: Act) => Promise<Result>, at?: Date) => Promise<Result>;
  user: (name: string, attributes?: AttributeChange) => Promise<DirectoryObject>;
  group: (displayName: string, attributes?: AttributeChange) => Promise<DirectoryObject>;
  /** Verb and changes of the last audit event. */
  lastEvent: () => Promise<{ verb: string; name: string | null; changes: unknown }>;
}

let made = 0;
let ids = 0;

/** Ids that grow, so that events of one moment come in the order in which they were written. */
const newId = () => `00000000-0000-7000-8000-${String(ids++).padStart(12, '0')}`;

export async function openTenant(storage: Storage): Promise<TestTenant> {
  const name = `tenant-${made++}`;
  const actor = { kind: 'user', id: 'administrator', name: 'admin@jogcloud.com' } as const;
  const actIn = (tenantId: string, at: Date): Act => ({
    tenantId,
    actor,
    now: at,
    correlationId: 'correlation-1',
    newId,
  });
  const tenant = await storage.write((stores) =>
    createTenant(stores, actIn('', now), { name, displayName: 'Jog Cloud', initialDomain: `${name}.example` }),
  );
  const act = (at = now) => actIn(tenant.id, at);
  const write: TestTenant['write'] = (work, at = now) => storage.write((stores) => work(stores, act(at)));
  return {
    tenant,
    id: tenant.id,
    act,
    write,
    user: (userName, attributes = {}) =>
      write((stores, ofAct) =>
        createUser(stores, ofAct, {
          userPrincipalName: `${userName}@${name}.example`,
          displayName: userName,
          ...attributes,
        }),
      ),
    group: (displayName, attributes = {}) =>
      write((stores, ofAct) => createGroup(stores, ofAct, { displayName, ...attributes })),
    lastEvent: async () => {
      const [event] = await storage.read.audit.list(tenant.id, {}, 1);
      if (!event) throw new Error('There is no audit event.');
      return { verb: event.verb, name: event.object.name, changes: event.changes };
    },
  };
}
