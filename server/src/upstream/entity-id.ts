/** Our name for SAML and WS-Federation, the same as the one under which we are an identity provider. */
export function entityIdOf({ origin }: URL, tenantId: string): string {
  return `${origin}/${tenantId}/`;
}
