import { X509Certificate } from 'node:crypto';
import type { AttributeValue } from '../directory/index.ts';
import { refuse } from './errors.ts';

/** A certificate by which an application proves who it is, or with which its tokens are signed. Names as in Graph. */
export type KeyCredential = {
  keyId: string;
  displayName: string;
  type: 'AsymmetricX509Cert';
  usage: 'Verify';
  /** The certificate, DER in base64. */
  key: string;
  /** SHA-1 thumbprint in upper-case hexadecimal: what certificate tools show, and `x5t` in another spelling. */
  customKeyIdentifier: string;
  startDateTime: string;
  endDateTime: string;
};

const longestKey = 64_000;
const smallestRsaBits = 2048;

/**
 * The key credentials that an object has after a write. New ones are read from their certificate: `key` is its base64 or
 * base64url, as DER or PEM. One that names the `keyId` of a kept one without a key stays as it is, but for its name. Each
 * ends with its certificate at the latest.
 *
 * @throws Refusal `applications.key_credential_invalid`
 */
export function readKeyCredentials(
  given: AttributeValue,
  kept: readonly KeyCredential[],
  now: Date,
  newId: () => string,
): KeyCredential[] {
  if (given !== null && !Array.isArray(given)) throw invalid('they are no list');
  const credentials = (given ?? []).map((entry) => {
    const input = readInput(entry);
    const before = kept.find(({ keyId }) => keyId === input.keyId);
    if (input.key === undefined && before) return { ...before, ...named(input.displayName) };
    return readKeyCredential(input, now, newId);
  });
  const ids = new Set(credentials.map(({ keyId }) => keyId));
  if (ids.size < credentials.length) throw invalid('two of them have the same keyId');
  return credentials;
}

type Input = Partial<Record<keyof KeyCredential, string>>;

function readInput(entry: AttributeValue): Input {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) throw invalid('one of them is no object');
  const given = Object.entries(entry).filter(([, value]) => value !== null && value !== undefined);
  const wrong = given.find(([, value]) => typeof value !== 'string');
  if (wrong) throw invalid(`its ${wrong[0]} is no text`);
  return Object.fromEntries(given);
}

function named(displayName: string | undefined): { displayName?: string } {
  return displayName === undefined ? {} : { displayName };
}

function readKeyCredential(input: Input, now: Date, newId: () => string): KeyCredential {
  const { type = 'AsymmetricX509Cert', usage = 'Verify' } = input;
  if (type !== 'AsymmetricX509Cert') throw invalid('its type is not AsymmetricX509Cert');
  if (usage !== 'Verify') throw invalid('its usage is not Verify');
  const certificate = parseCertificate(input.key ?? '');
  const { asymmetricKeyType, asymmetricKeyDetails } = certificate.publicKey;
  if (asymmetricKeyType === 'rsa' && (asymmetricKeyDetails?.modulusLength ?? 0) < smallestRsaBits) {
    throw invalid(`its RSA key has less than ${smallestRsaBits} bits`);
  }
  if (asymmetricKeyType !== 'rsa' && asymmetricKeyType !== 'ec') throw invalid('its key is neither RSA nor EC');
  const startsAt = new Date(input.startDateTime ?? certificate.validFromDate);
  const wantedEnd = new Date(input.endDateTime ?? certificate.validToDate);
  if (!(wantedEnd > startsAt)) throw invalid('it does not end after it starts');
  const endsAt = wantedEnd < certificate.validToDate ? wantedEnd : certificate.validToDate;
  if (endsAt <= now) throw invalid(`it expired at ${endsAt.toISOString()}`);
  return {
    keyId: input.keyId ?? newId(),
    displayName: input.displayName ?? certificate.subject.replaceAll('\n', ', ').slice(0, 256),
    type,
    usage,
    // Only the certificate is kept, whatever else was in a PEM text.
    key: certificate.raw.toString('base64'),
    customKeyIdentifier: certificate.fingerprint.replaceAll(':', ''),
    startDateTime: startsAt.toISOString(),
    endDateTime: endsAt.toISOString(),
  };
}

function parseCertificate(key: string): X509Certificate {
  // Interop: the Azure CLI sends base64 with line breaks.
  const text = key.replaceAll(/\s/g, '');
  if (text === '') throw invalid('it has no key');
  if (text.length > longestKey || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(text)) throw invalid('its key is not base64');
  try {
    return new X509Certificate(Buffer.from(text, 'base64'));
  } catch (cause) {
    throw invalid('its key is no X.509 certificate', cause);
  }
}

function invalid(reason: string, cause?: unknown): Error {
  return refuse('applications.key_credential_invalid', { reason }, cause);
}
