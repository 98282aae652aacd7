import { type SamlRefusal, SamlStatusError } from '@countersign/saml';
import { XmlError, type XmlRefusal } from '@countersign/xml';

interface Refusal {
  readonly description: string;
  readonly spec: string;
}

const unverified = 'The token was not accepted.';

/** What this package refuses in WS-Federation's passive messages and metadata, by its stable reason. */
export const wsFederationRefusals = {
  'request.action': { description: 'The action is not supported.', spec: 'WS-Federation 1.2 13.2.1' },
  'request.parameter': { description: 'A parameter is missing, repeated or too long.', spec: 'WS-Federation 1.2 13.2' },
  'request.freshness': { description: 'The freshness is not a number of minutes.', spec: 'WS-Federation 1.2 13.2.2' },
  'request.reply_address': {
    description: 'The address for the answer is not registered.',
    spec: 'WS-Federation 1.2 13.2.2, 13.2.4',
  },
  'request.realm': { description: 'No application here has that realm.', spec: 'WS-Federation 1.2 13.2.2' },
  'request.authentication': {
    description: 'The authentication that was asked for is not known.',
    spec: 'WS-Federation 1.2 13.2.2',
  },
  'request.denied': { description: 'Nobody was signed in.', spec: 'WS-Federation 1.2 13.2.3' },
  'response.content': { description: 'The response cannot be read.', spec: 'WS-Federation 1.2 13.2.3' },
  'response.tokens': { description: unverified, spec: 'WS-Trust 1.3 4.2' },
  'token.kind': { description: unverified, spec: 'WS-Federation 1.2 13.2.3' },
  'claim.type': { description: 'A claim has a type that SAML 1.1 cannot carry.', spec: 'SAML 1.1 Core 2.4.4' },
  'metadata.content': { description: 'The metadata cannot be used.', spec: 'WS-Federation 1.2 3.1' },
} as const satisfies Record<string, Refusal>;

export type WsFederationRefusal = keyof typeof wsFederationRefusals;

/**
 * A passive message that is refused. `description` is for the person at the browser, `reason` is stable, the message
 * is for the log. WS-Federation has no error answer: nothing is ever redirected. What the packages below refuse keeps
 * their reason.
 */
export class WsFederationError extends Error {
  override readonly name = 'WsFederationError';
  readonly reason: WsFederationRefusal | SamlRefusal | XmlRefusal;
  readonly description: string;
  readonly spec: string;
  readonly mayRedirect = false;

  constructor(refused: WsFederationRefusal | SamlStatusError | XmlError, detail: string) {
    super(detail, typeof refused === 'string' ? {} : { cause: refused });
    this.reason = reasonOf(refused);
    this.spec = typeof refused === 'string' ? wsFederationRefusals[refused].spec : refused.spec;
    this.description = typeof refused === 'string' ? wsFederationRefusals[refused].description : unverified;
  }
}

function reasonOf(refused: WsFederationRefusal | SamlStatusError | XmlError) {
  if (typeof refused === 'string') return refused;
  return refused instanceof XmlError ? refused.code : refused.reason;
}

/** Runs a reader, and turns what the packages below refuse into a refusal of this one. */
export function reading<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw asWsFederationError(error);
  }
}

/** {@link reading} for what takes its time. */
export async function readingLater<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw asWsFederationError(error);
  }
}

function asWsFederationError(error: unknown): unknown {
  const isBelow = error instanceof XmlError || error instanceof SamlStatusError;
  return isBelow ? new WsFederationError(error, error.message) : error;
}
