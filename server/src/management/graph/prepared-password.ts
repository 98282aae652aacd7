import { type AttributeChange, type NewPassword, type PasswordHasher, preparePassword } from '../../directory/index.ts';

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
  hasher: PasswordHasher,
  profile: PasswordProfile | undefined,
  attributes: AttributeChange,
): Promise<NewPassword | undefined> {
  if (profile?.password === undefined) return undefined;
  const hash = await preparePassword(hasher, profile.password, attributes);
  return { hash, mustChange: profile.forceChangePasswordNextSignIn ?? true };
}
