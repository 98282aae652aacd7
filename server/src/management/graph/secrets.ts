import { addPassword, type ClientSecret, removePassword, secretBytes } from '../../applications/index.ts';
import type { Attributes, DirectoryObject } from '../../directory/index.ts';
import type { Answer, Call } from './call.ts';
import { contextUrl } from './pages.ts';

/** Adds to applications and service principals what is known of their secrets, when it is to be shown. */
export async function withSecrets(
  call: Call,
  objects: readonly DirectoryObject[],
): Promise<readonly DirectoryObject[]> {
  const { select } = call.query;
  if (select && !select.some((name) => name === '*' || name.toLowerCase() === 'passwordcredentials')) return objects;
  const owners = objects.filter(({ kind }) => kind === 'application' || kind === 'servicePrincipal');
  const secrets = await call.storage.read.clientSecrets.list(
    call.tenantId,
    owners.map(({ id }) => id),
  );
  return objects.map((object) => {
    const own = secrets.filter(({ objectId }) => objectId === object.id);
    if (own.length === 0) return object;
    return { ...object, attributes: { ...object.attributes, passwordCredentials: own.map(secretView) } };
  });
}

interface AddPasswordBody {
  passwordCredential?:
    | {
        displayName?: string | null | undefined;
        startDateTime?: string | null | undefined;
        endDateTime?: string | null | undefined;
      }
    | null
    | undefined;
}

/** Makes a secret and answers it, for the only time. */
export async function answerAddedPassword(
  call: Call & { body: AddPasswordBody },
  object: DirectoryObject,
): Promise<Answer> {
  const { displayName, startDateTime, endDateTime } = call.body.passwordCredential ?? {};
  const input = {
    displayName,
    startsAt: startDateTime == null ? undefined : new Date(startDateTime),
    endsAt: endDateTime == null ? undefined : new Date(endDateTime),
  };
  const random = call.randomBytes(secretBytes);
  const { secret, secretText } = await call.storage.write((stores) =>
    addPassword(stores, call.act, object, input, random),
  );
  const context = contextUrl(call, 'microsoft.graph.passwordCredential');
  return {
    headers: { 'cache-control': 'no-store' },
    body: { '@odata.context': context, ...secretView(secret), secretText },
  };
}

/** Takes a secret away. @throws GraphError when there is none of this id */
export async function answerRemovedPassword(
  call: Call & { body: { keyId: string } },
  object: DirectoryObject,
): Promise<Answer> {
  await call.storage.write((stores) => removePassword(stores, call.act, object, call.body.keyId));
  return {};
}

function secretView({ id, displayName, hint, startsAt, endsAt }: ClientSecret): Attributes & { secretText: null } {
  return {
    customKeyIdentifier: null,
    displayName,
    endDateTime: endsAt.toISOString(),
    hint,
    keyId: id,
    secretText: null,
    startDateTime: startsAt.toISOString(),
  };
}
