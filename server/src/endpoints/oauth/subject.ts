import { createHmac } from 'node:crypto';
import type { OAuthClientSettings } from '../../applications/index.ts';
import type { OAuthOptions } from './stores.ts';

/** `sub` of a user for all applications of one sector, which others cannot compare with theirs (OIDC Core 8.1). */
export function pairwiseSubject(
  { deriveKey }: Pick<OAuthOptions, 'deriveKey'>,
  tenantId: string,
  sector: string,
  userId: string,
): string {
  const key = deriveKey(`pairwise subjects ${tenantId}`);
  return createHmac('sha256', key).update(`${sector}\n${userId}`).digest('base64url');
}

/** The sector of an application: the host of its sector's document, or else the one of its reply addresses. */
export function sectorOf({ sectorIdentifierUri }: OAuthClientSettings, replyAddresses: readonly string[]): string {
  return new URL(sectorIdentifierUri ?? replyAddresses[0] ?? 'about:blank').host;
}
