import {
  type AuthnRequest,
  checkAuthnRequest,
  parseAuthnRequest,
  parsePost,
  parseRedirect,
  SamlStatusError,
  verifyMessage,
  verifyRedirect,
} from '@countersign/saml';
import { defaultSignatureAlgorithms, type XmlElement } from '@countersign/xml';
import type { RelyingParty } from '../../applications/index.ts';
import { compression, xmlDigest, xmlVerificationKey } from '../../issuance/index.ts';
import type { SamlCall } from './saml-call.ts';

/** A request that is proven as far as the trust asks, and who sent it. */
export interface ReceivedRequest {
  party: RelyingParty;
  request: AuthnRequest;
  relayState: string | undefined;
}

/** How far the clocks of peers may differ from ours, in seconds. */
export const clockSkewSeconds = 180;

/**
 * Reads an AuthnRequest as it came and proves it: the signature with the keys of the application that it names, where there
 * is one or must be one.
 *
 * @throws SamlStatusError
 */
export async function readAuthnRequest(call: SamlCall): Promise<ReceivedRequest> {
  const { request: arrived, addresses, act } = call;
  const { element, relayState, parameter, verify } = await readMessage(call);
  if (parameter !== 'SAMLRequest') throw new SamlStatusError('message.kind', 'A SAMLRequest was expected.');
  const party = await findParty(call, parseAuthnRequest(element).issuer);
  const verified = await verify(party);
  const request = parseAuthnRequest(verified.element);
  checkAuthnRequest(request, {
    issuer: party.identifier,
    destinations: [addresses.singleSignOn, arrived.url.origin + arrived.url.pathname],
    isSigned: verified.isSigned,
    now: act.now,
    clockSkewSeconds,
  });
  return { party, request, relayState };
}

interface ReadMessage {
  element: XmlElement;
  parameter: string;
  relayState: string | undefined;
  /** What of the message counts, by the binding's own rules for signatures. */
  verify(party: RelyingParty): Promise<{ element: XmlElement; isSigned: boolean }>;
}

async function readMessage({ request }: SamlCall): Promise<ReadMessage> {
  if (request.method === 'GET') {
    const message = await parseRedirect(request.url.search.slice(1), compression);
    return {
      ...message,
      async verify(party) {
        const keyId = await verifyRedirect(message, trustOf(party), party.mustSignRequests);
        return { element: message.element, isSigned: keyId !== undefined };
      },
    };
  }
  const message = parsePost(fieldsOf(request.body));
  return {
    ...message,
    async verify(party) {
      const verified = await verifyMessage(message.element, trustOf(party), party.mustSignRequests, xmlDigest);
      return { element: verified.element, isSigned: verified.keyId !== undefined };
    },
  };
}

function fieldsOf(body: Uint8Array | undefined): Record<string, string[]> {
  const fields: Record<string, string[]> = {};
  for (const [name, value] of new URLSearchParams(new TextDecoder().decode(body))) {
    if (name === '__proto__') continue;
    fields[name] = [...(fields[name] ?? []), value];
  }
  return fields;
}

function trustOf({ signingCertificates }: RelyingParty) {
  return { keys: signingCertificates.map(xmlVerificationKey), algorithms: defaultSignatureAlgorithms };
}

async function findParty({ options, tenant }: SamlCall, issuer: string): Promise<RelyingParty> {
  const party = await options.storage.read.relyingParties.findByIdentifier(tenant.id, 'saml', issuer);
  if (!party) throw new SamlStatusError('message.issuer', `No application here has the identifier "${issuer}".`);
  return party;
}
