import { mayPassOn, passedOn } from '@countersign/saml';
import { WsFederationError } from '@countersign/ws-federation';
import { getServicePrincipal, type RelyingParty, rulesOfRelyingParty } from '../../applications/index.ts';
import { issueSecurityToken, nameIdOf, readSubject, type SecurityTokenIssued } from '../../issuance/index.ts';
import { keepActingPerson, type ProvenPerson } from './acting-person.ts';
import { methodOf } from './authentication-words.ts';
import type { WsFederationCall } from './ws-federation-call.ts';

/** What a token shall say besides the claims. */
interface Said {
  /** URI of the way of signing in that was asked for; null: whatever was reached. */
  authenticationType: string | null;
  /** The token names who acts for the person. */
  tellsActors: boolean;
}

/**
 * Issues a token about a person for an application: what its rules say of whoever signed in.
 *
 * @returns undefined when they give the person none
 * @throws WsFederationError `request.denied` where its provider lets nothing be passed on to the application; `claim.type`, SamlStatusError `assertion.unencrypted`
 */
export async function issueForPerson(
  call: WsFederationCall,
  party: RelyingParty,
  kind: RelyingParty['tokenKind'],
  person: ProvenPerson,
  { authenticationType, tellsActors }: Said,
): Promise<SecurityTokenIssued | undefined> {
  const { options, tenant, entityId, act, tracing } = call;
  const { storage, newSecret, randomBytes } = options;
  const { userId, authenticatedAt, context, accepted, actors, proxyRestriction } = person;
  if (proxyRestriction && !mayPassOn(proxyRestriction, party.identifier)) {
    throw new WsFederationError(
      'request.denied',
      'The identity provider lets nothing be passed on to this application.',
    );
  }
  const authenticationMethod = methodOf(kind, context, authenticationType);
  const principal = await getServicePrincipal(storage.read, tenant.id, party.servicePrincipalId);
  const signIn = { userId, authenticatedAt, authenticationMethod, accepted, actors };
  const subject = await readSubject(storage.read, tenant.id, principal, signIn);
  const rules = await rulesOfRelyingParty(storage.read, tenant.id, party);
  const issued = subject && (await options.issueClaims(rules, subject));
  if (issued) tracing.noteClaims(issued);
  if (!subject || !issued?.access.isPermitted) return undefined;
  const { claims } = issued;
  const naming = { storage, newSecret, tenantId: tenant.id, issuer: entityId };
  const nameId = await nameIdOf(naming, party, party.nameIdFormat, { claims, user: subject.user });
  const signer = await options.keys.signer(tenant.id);
  const issuer = { entityId, signer, now: act.now, newSecret, randomBytes };
  const content = {
    nameId,
    claims,
    authenticatedAt,
    authenticationMethod,
    actors: tellsActors ? actors : [],
    proxyRestriction: proxyRestriction && passedOn(proxyRestriction),
  };
  const token = await issueSecurityToken(issuer, party, kind, content);
  tracing.note({ token: token.statement });
  // Who brings an assertion back to act for the person goes on from what it says.
  const said = { ...person, proxyRestriction: content.proxyRestriction };
  if (party.isActingAllowed && kind !== 'jwt') await keepActingPerson(call, party, token, said);
  return token;
}
