import { writeXml } from '@countersign/xml';
import { getServicePrincipal, type RelyingParty } from '../../applications/index.ts';
import { issueSecurityToken, nameIdOf, readSubject, type SecurityTokenIssued } from '../../issuance/index.ts';
import type { WsFederationCall } from './ws-federation-call.ts';

/**
 * Issues a token about a person for an application: what its rules say of whoever signed in.
 *
 * @returns undefined when they give the person none
 * @throws WsFederationError `claim.type`, SamlStatusError `assertion.unencrypted`
 */
export async function issueForPerson(
  { options, tenant, entityId, act, tracing }: WsFederationCall,
  party: RelyingParty,
  kind: RelyingParty['tokenKind'],
  signIn: Parameters<typeof readSubject>[3],
): Promise<SecurityTokenIssued | undefined> {
  const { storage, newSecret, randomBytes } = options;
  const principal = await getServicePrincipal(storage.read, tenant.id, party.servicePrincipalId);
  const subject = await readSubject(storage.read, tenant.id, principal, signIn);
  const issued = subject && (await options.issueClaims(party, subject));
  if (issued) tracing.noteClaims(issued);
  if (!subject || !issued?.access.isPermitted) return undefined;
  const { claims } = issued;
  const naming = { storage, newSecret, tenantId: tenant.id, issuer: entityId };
  const nameId = await nameIdOf(naming, party, party.nameIdFormat, { claims, user: subject.user });
  const signer = await options.keys.signer(tenant.id);
  const issuer = { entityId, signer, now: act.now, newSecret, randomBytes };
  const { authenticatedAt, authenticationMethod } = signIn;
  const content = { nameId, claims, authenticatedAt, authenticationMethod };
  const token = await issueSecurityToken(issuer, party, kind, content);
  tracing.note({ token: writeXml(token.unsigned) });
  return token;
}
