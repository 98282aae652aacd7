import { type RefusalDefinition, refusals } from '../refusal.ts';

/** Everything that applications refuse. */
export const applicationsErrors = {
  'applications.principal_not_found': {
    status: 404,
    text: 'There is no principal {id} of the right kind in this tenant.',
    advice: 'Consent is given for users; roles are held by users, groups and service principals.',
  },
  'applications.relying_party_invalid': {
    status: 400,
    text: 'The relying party is invalid: {reason}.',
    advice: 'Correct it, or give the metadata of the application; nothing was saved.',
  },
  'applications.relying_party_taken': {
    status: 409,
    text: 'Another application of this tenant has the identifier {identifier}.',
    advice:
      'Each entity identifier or realm belongs to one application: change that one, or choose another identifier.',
  },
  'applications.relying_party_not_found': {
    status: 404,
    text: 'The service principal {id} is no relying party of SAML or WS-Federation.',
    advice: 'Make it one first, by its metadata or by its identifier and reply address.',
  },
  'applications.rules_invalid': {
    status: 400,
    text: 'The {property} cannot be used: {reason}',
    advice: 'Correct the rules; nothing was saved.',
  },
  'applications.consent_policy_unknown': {
    status: 400,
    text: 'There is no permission grant policy {name}; there are {known}.',
    advice: 'Name one of them, or none, so that only administrators consent.',
  },
  'applications.registration_off': {
    status: 403,
    text: 'This tenant does not let clients register themselves.',
    advice: 'Set the mode of its client registration policy to token or open.',
  },
  'applications.initial_access_token_refused': {
    status: 401,
    text: 'Registering a client needs an initial access token that is valid and has uses left.',
    advice: 'Ask an administrator of the tenant for one.',
  },
  'applications.initial_access_token_invalid': {
    status: 400,
    text: 'A token has a name of 1 to {longestName} characters, 1 to {mostDays} days and 1 to {mostUses} uses.',
    advice: 'Correct the values.',
  },
  'applications.initial_access_token_not_found': {
    status: 404,
    text: 'There is no initial access token {id} in this tenant.',
    advice: 'List the tokens; it may have been revoked.',
  },
  'applications.too_many_initial_access_tokens': {
    status: 409,
    text: 'The tenant already has {most} initial access tokens.',
    advice: 'Revoke those that nobody uses.',
  },
  'applications.too_many_registered_clients': {
    status: 403,
    text: 'The tenant already has {most} clients that registered themselves.',
    advice: 'Delete those that nobody uses, or raise mostClients of the client registration policy.',
  },
  'applications.app_id_unknown': {
    status: 400,
    text: 'No application with the appId {appId} is registered in this tenant.',
    advice: 'Register the application first.',
  },
  'applications.app_id_stays': {
    status: 400,
    text: 'The appId of an application cannot be changed.',
    advice: 'Register another application.',
  },
  'applications.property_invalid': {
    status: 400,
    text: 'The property {property} is invalid: {reason}.',
    advice: 'Correct the value; nothing was saved.',
  },
  'applications.identifier_uri_taken': {
    status: 409,
    text: 'The identifier URI {uri} is a name of another application.',
    advice: 'Choose another one, such as api:// and the appId.',
  },
  'applications.permission_enabled': {
    status: 400,
    text: 'The role or scope {value} ({id}) is enabled, so it can neither be removed nor get another value.',
    advice: 'Set its isEnabled to false first.',
  },
  'applications.key_credential_invalid': {
    status: 400,
    text: 'A key credential is invalid: {reason}.',
    advice: 'Send an X.509 certificate, DER in base64; nothing was saved.',
  },
  'applications.attribute_follows_application': {
    status: 400,
    text: 'The property {property} of a service principal comes from its application.',
    advice: 'Change the application.',
  },
  'applications.first_party_stays': {
    status: 400,
    text: 'The service principal {name} belongs to every tenant and cannot be deleted.',
    advice: 'Set its accountEnabled to false to keep everybody from using it.',
  },
  'applications.first_party_credentials': {
    status: 400,
    text: 'The service principal {name} belongs to every tenant and takes no credentials.',
    advice: 'Register an application of your own.',
  },
  'applications.secret_times_invalid': {
    status: 400,
    text: 'The secret must end after it starts, in the future, and at most {mostYears} years after its start.',
    advice: 'Correct startDateTime or endDateTime, or leave them out for two years from now.',
  },
  'applications.secret_name_invalid': {
    status: 400,
    text: 'The name of the secret is longer than {longest} characters, or has one that is none.',
    advice: 'Choose another name.',
  },
  'applications.too_many_secrets': {
    status: 400,
    text: 'The object already has {most} secrets.',
    advice: 'Remove those that nobody uses.',
  },
  'applications.secret_not_found': {
    status: 404,
    text: 'The object has no secret {keyId}.',
    advice: 'Check the keyId; the secret may have been removed already.',
  },
  'applications.federated_credential_invalid': {
    status: 400,
    text: 'The federated credential is invalid: {reason}.',
    advice: 'Correct it; nothing was saved.',
  },
  'applications.federated_credential_exists': {
    status: 409,
    text: 'There already is a federated credential named {name}.',
    advice: 'Choose another name, or change the one that is there.',
  },
  'applications.too_many_federated_credentials': {
    status: 400,
    text: 'The object already has {most} federated credentials.',
    advice: 'Remove those that nobody uses, or register another application.',
  },
  'applications.federated_credential_not_found': {
    status: 404,
    text: 'The object has no federated credential {idOrName}.',
    advice: 'Check its id or name; it may have been removed already.',
  },
  'applications.scope_unknown': {
    status: 400,
    text: 'The resource {resource} has no enabled scope {scope}.',
    advice: 'See its oauth2PermissionScopes.',
  },
  'applications.scope_too_long': {
    status: 400,
    text: 'The scope is longer than {longest} characters.',
    advice: 'Name fewer permissions.',
  },
  'applications.permission_grant_exists': {
    status: 409,
    text: 'This consent was already given.',
    advice: 'Change the scope of the permission grant that is there.',
  },
  'applications.permission_grant_not_found': {
    status: 404,
    text: 'There is no permission grant {id}.',
    advice: 'Check the id; it may have been removed already.',
  },
  'applications.app_role_unknown': {
    status: 400,
    text: 'The resource {resource} has no enabled role {roleId}.',
    advice: 'See its appRoles. The nil GUID is for resources that have no role for this kind of principal.',
  },
  'applications.app_role_not_for': {
    status: 400,
    text: 'The role {role} cannot be held by a {kind}.',
    advice: 'See allowedMemberTypes of the role.',
  },
  'applications.app_role_assignment_exists': {
    status: 409,
    text: 'The principal already holds this role.',
    advice: 'Nothing needs to be done.',
  },
  'applications.app_role_assignment_not_found': {
    status: 404,
    text: 'There is no app role assignment {id}.',
    advice: 'Check the id; it may have been removed already.',
  },
} as const satisfies Readonly<Record<string, RefusalDefinition>>;

/** Refuses with one of the codes above. */
export const refuse = refusals(applicationsErrors);
