import { type Digest, parseXml, type SignatureTrust, type Signer, writeXml, type XmlElement } from '@countersign/xml';
import { buildSoapFault, soapHeaders, soapRequestHeaders, unwrapSoap, wrapInSoap } from './bindings/soap.ts';
import { reading, readingLater, SamlStatusError } from './errors.ts';
import {
  buildLogoutRequest,
  buildLogoutResponse,
  checkLogoutResponse,
  type LogoutRequest,
  parseLogoutResponse,
} from './logout.ts';
import { parseRequestHeader } from './message.ts';
import { signSaml } from './seal-response.ts';
import { failureIn, type Status, statusOf } from './status.ts';
import { verifyMessage } from './verify-message.ts';

// Single logout without a browser (SAML Profiles 4.4.3, SAML Bindings 3.2): request and response on one connection.

/** What {@link askLogoutBySoap} needs. */
export interface SoapLogoutAsking {
  /** Entity identifier of whom is asked. */
  peer: string;
  signer: Signer;
  digest: Digest;
  /** With what the peer signs. */
  trust: SignatureTrust;
  clockSkewSeconds: number;
  /** Posts to the request's destination. Throws whatever it likes when nobody answers. */
  exchange(posted: { headers: Record<string, string>; body: string }): Promise<{ status: number; body: Uint8Array }>;
}

/**
 * Asks a peer to end a session, by a signed request (SAML Profiles 4.4.4.1). A signature of the answer counts when it is
 * there: the connection has proven the peer otherwise (4.4.4.2).
 *
 * @returns why its session may go on; undefined when it has ended
 */
export async function askLogoutBySoap(
  request: LogoutRequest,
  { peer: issuer, signer, digest, trust, clockSkewSeconds, exchange }: SoapLogoutAsking,
): Promise<string | undefined> {
  const signed = await signSaml(buildLogoutRequest(request), { signer, digest });
  const answer = await exchange({ headers: soapRequestHeaders, body: writeXml(wrapInSoap(signed)) }).catch(String);
  if (typeof answer === 'string') return answer;
  try {
    // SOAP 1.1 6.2: faults have the status 500.
    if (answer.status !== 200 && answer.status !== 500) {
      throw new SamlStatusError('soap.answer', `It has the HTTP status ${answer.status}.`);
    }
    const message = reading(() => unwrapSoap(parseXml(answer.body)));
    const { element } = await verifyMessage(message, trust, false, digest);
    const { destination: _, ...response } = parseLogoutResponse(element);
    const expected = { issuer, destinations: [], isSigned: false, now: request.issueInstant, clockSkewSeconds };
    checkLogoutResponse(response, { ...expected, inResponseTo: request.id });
    return failureIn(response.status);
  } catch (error) {
    if (!(error instanceof SamlStatusError)) throw error;
    return `${error.reason}: ${error.message}`;
  }
}

/** Interop: pysaml2 takes the message out of its envelope by writing it anew, with these prefixes, before it verifies it. */
const prefixes = { samlp: 'ns0', saml: 'ns1', ds: 'ns2' };

/** What {@link answerLogoutBySoap} needs. */
export interface SoapLogoutAnswering {
  id: string;
  now: Date;
  /** Our entity identifier. */
  issuer: string;
  signer: Signer;
  digest: Digest;
  /** Finds the reason of a failure in our records. */
  reference: string;
  /**
   * Proves the request, and ends what it names.
   * @param issuer  who it says has sent it
   * @throws SamlStatusError
   */
  logOut(message: XmlElement, issuer: string): Promise<Status>;
}

/** What goes back by HTTP. */
export interface SoapLogoutAnswer {
  status: 200 | 413 | 500;
  headers: Record<string, string>;
  body: string;
  /** Why nothing was done, for the trace. */
  refused: SamlStatusError | undefined;
}

/**
 * Answers a LogoutRequest that came by SOAP: by a signed LogoutResponse, also when it is refused, and by a fault where no
 * LogoutRequest can be read (SAML Bindings 3.2.3.3).
 */
export async function answerLogoutBySoap(
  envelope: Uint8Array,
  { id, now, issuer, signer, digest, reference, logOut }: SoapLogoutAnswering,
): Promise<SoapLogoutAnswer> {
  const answer = (status: SoapLogoutAnswer['status'], content: XmlElement, refused?: SamlStatusError) => ({
    status,
    headers: soapHeaders,
    body: writeXml(wrapInSoap(content)),
    refused,
  });
  const read = await refusing(async () => {
    const message = unwrapSoap(parseXml(envelope));
    return { message, claimed: parseRequestHeader(message, 'LogoutRequest') };
  });
  if (read instanceof SamlStatusError) {
    // RFC 9110 15.5.14 before SOAP 1.1 6.2, which knows no size.
    return answer(read.reason === 'xml.too_large' ? 413 : 500, buildSoapFault(read, reference), read);
  }
  const done = await refusing(() => logOut(read.message, read.claimed.issuer));
  const refused = done instanceof SamlStatusError ? done : undefined;
  const status = done instanceof SamlStatusError ? statusOf(done) : done;
  const response = buildLogoutResponse({ id, issueInstant: now, issuer, inResponseTo: read.claimed.id, status });
  return answer(200, await signSaml(response, { signer, digest, prefixes }), refused);
}

async function refusing<Result>(work: () => Promise<Result>): Promise<Result | SamlStatusError> {
  try {
    return await readingLater(work);
  } catch (error) {
    if (error instanceof SamlStatusError) return error;
    throw error;
  }
}
