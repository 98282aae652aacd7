import { scimMount } from '../endpoints/scim/index.ts';
import type { Mount } from '../http/index.ts';
import { continuation } from '../management/index.ts';
import { newId } from '../new-id.ts';
import { rememberReads } from '../storage/index.ts';
import type { ManagementParts } from './open-management.ts';

/** The SCIM endpoints of all tenants. */
export function openScim({ storage, passwords, sealing, now, reportBug }: ManagementParts): Mount {
  const cursors = continuation(sealing.deriveKey('scim cursors'));
  const remembered = rememberReads(storage, () => performance.now());
  return scimMount({ storage, remembered, passwords, cursors, now, newId, reportBug });
}
