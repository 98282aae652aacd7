/** The User schema (RFC 7643 4.1, 8.7.1). */
import { defineAttribute, type SchemaDefinition } from '../schema.ts';
import { schemaUrns } from '../urns.ts';
import { complexAttribute, multiValuedAttribute, typeAndPrimary } from './attribute-shapes.ts';

export const userSchema: SchemaDefinition = {
  id: schemaUrns.user,
  name: 'User',
  description: 'User Account',
  attributes: [
    defineAttribute('userName', 'Name with which the user signs in', { required: true, uniqueness: 'server' }),
    complexAttribute('name', 'The parts of the real name', [
      defineAttribute('formatted', 'Full name as it is displayed'),
      defineAttribute('familyName', 'Family name'),
      defineAttribute('givenName', 'Given name'),
      defineAttribute('middleName', 'Middle names'),
      defineAttribute('honorificPrefix', 'Title before the name'),
      defineAttribute('honorificSuffix', 'Suffix after the name'),
    ]),
    defineAttribute('displayName', 'Name that is shown to other people'),
    defineAttribute('nickName', 'Casual name'),
    defineAttribute('profileUrl', 'Page about the user', { type: 'reference', referenceTypes: ['external'] }),
    defineAttribute('title', 'Job title'),
    defineAttribute('userType', 'Relationship with the organization, such as Employee or Contractor'),
    defineAttribute('preferredLanguage', 'Languages that the user prefers, as in Accept-Language'),
    defineAttribute('locale', 'Location for formatting numbers and dates, such as en-GB'),
    defineAttribute('timezone', 'IANA name of the time zone'),
    defineAttribute('active', 'Whether the user may sign in', { type: 'boolean' }),
    defineAttribute('password', 'Password to set', { caseExact: true, mutability: 'writeOnly', returned: 'never' }),
    multiValuedAttribute('emails', 'E-mail addresses', ['work', 'home', 'other']),
    multiValuedAttribute('phoneNumbers', 'Telephone numbers', ['work', 'home', 'mobile', 'fax', 'pager', 'other']),
    multiValuedAttribute('ims', 'Instant messaging addresses', [
      'aim',
      'gtalk',
      'icq',
      'xmpp',
      'msn',
      'skype',
      'qq',
      'yahoo',
    ]),
    multiValuedAttribute('photos', 'Pictures of the user', ['photo', 'thumbnail'], {
      type: 'reference',
      referenceTypes: ['external'],
      caseExact: true,
    }),
    complexAttribute(
      'addresses',
      'Postal addresses',
      [
        defineAttribute('formatted', 'Whole address as it is displayed'),
        defineAttribute('streetAddress', 'Street and number'),
        defineAttribute('locality', 'City'),
        defineAttribute('region', 'State or region'),
        defineAttribute('postalCode', 'Postal code'),
        defineAttribute('country', 'Country as an ISO 3166-1 alpha-2 code'),
        ...typeAndPrimary(['work', 'home', 'other']),
      ],
      { multiValued: true },
    ),
    complexAttribute(
      'groups',
      'Groups that the user is a member of; changed through the groups',
      [
        defineAttribute('value', 'Identifier of the group', { caseExact: true, mutability: 'readOnly' }),
        defineAttribute('$ref', 'URI of the group', {
          type: 'reference',
          referenceTypes: ['Group'],
          caseExact: true,
          mutability: 'readOnly',
        }),
        defineAttribute('display', 'Name of the group', { mutability: 'readOnly' }),
        defineAttribute('type', 'Whether the membership is the user own or comes from a nested group', {
          canonicalValues: ['direct', 'indirect'],
          mutability: 'readOnly',
        }),
      ],
      { multiValued: true, mutability: 'readOnly' },
    ),
    multiValuedAttribute('entitlements', 'What the user is entitled to', []),
    multiValuedAttribute('roles', 'Roles of the user', []),
    multiValuedAttribute('x509Certificates', 'Certificates issued to the user', [], {
      type: 'binary',
      caseExact: true,
    }),
  ],
};
