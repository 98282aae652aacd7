import { type RefusalDefinition, refusals } from '../refusal.ts';

/** Everything that the directory refuses. */
export const directoryErrors = {
  'directory.object_not_found': {
    status: 404,
    text: 'There is no {kind} {id} in this tenant.',
    advice: 'Check the id. A deleted object can be restored for 30 days.',
  },
  'directory.attribute_invalid': {
    status: 400,
    text: 'The attribute {attribute} {problem}.',
    advice: 'Correct the value; nothing was saved.',
  },
  'directory.attribute_unknown': {
    status: 400,
    text: 'The {kind} has no attribute {attribute}.',
    advice: 'Check the spelling. Attributes of your own are declared as extension properties first.',
  },
  'directory.object_too_large': {
    status: 413,
    text: 'The {kind} would take {size} bytes; at most {most} are kept.',
    advice: 'Keep large data elsewhere.',
  },
  'directory.name_taken': {
    status: 409,
    text: 'Another object already has the {space} {name}.',
    advice: 'Choose another name, or rename or purge the other object.',
  },
  'directory.changed_meanwhile': {
    status: 412,
    text: 'The {kind} {id} was changed by somebody else meanwhile.',
    advice: 'Read it again and repeat the change.',
  },
  'directory.object_not_deleted': {
    status: 409,
    text: 'The {kind} {id} is not among the deleted items.',
    advice: 'Delete it first.',
  },
  'directory.domain_not_verified': {
    status: 400,
    text: 'The domain {domain} is not a verified domain of this tenant.',
    advice: 'Use one of the tenant’s verified domains, or add and verify this one.',
  },
  'directory.filter_invalid': {
    status: 400,
    text: 'The filter on {attribute} {problem}.',
    advice: 'See the attribute’s type and how it can be searched in the reference of the management API.',
  },
  'directory.filter_too_complex': {
    status: 400,
    text: 'The filter has more than {most} terms or is nested deeper than {deepest} levels.',
    advice: 'Ask several simpler questions.',
  },
  'directory.order_invalid': {
    status: 400,
    text: 'A list of {kind} objects cannot be ordered by {attribute}.',
    advice: 'Order by an attribute with one value that can be searched, such as displayName.',
  },
  'directory.link_kind_invalid': {
    status: 400,
    text: 'A {toKind} cannot be {relation} of a {fromKind}.',
    advice: 'See which kinds of objects the relation joins in the reference of the management API.',
  },
  'directory.group_cycle': {
    status: 400,
    text: 'The group {groupId} already is in {memberId}, so {memberId} cannot become its member.',
    advice: 'Remove one of the memberships between them first.',
  },
  'directory.nesting_too_complex': {
    status: 400,
    text: 'The group {memberId} would be in {groupId} or another group over more than {most} paths.',
    advice: 'Nest groups more simply.',
  },
  'directory.last_administrator': {
    status: 409,
    text: 'The user {id} is the last enabled user with the role Global Administrator.',
    advice: 'Give the role to another enabled user first.',
  },
  'directory.role_not_found': {
    status: 404,
    text: 'There is no directory role {roleId}.',
    advice: 'Choose one of the listed roles.',
  },
  'directory.role_not_assignable': {
    status: 400,
    text: 'The {kind} {id} cannot hold a directory role.',
    advice: 'Assign roles to users, service principals and groups made with isAssignableToRole.',
  },
  'directory.role_already_assigned': {
    status: 409,
    text: 'The object {principalId} already has the role {roleId}.',
    advice: 'Nothing needs to be done.',
  },
  'directory.role_assignment_not_found': {
    status: 404,
    text: 'There is no role assignment {id}.',
    advice: 'Check the id; it may have been removed already.',
  },
  'directory.extension_property_exists': {
    status: 409,
    text: 'The attribute {name} is already declared.',
    advice: 'Use it, or choose another name.',
  },
  'directory.extension_property_not_found': {
    status: 404,
    text: 'There is no extension property {id}.',
    advice: 'Check the id; it may have been removed already.',
  },
  'directory.extension_property_invalid': {
    status: 400,
    text: 'The extension property {name} {problem}.',
    advice: 'Correct the declaration; nothing was saved.',
  },
  'directory.tenant_not_found': {
    status: 404,
    text: 'There is no tenant {tenant}.',
    advice: 'Use the tenant’s id, name or one of its verified domains.',
  },
  'directory.tenant_name_taken': {
    status: 409,
    text: 'Another tenant is already called {name}.',
    advice: 'Choose another name.',
  },
  'directory.tenant_name_invalid': {
    status: 400,
    text: 'The tenant name {name} {problem}.',
    advice: 'Use 2 to 63 lower-case letters, digits and dashes, beginning with a letter.',
  },
  'directory.domain_invalid': {
    status: 400,
    text: 'The domain {domain} {problem}.',
    advice: 'Give a full DNS name such as contoso.com.',
  },
  'directory.domain_taken': {
    status: 409,
    text: 'The domain {domain} belongs to another tenant.',
    advice: 'Remove it there first.',
  },
  'directory.domain_not_found': {
    status: 404,
    text: 'This tenant has no domain {domain}.',
    advice: 'Check the spelling, or add it.',
  },
  'directory.domain_not_proven': {
    status: 400,
    text: 'No TXT record of {domain} has the value {expected}.',
    advice: 'Add the record at the domain’s DNS and try again when it has spread.',
  },
  'directory.domain_in_use': {
    status: 409,
    text: 'The domain {domain} cannot be removed: {use}.',
    advice: 'Rename what uses it first.',
  },
  'directory.host_invalid': {
    status: 400,
    text: 'The host name {host} {problem}.',
    advice: 'Give a full DNS name without port such as login.contoso.com.',
  },
  'directory.host_taken': {
    status: 409,
    text: 'The host name {host} already leads to another tenant.',
    advice: 'Remove it there first.',
  },
  'directory.password_missing': {
    status: 400,
    text: 'The user {id} has no password.',
    advice: 'Set one first.',
  },
  'directory.password_too_short': {
    status: 400,
    text: 'The password has fewer than {least} characters.',
    advice: 'Choose a longer one; several words in a row are good.',
  },
  'directory.password_too_long': {
    status: 400,
    text: 'The password has more than {most} characters.',
    advice: 'Choose a shorter one.',
  },
  'directory.password_common': {
    status: 400,
    text: 'The password is one of those that are tried first by whoever guesses passwords.',
    advice: 'Choose one that others do not use; several words in a row are good.',
  },
  'directory.password_leaked': {
    status: 400,
    text: 'The password is known from a leak of some service.',
    advice: 'Choose one that was never used elsewhere.',
  },
  'directory.password_has_banned_word': {
    status: 400,
    text: 'Without words that this tenant does not allow, the password has fewer than {least} characters.',
    advice: 'Choose one that does not build on names of the organization or its products.',
  },
  'directory.password_policy_invalid': {
    status: 400,
    text: 'The setting {name} of the password policy {problem}.',
    advice: 'Correct the value; nothing was saved.',
  },
  'directory.password_has_name': {
    status: 400,
    text: 'Without the user’s own names, the password has fewer than {least} characters.',
    advice: 'Choose one that does not build on the user’s name.',
  },
} as const satisfies Readonly<Record<string, RefusalDefinition>>;

export const refuse = refusals(directoryErrors);
