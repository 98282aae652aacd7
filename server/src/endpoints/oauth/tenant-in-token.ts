import type { Provider } from 'oidc-provider';

/**
 * Puts the tenant's id behind the random part of codes and refresh tokens, so that they can be redeemed at an address that
 * names no tenant. It leads to the tenant and proves nothing: the whole value is looked up there.
 */
export function nameTenantInTokens(provider: Provider, tenantId: string): void {
  const suffix = tenantSuffix(tenantId);
  for (const { prototype } of [provider.AuthorizationCode, provider.RefreshToken, provider.DeviceCode]) {
    const model = prototype as unknown as { generateTokenId(): string };
    const generate = model.generateTokenId;
    model.generateTokenId = function (this: object) {
      return generate.call(this) + suffix;
    };
  }
}

/** What such a value ends with. */
export function tenantSuffix(tenantId: string): string {
  return `.${Buffer.from(tenantId.replaceAll('-', ''), 'hex').toString('base64url')}`;
}

/** The tenant that a code or refresh token names. */
export function tenantInToken(token: string): string | undefined {
  const hex = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('hex');
  const [, ...parts] = /^(.{8})(.{4})(.{4})(.{4})(.{12})$/.exec(hex) ?? [];
  return parts.length > 0 ? parts.join('-') : undefined;
}
