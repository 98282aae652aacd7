import {
  type ExpectedMessage,
  type MessageParameter,
  parsePost,
  parseRedirect,
  SamlStatusError,
  verifyMessage,
  verifyRedirect,
} from '@countersign/saml';
import { defaultSignatureAlgorithms, writeXml, type XmlElement } from '@countersign/xml';
import type { RelyingParty } from '../../applications/index.ts';
import { compression, xmlDigest, xmlVerificationKey } from '../../issuance/index.ts';
import { passed, type SamlCall } from './saml-call.ts';

/** A message as it came. Nothing of it is proven. */
export interface ReceivedMessage {
  element: XmlElement;
  parameter: MessageParameter;
  relayState: string | undefined;
  /** What of the message counts, by the binding's own rules for signatures. @throws SamlStatusError */
  verify(party: RelyingParty, mustBeSigned: boolean): Promise<VerifiedMessage>;
}

export interface VerifiedMessage {
  element: XmlElement;
  isSigned: boolean;
}

/** How far the clocks of peers may differ from ours, in seconds. */
export const clockSkewSeconds = 180;

/** Reads a message by the Redirect or POST binding. @throws SamlStatusError */
export async function receiveMessage({ request, tracing }: SamlCall): Promise<ReceivedMessage> {
  if (request.method === 'GET') {
    // As it came, until it is known to be more.
    tracing.note({ request: request.url.search });
    const message = await parseRedirect(request.url.search.slice(1), compression);
    tracing.note({ request: writeXml(message.element) });
    return {
      ...message,
      async verify(party, mustBeSigned) {
        const keyId = await verifyRedirect(message, trustOf(party), mustBeSigned);
        return { element: message.element, isSigned: keyId !== undefined };
      },
    };
  }
  tracing.note({ request: new TextDecoder().decode(request.body) });
  const message = parsePost(fieldsOf(request.body));
  tracing.note({ request: writeXml(message.element) });
  return { ...message, verify: (party, mustBeSigned) => verifyEnveloped(message.element, party, mustBeSigned) };
}

/** What counts of a message with the signature inside it, as by POST and SOAP. @throws SamlStatusError */
export async function verifyEnveloped(
  message: XmlElement,
  party: RelyingParty,
  mustBeSigned: boolean,
): Promise<VerifiedMessage> {
  const { element, keyId } = await verifyMessage(message, trustOf(party), mustBeSigned, xmlDigest);
  return { element, isSigned: keyId !== undefined };
}

function fieldsOf(body: Uint8Array | undefined): Record<string, string[]> {
  const fields: Record<string, string[]> = {};
  for (const [name, value] of new URLSearchParams(new TextDecoder().decode(body))) {
    if (name === '__proto__') continue;
    fields[name] = [...(fields[name] ?? []), value];
  }
  return fields;
}

/** With what an application signs. */
export function trustOf({ signingCertificates }: RelyingParty) {
  return { keys: signingCertificates.map(xmlVerificationKey), algorithms: defaultSignatureAlgorithms };
}

/** The application that a message says it is of. @throws SamlStatusError */
export async function findParty(call: SamlCall, issuer: string): Promise<RelyingParty> {
  const { options, tenant } = call;
  const party = await options.storage.read.relyingParties.findByIdentifier(tenant.id, 'saml', issuer);
  if (!party) throw new SamlStatusError('message.issuer', `No application here has the identifier "${issuer}".`);
  call.tracing.noteParty(party);
  // SAML Metadata 4.3.1
  if (party.isMetadataExpired) throw new SamlStatusError('message.issuer', `The metadata of "${issuer}" has expired.`);
  passed(call, 'message.issuer');
  return party;
}

/**
 * What every message of the application is held against.
 *
 * @param address  as the metadata have it; the tenant may be named otherwise in it
 */
export function expectedOf(
  { addresses, request, act }: SamlCall,
  { identifier }: RelyingParty,
  { isSigned }: VerifiedMessage,
  address = addresses.singleSignOn,
): ExpectedMessage {
  const destinations = [address, request.url.origin + request.url.pathname];
  return { issuer: identifier, destinations, isSigned, now: act.now, clockSkewSeconds };
}
