import { randomBytes } from 'node:crypto';
import { resolveTxt } from 'node:dns/promises';
import { availableParallelism } from 'node:os';
import { microsoftGraphAppId } from '../applications/index.ts';
import { type PasswordHasher, passwordHasher } from '../directory/index.ts';
import { type KeyRing, verifyAccessToken } from '../issuance/index.ts';
import { continuation, type GraphMount, type GraphOptions, graphMount } from '../management/index.ts';
import { newId } from '../new-id.ts';
import type { Sealing, Storage } from '../storage/index.ts';

/** Passwords that may wait for their turn before others are told to come again. */
const mostWaitingPasswords = 200;

/** One hasher for the whole process: it bounds memory and leaves a core to everything else. */
export function openPasswords(): PasswordHasher {
  return passwordHasher(Math.max(1, availableParallelism() - 1), mostWaitingPasswords);
}

export interface ManagementParts {
  storage: Storage;
  sealing: Sealing;
  passwords: PasswordHasher;
  hubTenantId: string;
  now: () => Date;
  reportBug: GraphOptions['reportBug'];
}

/** The management API for callers with tokens that the hub signed. */
export function openManagement(parts: ManagementParts, keys: KeyRing, publicUrl: URL): GraphMount {
  const audiences = managementAudiences(publicUrl);
  return mountFor(parts, (token) => verifyAccessToken(keys, token, { publicUrl, audiences, now: parts.now() }));
}

/** The management API with other ways to know the caller: for what the hub does by it itself. */
export function mountFor(parts: ManagementParts, verifyToken: GraphOptions['verifyToken']): GraphMount {
  const { storage, passwords, hubTenantId, now, reportBug } = parts;
  return graphMount({
    storage,
    passwords,
    hubTenantId,
    now,
    newId,
    randomBytes,
    reportBug,
    verifyToken,
    continuation: continuation(parts.sealing.deriveKey('continuation')),
    resolveTxt: async (domain) => (await resolveTxt(domain).catch(() => [])).map((parts) => parts.join('')),
  });
}

/**
 * Names under which tokens for the management API are asked for: our own address, and what Microsoft's clients call
 * Microsoft Graph, each with and without a slash at its end.
 */
export function managementAudiences(publicUrl: URL): ReadonlySet<string> {
  const names = [publicUrl.origin, 'https://graph.microsoft.com'];
  return new Set([microsoftGraphAppId, ...names, ...names.map((name) => `${name}/`)]);
}
