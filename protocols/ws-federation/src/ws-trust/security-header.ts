import { type Clock, saml11Namespace, samlNamespace } from '@countersign/saml';
import {
  findAttribute,
  getChild,
  isNamed,
  listElements,
  parseInstant,
  textOf,
  type XmlElement,
} from '@countersign/xml';
import { namespaces } from '../vocabulary.ts';
import { faulting, SoapFault } from './soap-fault.ts';

/** How the requester proves who it is (WS-Security 1.1). */
export type Credential =
  | { kind: 'password'; username: string; password: string }
  /** An assertion of an issuer, which is to be verified: bearer, over TLS. */
  | { kind: 'token'; token: XmlElement };

export interface SecurityHeader {
  createdAt: Date;
  expiresAt: Date;
  credential: Credential;
}

const textPassword = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordText';

/**
 * Reads a security header with a timestamp and one credential. Digests of passwords cannot be compared with what we
 * keep, and signatures of the message would need keys that nobody has told us; both are refused rather than ignored.
 * Throws {@link SoapFault}.
 */
export function parseSecurityHeader(security: XmlElement | undefined): SecurityHeader {
  if (!security) throw new SoapFault('security.missing', 'There is none.');
  return faulting('security.missing', () => {
    const timestamp = getChild(security, namespaces.utility, 'Timestamp');
    const [credential, ...more] = listElements(security).filter((child) => child !== timestamp);
    if (!credential) throw new SoapFault('security.missing', 'There is no credential.');
    const [extra] = more;
    if (extra) throw new SoapFault('security.unsupported', `There is a ${extra.name} besides a ${credential.name}.`);
    return {
      createdAt: readInstant(timestamp, 'Created'),
      expiresAt: readInstant(timestamp, 'Expires'),
      credential: parseCredential(credential),
    };
  });
}

function readInstant(timestamp: XmlElement, name: string): Date {
  return parseInstant(textOf(getChild(timestamp, namespaces.utility, name)));
}

function parseCredential(element: XmlElement): Credential {
  if (isNamed(element, namespaces.security, 'UsernameToken')) {
    const password = getChild(element, namespaces.security, 'Password');
    const type = findAttribute(password, 'Type') ?? textPassword;
    if (type !== textPassword) throw new SoapFault('security.unsupported', `The password is a "${type}".`);
    const username = textOf(getChild(element, namespaces.security, 'Username'));
    return { kind: 'password', username, password: textOf(password) };
  }
  if (isAssertion(element)) return { kind: 'token', token: element };
  throw new SoapFault('security.unsupported', `It is a {${element.namespace}}${element.name}.`);
}

export function isAssertion(element: XmlElement): boolean {
  return isNamed(element, saml11Namespace, 'Assertion') || isNamed(element, samlNamespace, 'Assertion');
}

/** Clients date their messages five or ten minutes ahead. */
const longestLifetimeSeconds = 3600;

/** Refuses messages of another time, and those that would hold for long (WS-Security 1.1 10). */
export function checkTimestamp({ createdAt, expiresAt }: SecurityHeader, { now, clockSkewSeconds }: Clock): void {
  const skew = clockSkewSeconds * 1000;
  const lifetime = expiresAt.getTime() - createdAt.getTime();
  if (lifetime <= 0 || lifetime > longestLifetimeSeconds * 1000) {
    throw new SoapFault('security.expired', `The message holds for ${lifetime / 1000} s.`);
  }
  if (createdAt.getTime() > now.getTime() + skew || expiresAt.getTime() <= now.getTime() - skew) {
    throw new SoapFault('security.expired', `The message holds from ${createdAt.toISOString()}.`);
  }
}
