import {
  checkEnvelope,
  checkTimestamp,
  type Envelope,
  parseEnvelope,
  parseSecurityHeader,
  parseTokenRequest,
  SoapFault,
  type TokenRequest,
} from '@countersign/ws-federation';
import { parseXml, XmlError } from '@countersign/xml';
import type { HttpRequest } from '../http.ts';

/** How far the clocks of programs may differ from ours, in seconds. */
const clockSkewSeconds = 300;

/** A request for a token with a person's name and password. Nothing of it is proven. */
export interface PasswordRequest {
  wanted: TokenRequest;
  username: string;
  password: string;
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

/** Reads the request in a message, and checks that it is for us and of this time. @throws SoapFault */
export function readPasswordRequest(envelope: Envelope, { url, headers }: HttpRequest, now: Date): PasswordRequest {
  checkEnvelope(envelope, { addresses: [url.origin + url.pathname], httpAction: httpActionOf(headers) });
  const security = parseSecurityHeader(envelope.security);
  checkTimestamp(security, { now, clockSkewSeconds });
  const wanted = parseTokenRequest(envelope);
  const { credential } = security;
  if (credential.kind !== 'password') throw new SoapFault('security.unsupported', 'Here a password is asked for.');
  // Ignoring for whom the token shall speak would give out another one than was asked for.
  if (wanted.onBehalfOf || wanted.actAs) throw new SoapFault('trust.delegation', 'Nobody may act for others here.');
  return { wanted, username: credential.username, password: credential.password };
}

/** SOAP 1.2 part 2, 6.5.3: a parameter of the media type. Interop: MSAL and adal-node send SOAP 1.1's header with it. */
function httpActionOf(headers: HttpRequest['headers']): string | undefined {
  return headers['soapaction'] ?? /;\s*action="?([^";]*)/i.exec(headers['content-type'] ?? '')?.[1];
}
