import {
  findAttribute,
  findChild,
  formatInstant,
  getAttribute,
  getChild,
  isNamed,
  listChildren,
  listElements,
  parseInstant,
  tokenOf,
  type XmlElement,
} from '@countersign/xml';
import { type Attribute, buildAttribute, parseAttribute } from './attribute.ts';
import { reading, SamlStatusError } from './errors.ts';
import { buildIssuer, checkVersion, parseId, parseIssuer } from './message.ts';
import { buildNameId, type NameId, parseNameId } from './name-id.ts';
import { buildProxyRestriction, type ProxyRestriction, parseProxyRestriction } from './proxy-restriction.ts';
import { build, samlNamespace } from './vocabulary.ts';

/** What an issuer states about a subject (SAML Core 2.3.3). */
export interface Assertion {
  id: string;
  issueInstant: Date;
  issuer: string;
  subject?: Subject | undefined;
  conditions?: Conditions | undefined;
  authnStatements: readonly AuthnStatement[];
  attributes: readonly Attribute[];
}

export interface Subject {
  nameId?: NameId | undefined;
  confirmations: readonly SubjectConfirmation[];
}

/** Who may present the assertion (SAML Core 2.4.1.1, 2.4.1.2). */
export interface SubjectConfirmation {
  method: string;
  recipient?: string | undefined;
  notBefore?: Date | undefined;
  notOnOrAfter?: Date | undefined;
  inResponseTo?: string | undefined;
}

/** When and for whom the assertion is valid (SAML Core 2.5.1). */
export interface Conditions {
  notBefore?: Date | undefined;
  notOnOrAfter?: Date | undefined;
  /** Restrictions that must all be met, each by one of its audiences. */
  audienceRestrictions: readonly (readonly string[])[];
  isOneTimeUse?: boolean | undefined;
  proxyRestriction?: ProxyRestriction | undefined;
}

/** How and when the subject signed in (SAML Core 2.7.2). */
export interface AuthnStatement {
  authnInstant: Date;
  sessionIndex?: string | undefined;
  sessionNotOnOrAfter?: Date | undefined;
  contextClass?: string | undefined;
  /** Entity identifiers of identity providers that took part before the issuer. */
  authorities: readonly string[];
}

/** Reads an assertion; nothing of it is checked yet. Throws {@link SamlStatusError}. */
export function parseAssertion(element: XmlElement): Assertion {
  return reading(() => {
    if (!isNamed(element, samlNamespace, 'Assertion')) {
      throw new SamlStatusError('message.kind', `An Assertion was expected, not ${element.name}.`);
    }
    checkVersion(element);
    const issuer = parseIssuer(element);
    if (issuer === undefined) throw new SamlStatusError('assertion.issuer', 'There is none.');
    const subject = findChild(element, samlNamespace, 'Subject');
    const conditions = findChild(element, samlNamespace, 'Conditions');
    const attributeStatements = listChildren(element, samlNamespace, 'AttributeStatement');
    return {
      id: parseId(element),
      issueInstant: parseInstant(getAttribute(element, 'IssueInstant')),
      issuer,
      subject: subject && parseSubject(subject),
      conditions: conditions && parseConditions(conditions),
      authnStatements: listChildren(element, samlNamespace, 'AuthnStatement').map(parseAuthnStatement),
      attributes: attributeStatements.flatMap((statement) =>
        listElements(statement).map((attribute) => {
          if (isNamed(attribute, samlNamespace, 'Attribute')) return parseAttribute(attribute);
          throw new SamlStatusError('assertion.statement', `${attribute.name} is not supported.`);
        }),
      ),
    };
  });
}

function parseSubject(element: XmlElement): Subject {
  const nameId = findChild(element, samlNamespace, 'NameID');
  if (findChild(element, samlNamespace, 'EncryptedID') || findChild(element, samlNamespace, 'BaseID')) {
    throw new SamlStatusError('assertion.subject', 'Only NameID is supported as identifier.');
  }
  return {
    nameId: nameId && parseNameId(nameId),
    confirmations: listChildren(element, samlNamespace, 'SubjectConfirmation').map(parseConfirmation),
  };
}

function parseConfirmation(element: XmlElement): SubjectConfirmation {
  const data = findChild(element, samlNamespace, 'SubjectConfirmationData');
  return {
    method: getAttribute(element, 'Method'),
    recipient: data && findAttribute(data, 'Recipient'),
    notBefore: data && findInstant(data, 'NotBefore'),
    notOnOrAfter: data && findInstant(data, 'NotOnOrAfter'),
    inResponseTo: data && findAttribute(data, 'InResponseTo'),
  };
}

function parseConditions(element: XmlElement): Conditions {
  const children = listElements(element);
  const audiences = children.filter((child) => isNamed(child, samlNamespace, 'AudienceRestriction'));
  const oneTimeUse = children.filter((child) => isNamed(child, samlNamespace, 'OneTimeUse'));
  const restrictions = children.filter((child) => isNamed(child, samlNamespace, 'ProxyRestriction'));
  // SAML Core 2.5.1.6: there MUST NOT be more than one.
  if (restrictions.length > 1) throw new SamlStatusError('assertion.condition', 'It has several ProxyRestriction.');
  const others = children.filter((child) => ![...audiences, ...oneTimeUse, ...restrictions].includes(child));
  // SAML Core 2.5.1.1: a condition that is not understood leaves the validity undetermined.
  if (others.length > 0) throw new SamlStatusError('assertion.condition', `${others[0]?.name} is not understood.`);
  return {
    notBefore: findInstant(element, 'NotBefore'),
    notOnOrAfter: findInstant(element, 'NotOnOrAfter'),
    audienceRestrictions: audiences.map((child) => listChildren(child, samlNamespace, 'Audience').map(tokenOf)),
    isOneTimeUse: oneTimeUse.length > 0,
    ...(restrictions[0] && { proxyRestriction: parseProxyRestriction(restrictions[0]) }),
  };
}

function parseAuthnStatement(element: XmlElement): AuthnStatement {
  const context = getChild(element, samlNamespace, 'AuthnContext');
  const contextClass = findChild(context, samlNamespace, 'AuthnContextClassRef');
  return {
    authnInstant: parseInstant(getAttribute(element, 'AuthnInstant')),
    sessionIndex: findAttribute(element, 'SessionIndex'),
    sessionNotOnOrAfter: findInstant(element, 'SessionNotOnOrAfter'),
    contextClass: contextClass && tokenOf(contextClass),
    authorities: listChildren(context, samlNamespace, 'AuthenticatingAuthority').map(tokenOf),
  };
}

function findInstant(element: XmlElement, name: string): Date | undefined {
  const text = findAttribute(element, name);
  return text === undefined ? undefined : parseInstant(text);
}

/** Writes an assertion, unsigned. */
export function buildAssertion(assertion: Assertion): XmlElement {
  const { id, issueInstant, subject, conditions, authnStatements, attributes } = assertion;
  return build('saml:Assertion', { ID: id, Version: '2.0', IssueInstant: formatInstant(issueInstant) }, [
    buildIssuer(assertion),
    subject && buildSubject(subject),
    conditions && buildConditions(conditions),
    authnStatements.map(buildAuthnStatement),
    // SAML Core 2.7.3: an attribute statement has at least one attribute.
    attributes.length > 0 ? build('saml:AttributeStatement', {}, attributes.map(buildAttribute)) : undefined,
  ]);
}

function buildSubject({ nameId, confirmations }: Subject): XmlElement {
  return build('saml:Subject', {}, [
    nameId && buildNameId(nameId),
    confirmations.map(({ method, recipient, notBefore, notOnOrAfter, inResponseTo }) =>
      build(
        'saml:SubjectConfirmation',
        { Method: method },
        build('saml:SubjectConfirmationData', {
          NotBefore: formatOptional(notBefore),
          NotOnOrAfter: formatOptional(notOnOrAfter),
          Recipient: recipient,
          InResponseTo: inResponseTo,
        }),
      ),
    ),
  ]);
}

function buildConditions(conditions: Conditions): XmlElement {
  const { notBefore, notOnOrAfter, audienceRestrictions, isOneTimeUse, proxyRestriction } = conditions;
  return build(
    'saml:Conditions',
    { NotBefore: formatOptional(notBefore), NotOnOrAfter: formatOptional(notOnOrAfter) },
    [
      audienceRestrictions.map((audiences) =>
        build(
          'saml:AudienceRestriction',
          {},
          audiences.map((audience) => build('saml:Audience', {}, audience)),
        ),
      ),
      isOneTimeUse ? build('saml:OneTimeUse') : undefined,
      proxyRestriction && buildProxyRestriction(proxyRestriction),
    ],
  );
}

function buildAuthnStatement(statement: AuthnStatement): XmlElement {
  const { authnInstant, sessionIndex, sessionNotOnOrAfter, contextClass, authorities } = statement;
  return build(
    'saml:AuthnStatement',
    {
      AuthnInstant: formatInstant(authnInstant),
      SessionIndex: sessionIndex,
      SessionNotOnOrAfter: formatOptional(sessionNotOnOrAfter),
    },
    build('saml:AuthnContext', {}, [
      contextClass === undefined ? undefined : build('saml:AuthnContextClassRef', {}, contextClass),
      authorities.map((entityId) => build('saml:AuthenticatingAuthority', {}, entityId)),
    ]),
  );
}

function formatOptional(instant: Date | undefined): string | undefined {
  return instant && formatInstant(instant);
}
