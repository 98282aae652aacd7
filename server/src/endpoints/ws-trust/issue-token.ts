import { buildTokenAnswer, SoapFault, soapRefusals } from '@countersign/ws-federation';
import type { XmlElement } from '@countersign/xml';
import { getServicePrincipal, type RelyingParty } from '../../applications/index.ts';
import type { ProgramSignIn } from '../../sign-in/index.ts';
import { getFlow } from '../../user-flows/index.ts';
import { issueForPerson } from '../ws-federation/index.ts';
import { proveActor } from './prove-actor.ts';
import { provePerson } from './prove-person.ts';
import type { SentRequest } from './read-message.ts';
import type { WsTrustCall } from './ws-trust-call.ts';

/**
 * Issues a token for an application to a program (WS-Trust 1.3 4), which sends a person's password or token, or acts for
 * somebody whose token it got.
 *
 * @throws SoapFault; TemporaryFailure when too many passwords wait to be checked
 */
export async function issueToken(call: WsTrustCall, sent: SentRequest): Promise<XmlElement> {
  const { version, context, tokenType, appliesTo, onBehalfOf, actAs, kind: wantedKind } = sent.wanted;
  const party = await findParty(call, appliesTo);
  if (wantedKind === 'jwt' && party.tokenKind !== 'jwt') {
    throw new SoapFault('trust.token_type', `"${appliesTo}" takes no JSON Web Tokens.`);
  }
  const partyCall = { ...call, party, signIn: await programSignIn(call, party) };
  const actedFor = onBehalfOf ?? actAs;
  const person = actedFor ? await proveActor(partyCall, sent, actedFor) : await provePerson(partyCall, sent);
  const kind = wantedKind ?? party.tokenKind;
  // WS-Trust 1.4 9.3: a token that was asked for with ActAs speaks of both; OnBehalfOf leaves out who asks.
  const said = { authenticationType: null, tellsActors: actAs !== undefined };
  const issued = await issueForPerson(call, party, kind, person, said);
  if (!issued) throw new SoapFault('security.authentication', 'The application’s rules give this person no token.');
  const check = actedFor ? 'trust.delegation' : 'security.authentication';
  call.tracing.passed(check, soapRefusals[check].spec);
  await call.options.storage.write(({ signInTraces }) => signInTraces.save(call.tenant.id, call.tracing.trace));
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
    relatesTo: sent.relatesTo,
  });
}

async function findParty({ options, tenant, tracing }: WsTrustCall, appliesTo: string): Promise<RelyingParty> {
  const { relyingParties } = options.storage.read;
  const party = await relyingParties.findByIdentifier(tenant.id, 'wsFederation', appliesTo);
  if (!party) throw new SoapFault('trust.applies_to', `No application here has the realm "${appliesTo}".`);
  tracing.noteParty(party);
  // SAML Metadata 4.3.1, which WS-Federation 1.2 3.1 builds on.
  if (party.isMetadataExpired) throw new SoapFault('trust.applies_to', `The metadata of "${appliesTo}" has expired.`);
  tracing.passed('trust.applies_to', soapRefusals['trust.applies_to'].spec);
  return party;
}

async function programSignIn(
  { options, tenant, request }: WsTrustCall,
  { servicePrincipalId }: RelyingParty,
): Promise<ProgramSignIn> {
  const { read } = options.storage;
  const { id, attributes } = await getServicePrincipal(read, tenant.id, servicePrincipalId);
  const { appId, displayName } = attributes;
  return {
    tenant,
    flow: await getFlow(read, tenant.id, null),
    application: { id, appId, displayName },
    address: request.remoteAddress,
    userAgent: (request.headers['user-agent'] ?? '').slice(0, 512),
  };
}
