import {
  type Credential,
  checkEnvelope,
  checkTimestamp,
  type Envelope,
  parseEnvelope,
  parseSecurityHeader,
  parseTokenRequest,
  SoapFault,
  type TokenRequest,
} from '@countersign/ws-federation';
import { parseXml, type XmlElement, XmlError } from '@countersign/xml';
import type { HttpRequest } from '../http.ts';

/** How far the clocks of programs may differ from ours, in seconds. */
const clockSkewSeconds = 300;

/** A request for a token. Nothing of it is proven. */
export interface SentRequest {
  wanted: TokenRequest;
  credential: Credential;
  /** The address to which it came. */
  address: string;
  /** The whole message, in which tokens stand. */
  document: XmlElement;
  relatesTo: string | undefined;
}

/** Reads a SOAP message as it came. @throws SoapFault */
export function readEnvelope({ body }: HttpRequest): Envelope {
  try {
    return parseEnvelope(parseXml(new TextDecoder().decode(body)));
  } catch (error) {
    if (error instanceof XmlError) throw new SoapFault('soap.content', error.message, { cause: error });
    throw error;
  }
}

/**
 * Reads the request in a message, and checks that it is for us and of this time.
 *
 * @param kind  of credential that is taken at the address
 * @throws SoapFault
 */
export function readTokenRequest(
  envelope: Envelope,
  { url, headers }: HttpRequest,
  kind: Credential['kind'],
  now: Date,
): SentRequest {
  const address = url.origin + url.pathname;
  checkEnvelope(envelope, { addresses: [address], httpAction: httpActionOf(headers) });
  const security = parseSecurityHeader(envelope.security);
  checkTimestamp(security, { now, clockSkewSeconds });
  const wanted = parseTokenRequest(envelope);
  const { credential } = security;
  if (credential.kind !== kind) throw new SoapFault('security.unsupported', `Here a ${kind} is asked for.`);
  return { wanted, credential, address, document: envelope.document, relatesTo: envelope.messageId };
}

/** SOAP 1.2 part 2, 6.5.3: a parameter of the media type. Interop: MSAL and adal-node send SOAP 1.1's header with it. */
function httpActionOf(headers: HttpRequest['headers']): string | undefined {
  return headers['soapaction'] ?? /;\s*action="?([^";]*)/i.exec(headers['content-type'] ?? '')?.[1];
}
