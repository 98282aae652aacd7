// Sign-ins under way, sessions, and how people prove who they are. `Database` says how columns are written.

export interface UserFlowTable {
  tenant_id: string;
  name_key: string;
  definition: string;
}

/** Sign-ins under way. What their step keeps secret is sealed. */
export interface SignInTable {
  tenant_id: string;
  id: string;
  browser_digest: string;
  state: string;
  sealed_secret: string | null;
  version: number;
  expires_at: number;
}

/** Outcomes that the asking endpoint has not fetched yet. */
export interface SignInResultTable {
  tenant_id: string;
  secret_digest: string;
  browser_digest: string;
  result: string;
  expires_at: number;
}

export interface SessionTable {
  tenant_id: string;
  id: string;
  user_id: string;
  secret_digest: string | null;
  factors: string;
  upstream_key: string | null;
  upstream_session_key: string | null;
  created_at: number;
  last_used_at: number;
  valid_until: number;
  ends_at: number;
  is_kept: number;
  address: string;
  user_agent: string;
}

/** `flow` is empty for the built-in one. `participation` is JSON. */
export interface SessionApplicationTable {
  tenant_id: string;
  session_id: string;
  application_id: string;
  flow: string;
  last_at: number;
  issuer: string | null;
  participation: string | null;
  name_key: string | null;
}

/** `document` is JSON. */
export interface SignInTraceTable {
  tenant_id: string;
  id: string;
  sign_in_id: string | null;
  at: number;
  document: string;
}

/** Applications that are still to be told of the end of a session. */
export interface LogoutNoticeTable {
  tenant_id: string;
  id: string;
  application_id: string;
  issuer: string;
  user_id: string;
  session_id: string;
  tries: number;
  due_at: number;
}

/** Browsers in which a user has signed in before. */
export interface KnownBrowserTable {
  tenant_id: string;
  user_id: string;
  browser_digest: string;
  expires_at: number;
}

/** How often something was tried in vain. */
export interface AttemptsTable {
  tenant_id: string;
  key: string;
  count: number;
  last_at: number;
  expires_at: number;
}

/** Codes that were sent to somebody. Without digest, nobody has the code. */
export interface OneTimeCodeTable {
  tenant_id: string;
  sign_in_id: string;
  purpose: string;
  digest: string | null;
  tries: number;
  expires_at: number;
}

/** What users have registered to prove who they are. `credential_id` is set for passkeys only. */
export interface AuthenticationMethodTable {
  tenant_id: string;
  user_id: string;
  id: string;
  kind: string;
  credential_id: string | null;
  display_name: string;
  detail: string;
  sealed_secret: string | null;
  counter: number;
  created_at: number;
  last_used_at: number | null;
}

export interface RecoveryCodeTable {
  tenant_id: string;
  user_id: string;
  digest: string;
}

export interface SignInEventTable {
  tenant_id: string;
  id: string;
  at: number;
  user_id: string | null;
  application_id: string;
  app_id: string;
  type: string;
  flow_key: string | null;
  outcome: string;
  failure: string | null;
  address: string;
  correlation_id: string;
  detail: string;
}

/** Which terms of use a user has accepted. */
export interface AcceptedTermsTable {
  tenant_id: string;
  user_id: string;
  version: string;
  accepted_at: number;
}

/** Mails and text messages that are to be sent. */
export interface OutgoingMessageTable {
  tenant_id: string;
  id: string;
  /** With its codes, so it is sealed. */
  sealed_message: string;
  tries: number;
  due_at: number;
  expires_at: number;
}
