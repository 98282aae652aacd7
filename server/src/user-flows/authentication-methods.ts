import { type Act, type AuditStore, auditEvent } from '../audit/index.ts';
import { type DirectoryObject, type DirectoryStores, getTenant, updateUser } from '../directory/index.ts';
import type { AuthenticationMethod, PhoneMethod } from './authentication-method.ts';
import { parseEmail } from './email.ts';
import { refuse } from './errors.ts';
import { identitiesOf } from './find-account.ts';
import { type NotedChange, notify } from './notify.ts';
import { maskedPhone, parsePhone } from './phone.ts';
import type { UserFlowStores } from './store.ts';
import { mailAddressOf } from './user-names.ts';

type Removing = Pick<UserFlowStores, 'authenticationMethods' | 'recoveryCodes'> & { audit: AuditStore };
type Telling = Pick<UserFlowStores, 'outgoing'> & Pick<DirectoryStores, 'tenants'>;
type UserWriting = DirectoryStores & { audit: AuditStore };

/**
 * Takes away something by which a user could prove to be there. With the last one the recovery codes go, too: they stood
 * in for it.
 *
 * @throws Refusal `user-flows.authentication_method_not_found`
 */
export async function removeAuthenticationMethod(
  stores: Removing,
  act: Act,
  user: DirectoryObject,
  methodId: string,
): Promise<void> {
  const { authenticationMethods, recoveryCodes, audit } = stores;
  const methods = await authenticationMethods.list(act.tenantId, user.id);
  const removed = methods.find(({ id }) => id === methodId);
  if (!removed || !(await authenticationMethods.remove(act.tenantId, user.id, methodId))) {
    throw refuse('user-flows.authentication_method_not_found', { id: methodId });
  }
  if (methods.length === 1) await recoveryCodes.replace(act.tenantId, user.id, []);
  const changes = [{ property: 'authenticationMethod', before: removed.kind }];
  await audit.append([auditEvent(act, 'user.remove_authentication_method', auditedUser(user), changes)]);
}

/**
 * Keeps something by which a user can prove to be there.
 *
 * @param secret  what must be read back to check codes
 * @throws Refusal `user-flows.passkey_taken`
 */
export async function keepAuthenticationMethod(
  { authenticationMethods, audit }: Pick<UserFlowStores, 'authenticationMethods'> & { audit: AuditStore },
  act: Act,
  user: DirectoryObject,
  method: AuthenticationMethod,
  secret?: string,
): Promise<void> {
  await authenticationMethods.insert(act.tenantId, user.id, method, secret);
  const changes = [{ property: 'authenticationMethod', after: method.kind }];
  await audit.append([auditEvent(act, 'user.add_authentication_method', auditedUser(user), changes)]);
}

/**
 * Registers a phone for a user, on the word of an administrator that it is the user's.
 * @throws Refusal `user-flows.phone_malformed`, `user-flows.phone_present`
 */
export async function addPhone(
  stores: Pick<UserFlowStores, 'authenticationMethods'> & { audit: AuditStore },
  act: Act,
  user: DirectoryObject,
  typed: string,
): Promise<PhoneMethod> {
  const number = parsePhone(typed);
  if (!number) throw refuse('user-flows.phone_malformed', { number: typed.slice(0, 100) });
  const methods = await stores.authenticationMethods.list(act.tenantId, user.id);
  const isPresent = methods.some((method) => method.kind === 'phone' && method.number === number);
  if (isPresent) throw refuse('user-flows.phone_present', { number });
  const method = {
    kind: 'phone',
    id: act.newId(),
    displayName: maskedPhone(number),
    createdAt: act.now,
    lastUsedAt: null,
    number,
    counter: 0,
  } as const;
  await keepAuthenticationMethod(stores, act, user, method);
  return method;
}

/**
 * Gives a user who has none a mailbox for codes and notices.
 * @throws Refusal `user-flows.email_malformed`, `user-flows.email_present`, and as `updateUser`
 */
export async function addMailbox(stores: UserWriting, act: Act, user: DirectoryObject, typed: string): Promise<void> {
  const present = mailAddressOf(user);
  if (present !== null) throw refuse('user-flows.email_present', { address: present });
  const mail = parseEmail(typed);
  if (!mail) throw refuse('user-flows.email_malformed', { address: typed.slice(0, 100) });
  await updateUser(stores, act, user.id, { mail });
}

/**
 * Takes the mailbox for codes and notices away from a user.
 * @throws Refusal `user-flows.email_is_sign_in_name`, and as `updateUser`
 */
export async function removeMailbox(stores: UserWriting, act: Act, user: DirectoryObject): Promise<void> {
  const name = identitiesOf(user).find(({ signInType }) => signInType === 'emailAddress');
  if (name) throw refuse('user-flows.email_is_sign_in_name', { address: name.issuerAssignedId });
  await updateUser(stores, act, user.id, { mail: null });
}

/** Tells a user by mail what somebody else has changed about how the user signs in. */
export async function tellUser(stores: Telling, act: Act, user: DirectoryObject, change: NotedChange): Promise<void> {
  const { preferredLanguage } = user.attributes;
  const languages = typeof preferredLanguage === 'string' ? [preferredLanguage] : [];
  await notify(stores, act, { tenant: await getTenant(stores, act.tenantId), languages }, user, change);
}

function auditedUser({ id, attributes }: DirectoryObject) {
  return { kind: 'user', id, name: String(attributes['userPrincipalName'] ?? '') };
}
