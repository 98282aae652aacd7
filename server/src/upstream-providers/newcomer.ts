import type { Claim } from '@countersign/claims';
import type { Act, AuditStore } from '../audit/index.ts';
import {
  type AttributeChange,
  createUser,
  type DirectoryObject,
  type DirectoryStores,
  type ObjectIdentity,
} from '../directory/index.ts';
import { subjectClaimTypes } from '../issuance/index.ts';

/** Somebody whom nobody here knows, as an identity provider describes them and as far as it is believed. */
export interface Newcomer {
  /** At the provider. */
  identity: ObjectIdentity;
  /** What an account gets from the claims. */
  attributes: Readonly<Record<string, string>>;
}

/** The attributes of a user that claims become, besides the name to sign in with. */
const attributeOf: Readonly<Record<string, string>> = {
  [subjectClaimTypes.name]: 'displayName',
  [subjectClaimTypes.displayName]: 'displayName',
  [subjectClaimTypes.givenName]: 'givenName',
  [subjectClaimTypes.surname]: 'surname',
  [subjectClaimTypes.emailAddress]: 'mail',
};

/** Longest value that all of these attributes can hold. */
const longestValue = 64;

/** @param userPrincipalName  that the provider may give in the tenant's name */
export function newcomerFrom(
  identity: ObjectIdentity,
  claims: readonly Claim[],
  userPrincipalName: string | undefined,
): Newcomer {
  const attributes: Record<string, string> = {};
  for (const { type, value } of claims) {
    const name = Object.hasOwn(attributeOf, type) ? attributeOf[type] : undefined;
    const isFitting = value !== '' && (name === 'mail' ? value.length <= 320 : value.length <= longestValue);
    if (name !== undefined && isFitting) attributes[name] = value;
  }
  return { identity, attributes: { ...attributes, ...(userPrincipalName !== undefined && { userPrincipalName }) } };
}

/**
 * Makes an account for somebody from an identity provider. Everybody has a name for others.
 *
 * @param typed  what the person says besides, which counts before the word of the provider
 * @throws Refusal as `createUser`
 */
export async function createNewcomer(
  stores: DirectoryStores & { audit: AuditStore },
  act: Act,
  { identity, attributes }: Newcomer,
  typed: AttributeChange = {},
): Promise<DirectoryObject> {
  const all = { ...attributes, ...typed };
  const { givenName, surname, mail } = all;
  const parts = [givenName, surname].filter((part) => typeof part === 'string').join(' ');
  const displayName = all['displayName'] || parts || mail || identity.issuerAssignedId.slice(0, longestValue);
  return createUser(stores, act, { ...all, displayName, identities: [{ ...identity }] });
}
