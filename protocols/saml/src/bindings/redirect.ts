import {
  type Awaitable,
  type Bytes,
  decodeBase64,
  encodeBase64,
  findAlgorithm,
  findSigningKey,
  messageLimits,
  parseXml,
  type SignatureTrust,
  type Signer,
  signatureAlgorithms,
  writeXml,
  type XmlElement,
} from '@countersign/xml';
import { readingLater, SamlStatusError } from '../errors.ts';
import { findMessageParameter, type MessageParameter } from './post.ts';
import { checkRelayState } from './relay-state.ts';

/** Raw DEFLATE (RFC 1951). */
export interface Compression {
  deflate(data: Bytes): Awaitable<Bytes>;
  /** Throws when the result would be longer than `limit` bytes: a few bytes can stand for gigabytes. */
  inflate(data: Bytes, limit: number): Awaitable<Bytes>;
}

/** A message as it came in a query; nothing of it is verified. */
export interface RedirectedMessage {
  parameter: MessageParameter;
  element: XmlElement;
  relayState: string | undefined;
  /** The signature over the query, if there is one. */
  signature: QuerySignature | undefined;
}

export interface QuerySignature {
  /** URI of the algorithm. */
  algorithm: string;
  value: Bytes;
  /** The bytes it signs, taken from the query as it came. */
  signed: Bytes;
}

const deflateEncoding = 'urn:oasis:names:tc:SAML:2.0:bindings:URL-Encoding:DEFLATE';
const known = ['SAMLRequest', 'SAMLResponse', 'RelayState', 'SigAlg', 'Signature', 'SAMLEncoding'] as const;

/**
 * Reads the query of the HTTP Redirect binding (SAML Bindings 3.4.4), given without "?" and as it came, since the
 * signature is over the percent-encoding that the sender chose. Throws {@link SamlStatusError}.
 */
export async function parseRedirect(query: string, compression: Compression): Promise<RedirectedMessage> {
  const raw = splitQuery(query);
  const parameter = findMessageParameter((name) => (raw[name] === undefined ? 0 : 1));
  const encoding = raw.SAMLEncoding === undefined ? deflateEncoding : decode(raw.SAMLEncoding);
  if (encoding !== deflateEncoding) throw new SamlStatusError('message.binding', `The encoding is "${encoding}".`);
  const compressed = await readingLater(async () => decodeBase64(decode(raw[parameter] ?? '')));
  const text = await inflate(compressed, compression);
  return {
    parameter,
    element: await readingLater(async () => parseXml(text)),
    relayState: checkRelayState(raw.RelayState === undefined ? undefined : decode(raw.RelayState)),
    signature: await readingLater(async () => readQuerySignature(raw, parameter)),
  };
}

type RawQuery = Partial<Record<(typeof known)[number], string>>;

/** The values as they came. A parameter of this binding that is there twice could be read in two ways. */
function splitQuery(query: string): RawQuery {
  const raw: RawQuery = {};
  for (const part of query.split('&')) {
    const at = part.indexOf('=');
    const name = known.find((candidate) => candidate === decode(at < 0 ? part : part.slice(0, at)));
    if (!name) continue;
    if (raw[name] !== undefined) throw new SamlStatusError('message.binding', `There are several ${name}.`);
    raw[name] = at < 0 ? '' : part.slice(at + 1);
  }
  return raw;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch (cause) {
    throw new SamlStatusError('message.binding', 'The query is not well encoded.', { cause });
  }
}

async function inflate(data: Bytes, compression: Compression): Promise<Bytes> {
  try {
    return await compression.inflate(data, messageLimits.size);
  } catch (cause) {
    throw new SamlStatusError('message.binding', 'The message cannot be decompressed, or not within limits.', {
      cause,
    });
  }
}

function readQuerySignature(raw: RawQuery, parameter: MessageParameter): QuerySignature | undefined {
  if (raw.Signature === undefined && raw.SigAlg === undefined) return undefined;
  if (raw.Signature === undefined || raw.SigAlg === undefined) {
    throw new SamlStatusError('message.binding', 'Signature and SigAlg belong together.');
  }
  // SAML Bindings 3.4.4.1: in this order, whatever the order in the query.
  const order = [parameter, 'RelayState', 'SigAlg'] as const;
  const parts = order.filter((name) => raw[name] !== undefined).map((name) => `${name}=${raw[name]}`);
  return {
    algorithm: decode(raw.SigAlg),
    value: decodeBase64(decode(raw.Signature)),
    signed: new TextEncoder().encode(parts.join('&')),
  };
}

/**
 * Verifies the signature over the query and returns the id of the key; undefined when there is none and none is asked
 * for. As with {@link verifyMessage}, a trust without keys does not look. A signature inside the XML does not count
 * here (SAML Bindings 3.4.4.1). Throws {@link SamlStatusError}.
 */
export async function verifyRedirect(
  { signature }: RedirectedMessage,
  trust: SignatureTrust,
  mustBeSigned: boolean,
): Promise<string | undefined> {
  if (!signature && mustBeSigned) throw new SamlStatusError('message.unsigned', 'The query carries no signature.');
  if (!signature || (!mustBeSigned && trust.keys.length === 0)) return undefined;
  const name = findAlgorithm(signatureAlgorithms, trust.algorithms, signature.algorithm);
  if (!name) throw new SamlStatusError('signature.algorithm', `"${signature.algorithm}" is not on the trust's list.`);
  return readingLater(() => findSigningKey(trust.keys, name, signature.signed, signature.value));
}

/** What a message is sent with. */
export interface RedirectOptions {
  parameter: MessageParameter;
  /** The peer's endpoint, which may have a query of its own. */
  location: string;
  relayState?: string | undefined;
  /** Undefined: unsigned. */
  signer?: Signer | undefined;
}

/** The address that carries a message, which must have no signature of its own (SAML Bindings 3.4.4.1). */
export async function buildRedirect(
  message: XmlElement,
  { parameter, location, relayState, signer }: RedirectOptions,
  compression: Compression,
): Promise<string> {
  const compressed = await compression.deflate(new TextEncoder().encode(writeXml(message)));
  const parts = [`${parameter}=${encodeURIComponent(encodeBase64(compressed))}`];
  if (relayState !== undefined) parts.push(`RelayState=${encodeURIComponent(relayState)}`);
  if (signer) {
    parts.push(`SigAlg=${encodeURIComponent(signatureAlgorithms[signer.algorithm].uri)}`);
    const value = await signer.sign(new TextEncoder().encode(parts.join('&')));
    parts.push(`Signature=${encodeURIComponent(encodeBase64(value))}`);
  }
  return `${location}${location.includes('?') ? '&' : '?'}${parts.join('&')}`;
}
