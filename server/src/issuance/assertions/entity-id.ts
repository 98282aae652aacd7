/**
 * The name of a tenant as an issuer of assertions, and the entity of its metadata. It is the same whatever host is asked,
 * since peers compare it.
 */
export function entityIdOf({ origin }: URL, tenantId: string): string {
  return `${origin}/${tenantId}/`;
}
