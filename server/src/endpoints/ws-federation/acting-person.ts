import type { RelyingParty } from '../../applications/index.ts';
import type { SecurityTokenIssued } from '../../issuance/index.ts';
import { type CompletedSignIn, digestOf } from '../../sign-in/index.ts';
import type { WsFederationCall } from './ws-federation-call.ts';

/** Of whom a token speaks, how the person proved to be there, and who acts for the person. */
export interface ProvenPerson
  extends Pick<CompletedSignIn, 'userId' | 'authenticatedAt' | 'context' | 'home' | 'accepted' | 'proxyRestriction'> {
  /** Identifiers of applications; whoever acts now first. Empty: the person is there. */
  actors: readonly string[];
}

const kind = 'securityToken';

/**
 * Remembers whom a token is about that its application may bring back to act for the person. What the token says is what
 * rules made of the person, and proves to us nothing of who it is.
 */
export async function keepActingPerson(
  { options, tenant }: WsFederationCall,
  { servicePrincipalId }: RelyingParty,
  { id, expiresAt }: SecurityTokenIssued,
  person: ProvenPerson,
): Promise<void> {
  const content = { ...person, authenticatedAt: person.authenticatedAt.toISOString(), servicePrincipalId };
  const row = { kind, digest: digestOf(id), familyDigest: null, aliasDigest: null, content, expiresAt } as const;
  await options.storage.write(({ redeemables }) => redeemables.save(tenant.id, row));
}

/** Whom the token of that id is about, if the application got it. */
export async function findActingPerson(
  { options, tenant }: WsFederationCall,
  { servicePrincipalId }: RelyingParty,
  tokenId: string,
): Promise<ProvenPerson | undefined> {
  const found = await options.storage.read.redeemables.find(tenant.id, kind, digestOf(tokenId));
  if (found?.content['servicePrincipalId'] !== servicePrincipalId) return undefined;
  const person = found.content as unknown as Kept;
  return { ...person, authenticatedAt: new Date(person.authenticatedAt) };
}

type Kept = Omit<ProvenPerson, 'authenticatedAt'> & { authenticatedAt: string };
