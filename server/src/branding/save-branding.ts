import { type Act, type AuditStore, auditEvent } from '../audit/index.ts';
import type { Branding } from './branding.ts';
import { checkBranding } from './check-branding.ts';
import type { BrandingStore } from './store.ts';

interface Reading {
  branding: BrandingStore;
}
type Writing = Reading & { audit: AuditStore };

/** What a tenant has that has chosen nothing. */
export const noBranding: Branding = {
  colours: null,
  corners: 'round',
  logo: null,
  icon: null,
  links: [],
  texts: {},
  styleSheet: null,
  frame: null,
};

export async function getBranding({ branding }: Reading, tenantId: string): Promise<Branding> {
  return (await branding.find(tenantId)) ?? noBranding;
}

/**
 * Changes the look of the tenant's pages; what is left out stays as it is.
 * @throws Refusal `branding.invalid`
 */
export async function saveBranding(stores: Writing, act: Act, change: Partial<Branding>): Promise<Branding> {
  const before = await getBranding(stores, act.tenantId);
  const after = { ...before, ...change };
  checkBranding(after);
  await stores.branding.save(act.tenantId, after);
  const properties = Object.keys(change) as (keyof Branding)[];
  const changes = properties
    .filter((property) => JSON.stringify(before[property]) !== JSON.stringify(after[property]))
    .map((property) => ({ property, before: told(before, property), after: told(after, property) }));
  await stores.audit.append([auditEvent(act, 'branding.save', objectOf(act), changes)]);
  return after;
}

/** Goes back to our own look. False when there was nothing else. */
export async function removeBranding(stores: Writing, act: Act): Promise<boolean> {
  const isRemoved = await stores.branding.remove(act.tenantId);
  if (isRemoved) await stores.audit.append([auditEvent(act, 'branding.remove', objectOf(act), [])]);
  return isRemoved;
}

function objectOf({ tenantId }: Act) {
  return { kind: 'branding', id: tenantId, name: null };
}

/** As the audit log keeps it: of a picture only its type. */
function told(branding: Branding, property: keyof Branding): string | null {
  const value = branding[property];
  if (value === null || typeof value === 'string') return value;
  return property === 'logo' || property === 'icon' ? (branding[property]?.contentType ?? null) : JSON.stringify(value);
}
