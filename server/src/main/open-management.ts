import { randomBytes } from 'node:crypto';
import { resolveTxt } from 'node:dns/promises';
import { azureManagementAppId, findClient, microsoftGraphAppId } from '../applications/index.ts';
import type { PasswordHasher } from '../directory/index.ts';
import { accessTokenVerifier, dpopNonces, type KeyRing, type ProofChecks } from '../issuance/index.ts';
import {
  continuation,
  type GraphMount,
  type GraphOptions,
  graphMount,
  type ResourceManagerMount,
  resourceManagerMount,
} from '../management/index.ts';
import { newId } from '../new-id.ts';
import { outboundFetch } from '../outbound/index.ts';
import type { Sealing, Storage } from '../storage/index.ts';
import { openTargets, type TargetAccess } from './open-targets.ts';

export interface ManagementParts {
  storage: Storage;
  sealing: Sealing;
  passwords: PasswordHasher;
  hubTenantId: string;
  targetAccess: TargetAccess;
  now: () => Date;
  reportBug: GraphOptions['reportBug'];
}

/** The management API for callers with tokens that the hub signed. */
export function openManagement(parts: ManagementParts, keys: KeyRing, publicUrl: URL): GraphMount {
  return mountFor(parts, verifierOf(parts, keys, publicUrl, graphAudiences), publicUrl);
}

/** The APIs that answer the tools of clouds, in the shape of Azure Resource Manager. */
export function openResourceManager(parts: ManagementParts, keys: KeyRing, publicUrl: URL): ResourceManagerMount {
  const verifyToken = verifierOf(parts, keys, publicUrl, () => resourceManagerAudiences);
  return resourceManagerMount({ storage: parts.storage, publicUrl, verifyToken });
}

/** Verifies tokens for an API, which is called by any of these names. */
function verifierOf(
  { storage, sealing, now }: ManagementParts,
  keys: KeyRing,
  publicUrl: URL,
  audiencesOf: (publicUrl: URL) => ReadonlySet<string>,
): GraphOptions['verifyToken'] {
  const isHostOf = async (host: string, tenantId: string) =>
    (await storage.read.tenants.resolveHost(host))?.id === tenantId;
  const proofs: ProofChecks = {
    nonces: dpopNonces(sealing.deriveKey('DPoP nonces of APIs')),
    demandsNonce: async (tenantId, clientId) =>
      (await findClient(storage.read, tenantId, clientId))?.oauthClient.requireDpopNonces === true,
    useId: (tenantId, id, until) => storage.write(({ usedIds }) => usedIds.use(tenantId, id, until)),
  };
  let verify: GraphOptions['verifyToken'] | undefined;
  return (...sent) => {
    // Not before the first token: with port 0 the address is known only when the server listens.
    verify ??= accessTokenVerifier(keys, { publicUrl, audiences: audiencesOf(publicUrl), isHostOf, proofs, now });
    return verify(...sent);
  };
}

/** The management API with other ways to know the caller: for what the hub does by it itself. */
export function mountFor(parts: ManagementParts, verifyToken: GraphOptions['verifyToken'], publicUrl: URL): GraphMount {
  const { storage, passwords, hubTenantId, targetAccess, now, reportBug } = parts;
  return graphMount({
    storage,
    passwords,
    hubTenantId,
    publicUrl,
    openTarget: openTargets(targetAccess),
    fetchMetadata: outboundFetch(targetAccess.allowedPrivateNetworks, { authorities: targetAccess.authorities }),
    now,
    newId,
    randomBytes,
    reportBug,
    verifyToken,
    continuation: continuation(parts.sealing.deriveKey('continuation')),
    resolveTxt: async (domain) => (await resolveTxt(domain).catch(() => [])).map((parts) => parts.join('')),
  });
}

/** Our own address, and what Microsoft's clients call Microsoft Graph, each with and without a slash at its end. */
function graphAudiences(publicUrl: URL): ReadonlySet<string> {
  return new Set([microsoftGraphAppId, ...withSlash([publicUrl.origin, 'https://graph.microsoft.com'])]);
}

/** What Microsoft's clients call Azure Resource Manager, by its new and its old name. */
const resourceManagerAudiences: ReadonlySet<string> = new Set([
  azureManagementAppId,
  ...withSlash(['https://management.azure.com', 'https://management.core.windows.net']),
]);

function withSlash(names: readonly string[]): string[] {
  return names.flatMap((name) => [name, `${name}/`]);
}
