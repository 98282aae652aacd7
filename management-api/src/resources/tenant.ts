import { z } from 'zod';
import { dateTime, resource, text, texts } from './property.ts';
import { retention } from './retention.ts';

/** An organization that the hub serves, as administrators of the hub see it. */
export const tenant = resource('countersign.tenant', {
  ...retention,
  createdDateTime: dateTime,
  displayName: text,
  domains: texts,
  /** Host names that lead to this tenant only. */
  hosts: texts,
  /** Short name, usable in URLs. */
  name: text,
});

export const createTenantRequest = z.strictObject({
  displayName: z.string(),
  hosts: texts.optional(),
  /** Default: `<name>.onmicrosoft.com`. */
  initialDomain: z.string().optional(),
  name: z.string(),
});

export const updateTenantRequest = z
  .strictObject({ ...retention, displayName: z.string(), name: z.string() })
  .partial();

export const tenantDomainRequest = z.strictObject({ domain: z.string() });

export const tenantHostRequest = z.strictObject({ host: z.string() });
