import {
  authenticationMethod,
  emailMethod,
  fido2Method,
  passwordMethod,
  phoneMethod,
  type Resource,
  softwareOathMethod,
} from '@countersign/management-api';
import type { DirectoryObject } from '../../directory/index.ts';
import { type AuthenticationMethod, mailAddressOf } from '../../user-flows/index.ts';
import type { Call } from './call.ts';
import type { Shown } from './resource-view.ts';

/** The kinds of methods by the names of their collections. */
export const methodResources = {
  methods: authenticationMethod,
  passwordMethods: passwordMethod,
  emailMethods: emailMethod,
  softwareOathMethods: softwareOathMethod,
  fido2Methods: fido2Method,
  phoneMethods: phoneMethod,
} as const satisfies Record<string, Resource>;

/** Interop: Microsoft Graph gives these ids to the one password and the one mailbox of every user. */
export const passwordId = '28c10230-6103-485e-b985-444c60001490';
const emailId = '3ddfcfc8-9383-446f-83cc-3ab9be4be18f';

const resourceOfKind: Readonly<Record<AuthenticationMethod['kind'], Resource>> = {
  totp: softwareOathMethod,
  passkey: fido2Method,
  phone: phoneMethod,
};

/** By what the user can prove to be there, each with the resource that it is. */
export async function methodsOf(
  { storage, tenantId }: Pick<Call, 'storage' | 'tenantId'>,
  user: DirectoryObject,
): Promise<{ resource: Resource; shown: Shown }[]> {
  const found: [Resource, Shown][] = [];
  const password = await storage.read.passwords.find(tenantId, user.id);
  if (password) found.push([passwordMethod, { id: passwordId, createdDateTime: password.changedAt.toISOString() }]);
  const emailAddress = mailAddressOf(user);
  if (emailAddress !== null) found.push([emailMethod, { id: emailId, emailAddress }]);
  for (const method of await storage.read.authenticationMethods.list(tenantId, user.id)) {
    found.push([resourceOfKind[method.kind], methodView(method)]);
  }
  return found.map(([resource, shown]) => ({ resource, shown: { '@odata.type': `#${resource.type}`, ...shown } }));
}

/** As Microsoft Graph shows it. */
export function methodView(method: AuthenticationMethod): Shown {
  const { id, displayName, createdAt, lastUsedAt } = method;
  return {
    id,
    displayName,
    createdDateTime: createdAt.toISOString(),
    lastUsedDateTime: lastUsedAt?.toISOString(),
    ...(method.kind === 'passkey' && {
      relyingPartyId: method.rpId,
      isBackedUp: method.isBackedUp,
      transports: [...method.transports],
    }),
    ...(method.kind === 'phone' && { phoneNumber: method.number, phoneType: 'mobile' }),
  };
}
