import { type AttributeChange, type NewPassword, type PasswordHasher, preparePassword } from '../../directory/index.ts';
import { badRequest } from './error.ts';

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
 * @throws Refusal `directory.password_...`; GraphError `BadRequest` for a profile without a password
 */
export async function preparedPassword(
  hasher: PasswordHasher,
  profile: PasswordProfile | undefined,
  attributes: AttributeChange,
): Promise<NewPassword | undefined> {
  if (!profile) return undefined;
  if (profile.password === undefined) throw badRequest('The passwordProfile has no password.');
  const hash = await preparePassword(hasher, profile.password, attributes);
  return { hash, mustChange: profile.forceChangePasswordNextSignIn ?? true };
}
