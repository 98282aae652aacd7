import {
  findAttribute,
  findChild,
  formatInstant,
  getAttribute,
  isNamed,
  parseInstant,
  tokenOf,
  type XmlElement,
} from '@countersign/xml';
import type { Clock } from './check-conditions.ts';
import { SamlStatusError } from './errors.ts';
import { build, nameIdFormats, protocolNamespace, samlNamespace } from './vocabulary.ts';

/** What every message begins with (SAML Core 3.2.1, 3.2.2). */
export interface MessageHeader {
  id: string;
  issueInstant: Date;
  /** Entity identifier of the sender. A response's may be missing. */
  issuer?: string | undefined;
  /** The address the message was sent to. */
  destination?: string | undefined;
  consent?: string | undefined;
}

/** Refuses elements that are not this message. */
export function checkKind(element: XmlElement, name: string): void {
  if (!isNamed(element, protocolNamespace, name)) {
    throw new SamlStatusError('message.kind', `A ${name} was expected, not {${element.namespace}}${element.name}.`);
  }
}

export function parseHeader(element: XmlElement): MessageHeader {
  checkVersion(element);
  return {
    id: parseId(element),
    issueInstant: parseInstant(getAttribute(element, 'IssueInstant')),
    issuer: parseIssuer(element),
    destination: findAttribute(element, 'Destination'),
    consent: findAttribute(element, 'Consent'),
  };
}

/** The head of a request of a kind, which must say who asks (SAML Profiles 4.1.4.1, 4.4.4.1). */
export function parseRequestHeader(element: XmlElement, kind: string): MessageHeader & { issuer: string } {
  checkKind(element, kind);
  const { issuer, ...header } = parseHeader(element);
  if (issuer === undefined) throw new SamlStatusError('message.issuer', 'There is none.');
  return { ...header, issuer };
}

/** SAML Core 4.1.3: another major version cannot be read; another minor one does not exist. */
export function checkVersion(element: XmlElement): void {
  const version = findAttribute(element, 'Version');
  if (version !== '2.0') throw new SamlStatusError('message.version', `The version is "${version ?? ''}".`);
}

const longestId = 256;

/** SAML Core 1.3.4: identifiers. Interop: some begin with a digit, which xs:ID forbids; they are taken all the same. */
export function parseId(element: XmlElement): string {
  const id = getAttribute(element, 'ID').trim();
  if (id === '' || id.length > longestId) throw new SamlStatusError('message.content', `${element.name} has a bad ID.`);
  return id;
}

/** The `saml:Issuer`, an entity identifier (SAML Profiles 4.1.4.1, 4.1.4.2: no other format). */
export function parseIssuer(element: XmlElement): string | undefined {
  const issuer = findChild(element, samlNamespace, 'Issuer');
  if (!issuer) return undefined;
  const format = findAttribute(issuer, 'Format') ?? nameIdFormats.entity;
  const entityId = tokenOf(issuer);
  if (format !== nameIdFormats.entity || entityId === '' || entityId.length > 1024) {
    throw new SamlStatusError('message.issuer', `The issuer is no entity identifier, its format is "${format}".`);
  }
  return entityId;
}

export function headerAttributes(header: MessageHeader) {
  return {
    ID: header.id,
    Version: '2.0',
    IssueInstant: formatInstant(header.issueInstant),
    Destination: header.destination,
    Consent: header.consent,
  };
}

export function buildIssuer({ issuer }: { issuer?: string | undefined }): XmlElement | undefined {
  return issuer === undefined ? undefined : build('saml:Issuer', {}, issuer);
}

/** What a message is held against. */
export interface ExpectedMessage extends Clock {
  /** Entity identifier of the peer whose keys verified the message. */
  issuer: string;
  /** Our addresses that accept this message. */
  destinations: readonly string[];
  /** Whether the message itself is signed: then it must say where it was sent to. */
  isSigned: boolean;
}

/** How old a message may be: it travels through a browser while a person waits. */
export const maximumAgeSeconds = 600;

/** Refuses a message of another peer, for another address, or of another time. */
export function checkHeader(header: MessageHeader, expected: ExpectedMessage): void {
  if (header.issuer !== undefined && header.issuer !== expected.issuer) {
    throw new SamlStatusError('message.issuer', `It is "${header.issuer}", not "${expected.issuer}".`);
  }
  checkDestination(header, expected);
  const ageSeconds = (expected.now.getTime() - header.issueInstant.getTime()) / 1000;
  if (ageSeconds < -expected.clockSkewSeconds || ageSeconds > maximumAgeSeconds + expected.clockSkewSeconds) {
    throw new SamlStatusError('message.time', `It is ${Math.round(ageSeconds)} s old.`);
  }
}

// SAML Bindings 3.4.5.2, 3.5.5.2: a signed message names its destination, and it is compared as it stands.
function checkDestination({ destination }: MessageHeader, { destinations, isSigned }: ExpectedMessage): void {
  if (destination === undefined ? isSigned : !destinations.includes(destination)) {
    throw new SamlStatusError(
      'message.destination',
      `It says "${destination ?? ''}", not "${destinations.join('", "')}".`,
    );
  }
}
