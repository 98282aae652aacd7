import { type Credential, issuerOf, SoapFault } from '@countersign/ws-federation';
import type { XmlElement } from '@countersign/xml';
import { ownAccounts, signInByPassword, signInByToken } from '../../sign-in/index.ts';
import type { ProvenPerson } from '../ws-federation/index.ts';
import type { SentRequest } from './read-message.ts';
import type { PartyCall } from './ws-trust-call.ts';

/**
 * Whom a request is about that nobody sends in another's name: whoever the password or the token proves to be there.
 *
 * @throws SoapFault
 */
export function provePerson(call: PartyCall, sent: SentRequest): Promise<ProvenPerson> {
  const { credential } = sent;
  return credential.kind === 'password' ? byPassword(call, credential) : byToken(call, sent, credential.token);
}

const byLocalPassword = { context: 'singleFactor', home: ownAccounts, accepted: [], actors: [] } as const;

type Password = Extract<Credential, { kind: 'password' }>;

/** Whoever is wrong about the name, the password or the time learns no more than that. */
async function byPassword(call: PartyCall, { username: name, password }: Password): Promise<ProvenPerson> {
  const { options, act, party, signIn } = call;
  if (!party.isPasswordRequestAllowed) throw notAllowed(call, 'passwords');
  const proof = await signInByPassword(options.storage, options.passwords, act, { ...signIn, name, password });
  if (proof.outcome === 'refused') {
    throw new SoapFault('security.authentication', `The sign-in was refused: ${proof.reason}.`);
  }
  return { userId: proof.user.id, authenticatedAt: act.now, ...byLocalPassword };
}

async function byToken(call: PartyCall, { document, address }: SentRequest, token: XmlElement): Promise<ProvenPerson> {
  const { options, act, party, signIn, entityId } = call;
  if (!party.isTokenRequestAllowed) throw notAllowed(call, 'tokens');
  const issuer = issuerOf(token);
  // SAML Core 2.5.1.4: our own are made out to applications and never to us, or each could be anybody at every other.
  if (issuer === entityId) throw new SoapFault('security.own_token', 'Its issuer is the tenant itself.');
  const presented = { ...signIn, issuer, document, token, addresses: [address] };
  const proof = await signInByToken(options.storage, options.upstream, act, presented);
  if (proof.outcome === 'refused') throw new SoapFault('security.token', `${proof.reason}: ${proof.detail}`);
  const { user, authenticatedAt, context, home, accepted, proxyRestriction } = proof;
  return { userId: user.id, authenticatedAt, context, home, accepted, proxyRestriction, actors: [] };
}

function notAllowed({ party }: PartyCall, what: string): SoapFault {
  return new SoapFault('trust.applies_to', `The application "${party.identifier}" allows no requests with ${what}.`);
}
