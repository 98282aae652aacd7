import type { Handler } from '../handler.ts';
import type { ItemKind } from '../item.ts';
import { directoryRole } from './directory-role.ts';
import { group, groupOwner, member } from './group.ts';
import { domain, host, tenant } from './tenant.ts';
import { manager, user } from './user.ts';

/** How each kind of item is read and brought into step. */
export const handlers: Readonly<Partial<Record<ItemKind, Handler>>> = {
  tenant,
  domain,
  host,
  user,
  group,
  manager,
  member,
  groupOwner,
  directoryRole,
};
