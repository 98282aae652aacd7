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
  type SignedElementSchema,
  textOf,
  tokenOf,
  vocabulary,
  type XmlElement,
} from '@countersign/xml';
import { reading, SamlStatusError } from '../errors.ts';
import { identityClaimsNamespace } from '../vocabulary.ts';

/** The namespace of SAML 1.0 and 1.1 assertions. */
export const saml11Namespace = 'urn:oasis:names:tc:SAML:1.0:assertion';

/** SAML 1.1 Core 5.4.2: the signature is the last child. */
export const signedSaml11Assertion: SignedElementSchema = {
  namespace: saml11Namespace,
  name: 'Assertion',
  idAttribute: 'AssertionID',
  place: 'last',
};

/** Confirmation methods (SAML 1.1 Bindings 5). */
export const saml11Bearer = 'urn:oasis:names:tc:SAML:1.0:cm:bearer';

/** Authentication methods that are in common use (SAML 1.1 Core 7.1), weakest first. */
export const saml11AuthenticationMethods = {
  unspecified: 'urn:oasis:names:tc:SAML:1.0:am:unspecified',
  password: 'urn:oasis:names:tc:SAML:1.0:am:password',
  kerberos: 'urn:ietf:rfc:1510',
  x509: 'urn:oasis:names:tc:SAML:1.0:am:X509-PKI',
  tlsClient: 'urn:ietf:rfc:2246',
  hardwareToken: 'urn:oasis:names:tc:SAML:1.0:am:HardwareToken',
} as const;

const build = vocabulary({ saml: saml11Namespace, a: identityClaimsNamespace });

/** A SAML 1.1 assertion about one subject (SAML 1.1 Core 2.3.2). */
export interface Saml11Assertion {
  id: string;
  issueInstant: Date;
  issuer: string;
  notBefore?: Date | undefined;
  notOnOrAfter?: Date | undefined;
  /** Restrictions that must all be met, each by one of its audiences. */
  audienceRestrictions: readonly (readonly string[])[];
  subject: Saml11Subject;
  authentication?: Saml11Authentication | undefined;
  attributes: readonly Saml11Attribute[];
}

export interface Saml11Subject {
  nameIdentifier?: Saml11NameIdentifier | undefined;
  confirmationMethods: readonly string[];
}

export interface Saml11NameIdentifier {
  value: string;
  format?: string | undefined;
  nameQualifier?: string | undefined;
}

export interface Saml11Authentication {
  method: string;
  instant: Date;
}

/** An attribute; a claim's type is its namespace, "/" and its name. */
export interface Saml11Attribute {
  name: string;
  namespace: string;
  /** Who stated it at first, where that is not the issuer. Interop: WIF and AD FS write and read it. */
  originalIssuer?: string | undefined;
  values: readonly string[];
}

/** Writes an assertion, unsigned. The subject stands in every statement (SAML 1.1 Core 2.4.2). */
export function buildSaml11Assertion(assertion: Saml11Assertion): XmlElement {
  const { id, issuer, issueInstant, notBefore, notOnOrAfter, audienceRestrictions, authentication } = assertion;
  const attributes = {
    MajorVersion: 1,
    MinorVersion: 1,
    AssertionID: id,
    Issuer: issuer,
    IssueInstant: formatInstant(issueInstant),
  };
  const subject = buildSubject(assertion.subject);
  return build('saml:Assertion', attributes, [
    build(
      'saml:Conditions',
      { NotBefore: notBefore && formatInstant(notBefore), NotOnOrAfter: notOnOrAfter && formatInstant(notOnOrAfter) },
      audienceRestrictions.map((audiences) =>
        build(
          'saml:AudienceRestrictionCondition',
          {},
          audiences.map((audience) => build('saml:Audience', {}, audience)),
        ),
      ),
    ),
    assertion.attributes.length > 0
      ? build('saml:AttributeStatement', {}, [subject, assertion.attributes.map(buildAttribute)])
      : undefined,
    authentication &&
      build(
        'saml:AuthenticationStatement',
        { AuthenticationMethod: authentication.method, AuthenticationInstant: formatInstant(authentication.instant) },
        subject,
      ),
  ]);
}

function buildSubject({ nameIdentifier, confirmationMethods }: Saml11Subject): XmlElement {
  return build('saml:Subject', {}, [
    nameIdentifier &&
      build(
        'saml:NameIdentifier',
        { NameQualifier: nameIdentifier.nameQualifier, Format: nameIdentifier.format },
        nameIdentifier.value,
      ),
    build(
      'saml:SubjectConfirmation',
      {},
      confirmationMethods.map((method) => build('saml:ConfirmationMethod', {}, method)),
    ),
  ]);
}

function buildAttribute({ name, namespace, originalIssuer, values }: Saml11Attribute): XmlElement {
  return build(
    'saml:Attribute',
    { AttributeName: name, AttributeNamespace: namespace, 'a:OriginalIssuer': originalIssuer },
    values.map((value) => build('saml:AttributeValue', {}, value)),
  );
}

/**
 * Reads an assertion; nothing of it is checked yet. All statements must be about one subject, since a token speaks of
 * one user. Throws {@link SamlStatusError}.
 */
export function parseSaml11Assertion(element: XmlElement): Saml11Assertion {
  return reading(() => {
    if (!isNamed(element, saml11Namespace, 'Assertion')) {
      throw new SamlStatusError('message.kind', `A SAML 1.1 assertion was expected, not ${element.name}.`);
    }
    const version = `${getAttribute(element, 'MajorVersion')}.${getAttribute(element, 'MinorVersion')}`;
    if (version !== '1.1' && version !== '1.0') throw new SamlStatusError('message.version', `It is ${version}.`);
    const attributeStatements = listChildren(element, saml11Namespace, 'AttributeStatement');
    const authentications = listChildren(element, saml11Namespace, 'AuthenticationStatement');
    const [subject, ...others] = [...attributeStatements, ...authentications].map(parseSubject);
    if (!subject) throw new SamlStatusError('assertion.statement', 'There is no statement.');
    if (others.some((other) => JSON.stringify(other) !== JSON.stringify(subject))) {
      throw new SamlStatusError('assertion.subject', 'The statements are about different subjects.');
    }
    const [authentication] = authentications;
    return {
      id: getAttribute(element, 'AssertionID'),
      issueInstant: parseInstant(getAttribute(element, 'IssueInstant')),
      issuer: getAttribute(element, 'Issuer'),
      ...parseConditions(findChild(element, saml11Namespace, 'Conditions')),
      subject,
      authentication: authentication && parseAuthentication(authentication),
      attributes: attributeStatements
        .flatMap((statement) => listChildren(statement, saml11Namespace, 'Attribute'))
        .map(parseAttribute),
    };
  });
}

function parseConditions(element: XmlElement | undefined) {
  if (!element) return { audienceRestrictions: [] };
  const [notBefore, notOnOrAfter] = [findAttribute(element, 'NotBefore'), findAttribute(element, 'NotOnOrAfter')];
  return {
    notBefore: notBefore === undefined ? undefined : parseInstant(notBefore),
    notOnOrAfter: notOnOrAfter === undefined ? undefined : parseInstant(notOnOrAfter),
    audienceRestrictions: listElements(element).map((condition) => {
      // SAML 1.1 Core 2.3.2.1.2: a condition that is not understood leaves the validity undetermined.
      if (!isNamed(condition, saml11Namespace, 'AudienceRestrictionCondition')) {
        throw new SamlStatusError('assertion.condition', `${condition.name} is not understood.`);
      }
      return listChildren(condition, saml11Namespace, 'Audience').map(tokenOf);
    }),
  };
}

function parseSubject(statement: XmlElement): Saml11Subject {
  const subject = getChild(statement, saml11Namespace, 'Subject');
  const nameIdentifier = findChild(subject, saml11Namespace, 'NameIdentifier');
  const confirmation = findChild(subject, saml11Namespace, 'SubjectConfirmation');
  const methods = confirmation ? listChildren(confirmation, saml11Namespace, 'ConfirmationMethod') : [];
  return {
    nameIdentifier: nameIdentifier && {
      value: textOf(nameIdentifier),
      format: findAttribute(nameIdentifier, 'Format'),
      nameQualifier: findAttribute(nameIdentifier, 'NameQualifier'),
    },
    confirmationMethods: methods.map(tokenOf),
  };
}

function parseAuthentication(element: XmlElement): Saml11Authentication {
  return {
    method: getAttribute(element, 'AuthenticationMethod'),
    instant: parseInstant(getAttribute(element, 'AuthenticationInstant')),
  };
}

function parseAttribute(element: XmlElement): Saml11Attribute {
  return {
    name: getAttribute(element, 'AttributeName'),
    namespace: getAttribute(element, 'AttributeNamespace'),
    originalIssuer: findAttribute(element, 'OriginalIssuer', identityClaimsNamespace),
    values: listChildren(element, saml11Namespace, 'AttributeValue').map(textOf),
  };
}
