import { type DelegatedToken, SoapFault, verifyToken, WsFederationError } from '@countersign/ws-federation';
import { defaultSignatureAlgorithms, type XmlElement } from '@countersign/xml';
import { findClient, findClientSecret, type RelyingParty } from '../../applications/index.ts';
import { xmlContentCipher, xmlDigest, xmlVerificationKey } from '../../issuance/index.ts';
import { signInByActor } from '../../sign-in/index.ts';
import { findActingPerson, type ProvenPerson } from '../ws-federation/index.ts';
import { proveAccessToken } from './prove-access-token.ts';
import type { SentRequest } from './read-message.ts';
import type { PartyCall, WsTrustCall } from './ws-trust-call.ts';

/** Tokens are of our own clock. */
const clockSkewSeconds = 0;

/**
 * Whom a request is about that an application sends in a person's name (WS-Trust 1.3 9.1, WS-Trust 1.4 9.3). It proves
 * itself by its id and a secret, and the person by an assertion or an access token that it got here: one that was made out to
 * another application would let whoever found it act as the person. The application that the new token is for must name it as an actor.
 *
 * @throws SoapFault
 */
export async function proveActor(call: PartyCall, sent: SentRequest, brought: DelegatedToken): Promise<ProvenPerson> {
  const { options, act, party, signIn } = call;
  const acting = await authenticate(call, sent);
  const { party: actor, application } = acting;
  if (!actor.isActingAllowed || !party.actors.includes(actor.identifier)) {
    throw new SoapFault('trust.delegation', `"${actor.identifier}" acts for nobody at "${party.identifier}".`);
  }
  const person = await (brought.kind === 'jwt'
    ? proveAccessToken(call, acting, brought.token)
    : proveAssertion(call, acting, sent.document, brought.token));
  const { userId, authenticatedAt, home } = person;
  const acted = { ...signIn, actor: application, userId, authenticatedAt, home };
  const user = await signInByActor(options.storage, act, acted);
  if (!user) throw new SoapFault('trust.delegation', `The sign-in of ${userId} does not count there any more.`);
  return { ...person, actors: [actor.identifier, ...person.actors] };
}

async function proveAssertion(
  call: WsTrustCall,
  { party }: Actor,
  document: XmlElement,
  token: XmlElement,
): Promise<ProvenPerson> {
  const { id } = await verify(call, party, document, token);
  const person = await findActingPerson(call, party, id);
  if (!person) throw new SoapFault('trust.delegation', `The token ${id} is of no sign-in that is remembered.`);
  return person;
}

/** The application that acts. */
export interface Actor {
  party: RelyingParty;
  application: { id: string; appId: string; displayName: string };
}

/** The application that proves itself by a secret. */
async function authenticate({ options, tenant, act }: WsTrustCall, { credential }: SentRequest): Promise<Actor> {
  if (credential.kind !== 'password') {
    throw new SoapFault('security.unsupported', 'An application that acts for a person proves itself by its secret.');
  }
  const { read } = options.storage;
  const client = await findClient(read, tenant.id, credential.username);
  const secrets = client ? await read.clientSecrets.list(tenant.id, client.credentialOwnerIds) : [];
  const isProven = findClientSecret(secrets, credential.password, act.now)?.state === 'valid';
  if (!client?.servicePrincipal.attributes.accountEnabled || !isProven) {
    throw new SoapFault('security.authentication', 'No application has this id and secret.');
  }
  const party = await read.relyingParties.find(tenant.id, client.servicePrincipal.id);
  if (!party) throw new SoapFault('trust.delegation', 'The application gets no tokens itself.');
  const { appId, displayName } = client.servicePrincipal.attributes;
  return { party, application: { id: client.servicePrincipal.id, appId, displayName } };
}

async function verify(
  { options, tenant, entityId, act }: WsTrustCall,
  actor: RelyingParty,
  document: XmlElement,
  token: XmlElement,
) {
  const { keys } = await options.keys.jwks(tenant.id);
  const signatures = {
    keys: keys.map(({ x5c }) => xmlVerificationKey(x5c[0])),
    algorithms: defaultSignatureAlgorithms,
  };
  const expected = {
    issuer: entityId,
    audiences: [actor.identifier],
    recipients: actor.replyAddresses.map(({ location }) => location),
    now: act.now,
    clockSkewSeconds,
  };
  const cryptography = { digest: xmlDigest, cipher: xmlContentCipher };
  return verifyToken({ document, token }, { signatures }, expected, cryptography).catch((error) => {
    if (!(error instanceof WsFederationError)) throw error;
    throw new SoapFault('trust.delegation', `${error.reason} (${error.spec}): ${error.message}`, { cause: error });
  });
}
