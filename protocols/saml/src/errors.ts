import { XmlError, type XmlRefusal, xmlRefusals } from '@countersign/xml';
import type { SecondLevelStatusCode, StatusCode } from './status.ts';

interface Refusal {
  readonly code: Exclude<StatusCode, 'Success'>;
  readonly secondLevelCode?: SecondLevelStatusCode;
  /** For the peer, and whoever can see what the peer sees: never more than it knows already. */
  readonly description: string;
  readonly spec: string;
  /** Whether a response may carry this to the requester: only once its reply address is proven. */
  readonly mayRedirect?: true;
}

const unreadable = 'The message cannot be read.';
// One text for everything about signatures and encryption: telling failures apart would make an oracle.
const unverified = 'The message cannot be verified.';
const rejected = 'The response was not accepted.';

/** Everything this package refuses, by its stable reason. */
export const samlRefusals = {
  'message.binding': { code: 'Requester', description: unreadable, spec: 'SAML Bindings 3.4.4, 3.5.4' },
  'message.kind': { code: 'Requester', description: unreadable, spec: 'SAML Core 3' },
  'message.version': {
    code: 'VersionMismatch',
    description: 'Only SAML 2.0 is spoken here.',
    spec: 'SAML Core 4.1.3.2',
  },
  'message.content': { code: 'Requester', description: unreadable, spec: 'SAML Core 3.2' },
  'message.relay_state': { code: 'Requester', description: unreadable, spec: 'SAML Bindings 3.4.3' },
  'message.replayed': { code: 'Requester', description: 'The message came before.', spec: 'SAML Core 1.3.4' },
  'message.unsigned': { code: 'Requester', description: unverified, spec: 'SAML Core 5.1' },
  'message.issuer': { code: 'Requester', description: 'The issuer is not the expected one.', spec: 'SAML Core 2.2.5' },
  'message.destination': {
    code: 'Requester',
    description: 'The message was meant for another address.',
    spec: 'SAML Core 3.2.1, SAML Bindings 3.5.5.2',
  },
  'message.time': {
    code: 'Requester',
    description: 'The message is too old, or from the future.',
    spec: 'SAML Core 1.3.3, 3.2.1',
  },
  'request.reply_address': {
    code: 'Requester',
    description: 'The address for the answer is not registered.',
    spec: 'SAML Core 3.4.1, SAML Profiles 4.1.4.1',
  },
  'request.reply_binding': {
    code: 'Requester',
    secondLevelCode: 'UnsupportedBinding',
    description: 'The binding asked for is not registered for the answer.',
    spec: 'SAML Core 3.4.1',
  },
  'request.name_id_policy': {
    code: 'Requester',
    secondLevelCode: 'InvalidNameIDPolicy',
    description: 'The name identifier asked for cannot be given.',
    spec: 'SAML Core 3.4.1.1',
    mayRedirect: true,
  },
  'request.authn_context': {
    code: 'Requester',
    secondLevelCode: 'NoAuthnContext',
    description: 'The authentication context asked for cannot be reached.',
    spec: 'SAML Core 3.3.2.2.1',
    mayRedirect: true,
  },
  'request.no_passive': {
    code: 'Responder',
    secondLevelCode: 'NoPassive',
    description: 'The user cannot be signed in without being asked.',
    spec: 'SAML Core 3.4.1',
    mayRedirect: true,
  },
  'request.proxy_count': {
    code: 'Responder',
    secondLevelCode: 'ProxyCountExceeded',
    description: 'The user can only be signed in by another identity provider.',
    spec: 'SAML Core 3.4.1.5.1',
    mayRedirect: true,
  },
  'request.identity_providers': {
    code: 'Responder',
    secondLevelCode: 'NoSupportedIDP',
    description: 'None of the identity providers is supported.',
    spec: 'SAML Core 3.2.2.2, 3.4.1.3',
    mayRedirect: true,
  },
  'request.denied': {
    code: 'Responder',
    secondLevelCode: 'RequestDenied',
    description: 'The user was not signed in.',
    spec: 'SAML Core 3.2.2.2',
    mayRedirect: true,
  },
  'response.status': { code: 'Responder', description: rejected, spec: 'SAML Core 3.2.2' },
  'response.in_response_to': { code: 'Requester', description: rejected, spec: 'SAML Profiles 4.1.4.3' },
  'response.assertions': { code: 'Requester', description: rejected, spec: 'SAML Profiles 4.1.4.2' },
  'assertion.unsigned': { code: 'Requester', description: unverified, spec: 'SAML Profiles 4.1.4.5' },
  'assertion.unencrypted': { code: 'Requester', description: unverified, spec: 'SAML Core 6.1' },
  'assertion.issuer': { code: 'Requester', description: rejected, spec: 'SAML Profiles 4.1.4.2' },
  'assertion.subject': { code: 'Requester', description: rejected, spec: 'SAML Profiles 4.1.4.2' },
  'assertion.confirmation': { code: 'Requester', description: rejected, spec: 'SAML Profiles 4.1.4.3' },
  'assertion.not_yet_valid': { code: 'Requester', description: rejected, spec: 'SAML Core 2.5.1.2' },
  'assertion.expired': { code: 'Requester', description: rejected, spec: 'SAML Core 2.5.1.2' },
  'assertion.audience': { code: 'Requester', description: rejected, spec: 'SAML Core 2.5.1.4' },
  'assertion.condition': { code: 'Requester', description: rejected, spec: 'SAML Core 2.5.1.1' },
  'assertion.statement': { code: 'Requester', description: rejected, spec: 'SAML Profiles 4.1.4.2' },
  'assertion.authn_context': { code: 'Requester', description: rejected, spec: 'SAML Core 3.3.2.2.1' },
  'logout.expired': { code: 'Requester', description: 'The request has expired.', spec: 'SAML Core 3.7.1' },
  'soap.version': { code: 'VersionMismatch', description: 'Only SOAP 1.1 is spoken here.', spec: 'SOAP 1.1 4.1.2' },
  'soap.header': { code: 'Requester', description: 'A header is not understood.', spec: 'SOAP 1.1 4.2.3' },
  'soap.fault': { code: 'Responder', description: rejected, spec: 'SOAP 1.1 4.4' },
  'soap.answer': { code: 'Responder', description: rejected, spec: 'SAML Bindings 3.2.3.3' },
  'artifact.malformed': { code: 'Requester', description: unreadable, spec: 'SAML Bindings 3.6.4' },
  'artifact.source': { code: 'Requester', description: rejected, spec: 'SAML Bindings 3.6.4.2' },
  'artifact.endpoint': { code: 'Requester', description: rejected, spec: 'SAML Bindings 3.6.4.2' },
  'artifact.response': { code: 'Responder', description: rejected, spec: 'SAML Bindings 3.6.6' },
  'metadata.content': { code: 'Requester', description: 'The metadata cannot be used.', spec: 'SAML Metadata 2' },
  'metadata.expired': { code: 'Requester', description: 'The metadata has expired.', spec: 'SAML Metadata 2.3.2' },
  'metadata.entity': {
    code: 'Requester',
    description: 'The metadata does not describe that entity.',
    spec: 'SAML Metadata 2.3.2',
  },
} as const satisfies Record<string, Refusal>;

export type SamlRefusal = keyof typeof samlRefusals;

/**
 * A SAML message that is refused. `code`, `secondLevelCode` and `description` are for the peer (SAML Core 3.2.2),
 * `reason` is stable, and the message is for the log. What is wrong with XML, signature or encryption keeps the
 * reason of the XML package.
 */
export class SamlStatusError extends Error {
  override readonly name = 'SamlStatusError';
  readonly reason: SamlRefusal | XmlRefusal;
  readonly code: Exclude<StatusCode, 'Success'>;
  readonly secondLevelCode: SecondLevelStatusCode | undefined;
  readonly description: string;
  readonly spec: string;
  readonly mayRedirect: boolean;

  constructor(reason: SamlRefusal | XmlRefusal, detail: string, options?: { cause: unknown }) {
    super(detail, options);
    const refusal: Refusal = reason in samlRefusals ? samlRefusals[reason as SamlRefusal] : ofXml(reason as XmlRefusal);
    this.reason = reason;
    this.code = refusal.code;
    this.secondLevelCode = refusal.secondLevelCode;
    this.description = refusal.description;
    this.spec = refusal.spec;
    this.mayRedirect = refusal.mayRedirect ?? false;
  }
}

function ofXml(reason: XmlRefusal): Refusal {
  const description = reason.startsWith('xml.') ? unreadable : unverified;
  return { code: 'Requester', description, spec: xmlRefusals[reason].spec };
}

/** Runs a reader, and turns what the XML package refuses into a refusal of this one. */
export function reading<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw asSamlStatusError(error);
  }
}

/** {@link reading} for what takes its time. */
export async function readingLater<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw asSamlStatusError(error);
  }
}

function asSamlStatusError(error: unknown): unknown {
  return error instanceof XmlError ? new SamlStatusError(error.code, error.message, { cause: error }) : error;
}
