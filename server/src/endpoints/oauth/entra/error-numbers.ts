import type { OAuthCall } from '../call.ts';

/** Numbers of Microsoft's errors by which its clients tell what went wrong (`AADSTSnnnnn`). */
export const errorNumbers: Readonly<Record<string, number>> = {
  invalid_request: 900144,
  invalid_client: 7000215,
  invalid_grant: 70000,
  invalid_resource: 500011,
  invalid_scope: 70011,
  invalid_target: 500011,
  unauthorized_client: 700016,
  unsupported_grant_type: 70003,
  authorization_pending: 70016,
  authorization_declined: 70018,
  expired_token: 70020,
  interaction_required: 50076,
  login_required: 50058,
  consent_required: 65001,
  access_denied: 65004,
  invalid_tenant: 90002,
  unsupported_response_type: 700054,
  invalid_redirect_uri: 50011,
  unmet_authentication_requirements: 50076,
  account_selection_required: 16000,
};

/**
 * An error of the authorization endpoint with Microsoft's number before its description, from which clients and the people
 * who run them tell what went wrong (https://learn.microsoft.com/entra/identity-platform/reference-error-codes).
 */
export function withNumber(
  answer: Readonly<Record<string, unknown>>,
  { isUnassigned }: OAuthCall,
): Readonly<Record<string, unknown>> {
  const error = String(answer['error']);
  const { error_description: description = error } = answer;
  // At the token endpoint the same error means a wrong secret.
  const number = isUnassigned ? 50105 : error === 'invalid_client' ? 700016 : (errorNumbers[error] ?? 90000);
  return { ...answer, error_description: `AADSTS${number}: ${description}` };
}
