import { buildTokenAnswer, SoapFault, soapRefusals } from '@countersign/ws-federation';
import type { XmlElement } from '@countersign/xml';
import { getServicePrincipal, type RelyingParty } from '../../applications/index.ts';
import { signInByPassword } from '../../sign-in/index.ts';
import { getFlow } from '../../user-flows/index.ts';
import { issueForPerson, methodOf } from '../ws-federation/index.ts';
import type { PasswordRequest } from './read-message.ts';
import type { WsTrustCall } from './ws-trust-call.ts';

/**
 * Issues a token for an application to a program that sends a person's password (WS-Trust 1.3 4).
 *
 * @throws SoapFault; TemporaryFailure when too many passwords wait to be checked
 */
export async function issueToken(
  call: WsTrustCall,
  sent: PasswordRequest,
  relatesTo: string | undefined,
): Promise<XmlElement> {
  const { wanted } = sent;
  const party = await findParty(call, wanted.appliesTo);
  const userId = await signIn(call, party, sent);
  const kind = wanted.kind ?? party.tokenKind;
  const authenticationMethod = methodOf(kind, 'singleFactor', null);
  const issued = await issueForPerson(call, party, kind, {
    userId,
    authenticatedAt: call.act.now,
    authenticationMethod,
  });
  if (!issued) {
    throw new SoapFault('security.authentication', 'The application’s rules give this person no token.');
  }
  call.tracing.passed('security.authentication', soapRefusals['security.authentication'].spec);
  await call.options.storage.write(({ signInTraces }) => signInTraces.save(call.tenant.id, call.tracing.trace));
  const { version, context, tokenType, appliesTo } = wanted;
  const { element: token, id: tokenId, createdAt, expiresAt } = issued;
  return buildTokenAnswer({
    version,
    context,
    tokenType,
    appliesTo,
    kind,
    token,
    tokenId,
    createdAt,
    expiresAt,
    relatesTo,
  });
}

async function findParty({ options, tenant, tracing }: WsTrustCall, appliesTo: string): Promise<RelyingParty> {
  const { relyingParties } = options.storage.read;
  const party = await relyingParties.findByIdentifier(tenant.id, 'wsFederation', appliesTo);
  if (!party) throw new SoapFault('trust.applies_to', `No application here has the realm "${appliesTo}".`);
  tracing.noteParty(party);
  if (!party.isPasswordRequestAllowed) {
    throw new SoapFault('trust.applies_to', `The application "${appliesTo}" allows no requests with passwords.`);
  }
  tracing.passed('trust.applies_to', soapRefusals['trust.applies_to'].spec);
  return party;
}

/** Whoever is wrong about the name, the password or the time learns no more than that. @returns the id of the user */
async function signIn(
  { options, tenant, request, act }: WsTrustCall,
  { servicePrincipalId }: RelyingParty,
  { username, password }: PasswordRequest,
): Promise<string> {
  const { storage, passwords } = options;
  const { id, attributes } = await getServicePrincipal(storage.read, tenant.id, servicePrincipalId);
  const { appId, displayName } = attributes;
  const proof = await signInByPassword(storage, passwords, act, {
    tenant,
    flow: await getFlow(storage.read, tenant.id, null),
    application: { id, appId, displayName },
    name: username,
    password,
    address: request.remoteAddress,
    userAgent: (request.headers['user-agent'] ?? '').slice(0, 512),
  });
  if (proof.outcome === 'completed') return proof.user.id;
  throw new SoapFault('security.authentication', `The sign-in was refused: ${proof.reason}.`);
}
