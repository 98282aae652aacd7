import {
  type AttributeChange,
  getTenant,
  type NewPassword,
  passwordPolicyOf,
  preparePassword,
} from '../../directory/index.ts';
import type { Call } from './call.ts';

/** Microsoft Graph's passwordProfile, as far as it can be written. */
interface PasswordProfile {
  password?: string | undefined;
  forceChangePasswordNextSignIn?: boolean | undefined;
}

/**
 * Checks and hashes the password of a profile, when there is one. It must be changed at the next sign-in unless the
 * profile says otherwise, as in Microsoft Graph.
 *
 * @param attributes  of the user, as they will be
 * @throws Refusal `directory.password_...`
 */
export async function preparedPassword(
  call: Call,
  profile: PasswordProfile | undefined,
  attributes: AttributeChange,
): Promise<NewPassword | undefined> {
  if (profile?.password === undefined) return undefined;
  const hash = await hashOfNewPassword(call, profile.password, attributes);
  return { hash, mustChange: profile.forceChangePasswordNextSignIn ?? true };
}

/**
 * Checks a password against the rules of the caller's tenant, and hashes it.
 *
 * @param attributes  of the user
 * @throws Refusal `directory.password_...`
 */
export async function hashOfNewPassword(
  { passwords, storage, tenantId }: Call,
  password: string,
  attributes: AttributeChange,
): Promise<string> {
  return preparePassword(passwords, password, attributes, passwordPolicyOf(await getTenant(storage.read, tenantId)));
}
