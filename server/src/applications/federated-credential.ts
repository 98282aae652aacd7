import { type Act, type AuditStore, auditEvent } from '../audit/index.ts';
import { type DirectoryObject, isStorable } from '../directory/index.ts';
import { refuse } from './errors.ts';
import type { ApplicationStores, FederatedCredential } from './store.ts';

/** https://learn.microsoft.com/graph/api/resources/federatedidentitycredentials-overview has the same limits. */
const mostCredentials = 20;
const longestName = 120;
const longest = 600;

export interface FederatedCredentialInput {
  name: string;
  /** Compared with the token's `iss`, character by character. */
  issuer: string;
  /** Compared with the token's `sub`, character by character. */
  subject: string;
  /** Exactly one, compared with the token's `aud`. */
  audiences: string[];
  description?: string | null | undefined;
}

/** What can be changed of it; undefined stays as it is. */
type FederatedCredentialChange = {
  [Property in Exclude<keyof FederatedCredentialInput, 'name'>]?: FederatedCredentialInput[Property] | undefined;
};

type Stores = Pick<ApplicationStores, 'federatedCredentials'> & { audit: AuditStore };

/**
 * Lets tokens of a foreign issuer stand in for a secret of the application or managed identity.
 *
 * @throws Refusal `applications.federated_credential_invalid`, `applications.federated_credential_exists`,
 *   `applications.too_many_federated_credentials`
 */
export async function createFederatedCredential(
  stores: Stores,
  act: Act,
  object: DirectoryObject,
  input: FederatedCredentialInput,
): Promise<FederatedCredential> {
  const present = await stores.federatedCredentials.list(act.tenantId, object.id);
  if (present.length >= mostCredentials) {
    throw refuse('applications.too_many_federated_credentials', { most: mostCredentials });
  }
  const credential: FederatedCredential = {
    ...input,
    description: input.description ?? null,
    id: act.newId(),
    objectId: object.id,
    createdAt: act.now,
  };
  check(credential, present);
  const isNew = await stores.federatedCredentials.insert(act.tenantId, credential, act.now);
  if (!isNew) throw refuse('applications.federated_credential_exists', { name: credential.name });
  await stores.audit.append([event(act, 'create', object, undefined, credential)]);
  return credential;
}

/**
 * Changes a federated credential; its name stays.
 *
 * @throws Refusal `applications.federated_credential_not_found`, `applications.federated_credential_invalid`
 */
export async function updateFederatedCredential(
  stores: Stores,
  act: Act,
  object: DirectoryObject,
  idOrName: string,
  changes: FederatedCredentialChange,
): Promise<FederatedCredential> {
  const before = await getFederatedCredential(stores, act.tenantId, object, idOrName);
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  const after: FederatedCredential = { ...before, ...given };
  const present = await stores.federatedCredentials.list(act.tenantId, object.id);
  check(
    after,
    present.filter(({ id }) => id !== before.id),
  );
  await stores.federatedCredentials.update(act.tenantId, after, act.now);
  await stores.audit.append([event(act, 'update', object, before, after)]);
  return after;
}

/** @throws Refusal `applications.federated_credential_not_found` */
export async function deleteFederatedCredential(
  stores: Stores,
  act: Act,
  object: DirectoryObject,
  idOrName: string,
): Promise<void> {
  const before = await getFederatedCredential(stores, act.tenantId, object, idOrName);
  await stores.federatedCredentials.remove(act.tenantId, object.id, before.id, act.now);
  await stores.audit.append([event(act, 'delete', object, before, undefined)]);
}

/**
 * Finds a credential of the object by its id or its name.
 *
 * @throws Refusal `applications.federated_credential_not_found`
 */
export async function getFederatedCredential(
  stores: Pick<ApplicationStores, 'federatedCredentials'>,
  tenantId: string,
  object: DirectoryObject,
  idOrName: string,
): Promise<FederatedCredential> {
  const wanted = idOrName.toLowerCase();
  const present = await stores.federatedCredentials.list(tenantId, object.id);
  const found = present.find(({ id, name }) => id === wanted || name.toLowerCase() === wanted);
  if (!found) throw refuse('applications.federated_credential_not_found', { idOrName });
  return found;
}

/** What a token of a foreign issuer says, after its signature was verified with that issuer's keys. */
export interface ForeignToken {
  issuer: string;
  subject: string;
  /** `aud` as a list, even where the token has a single text. */
  audiences: readonly string[];
}

/**
 * Finds the credential that the token meets: issuer, subject and the one audience each equal, character by character.
 * A token for several audiences meets none, since each of the others could have passed it on.
 */
export function findFederatedCredential(
  credentials: readonly FederatedCredential[],
  token: ForeignToken,
): FederatedCredential | undefined {
  const [audience, ...others] = token.audiences;
  if (audience === undefined || others.length > 0) return undefined;
  return credentials.find(
    ({ issuer, subject, audiences }) =>
      issuer === token.issuer && subject === token.subject && audiences.includes(audience),
  );
}

function check(credential: FederatedCredential, others: readonly FederatedCredential[]): void {
  const reason = whyInvalid(credential, others);
  if (reason !== undefined) throw refuse('applications.federated_credential_invalid', { reason });
}

function whyInvalid(credential: FederatedCredential, others: readonly FederatedCredential[]): string | undefined {
  const { name, issuer, subject, audiences, description } = credential;
  if (name.length > longestName || !/^[A-Za-z0-9_][A-Za-z0-9_-]*$/.test(name)) {
    return `its name is not made of 1 to ${longestName} letters, digits, dashes and underscores`;
  }
  for (const [property, text] of Object.entries({ issuer, subject, audience: audiences[0] ?? '' })) {
    if (text.trim() === '') return `its ${property} is empty`;
    if (!isStorable(text)) return `its ${property} has a character that is none`;
    if (text !== text.trim()) return `its ${property} begins or ends with a space`;
    if (text.length > longest) return `its ${property} is longer than ${longest} characters`;
    if (text.includes('*')) return `its ${property} has a wildcard, and it is compared character by character`;
  }
  if (audiences.length !== 1) return 'it does not have exactly one audience';
  if (description !== null && (description.length > longest || !isStorable(description))) {
    return `its description is longer than ${longest} characters, or has one that is none`;
  }
  // OpenID Connect Discovery 3: an issuer is a URL with the https scheme, without query and fragment.
  if (!/^https:\/\/[^?#@\s\\]+$/.test(issuer) || !URL.canParse(issuer)) {
    return 'its issuer is no https URL without query and fragment';
  }
  const isTwice = others.some((other) => other.issuer === issuer && other.subject === subject);
  return isTwice ? 'another of the same object has its issuer and subject' : undefined;
}

function event(
  act: Act,
  verb: 'create' | 'update' | 'delete',
  object: DirectoryObject,
  before: FederatedCredential | undefined,
  after: FederatedCredential | undefined,
) {
  const about = {
    kind: 'federatedCredential',
    id: (after ?? before)?.id ?? null,
    name: (after ?? before)?.name ?? null,
  };
  const change = {
    property: `${object.kind}/${object.id}`,
    ...(before && { before: describe(before) }),
    ...(after && { after: describe(after) }),
  };
  return auditEvent(act, `federatedCredential.${verb}`, about, [change]);
}

function describe({ issuer, subject, audiences, description }: FederatedCredential): Record<string, unknown> {
  return { issuer, subject, audiences, description };
}
