import type { AppRole, PermissionScope } from '../permission.ts';
import { applicationRole, scope } from './build-permission.ts';

/**
 * Permissions of Microsoft Graph for what this hub has, under the ids that Microsoft publishes, since scripts and
 * templates name them by these: https://learn.microsoft.com/graph/permissions-reference
 * Columns: value, id as a scope, id as a role, what it allows.
 */
const permissions = `
Application.Read.All                      c79f8feb-a9db-4090-85f9-90d820caa0eb 9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30 Read all applications
Application.ReadWrite.All                 bdfbf15f-ee85-4955-8675-146e8e5296b5 1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9 Read and write all applications
Application.ReadWrite.OwnedBy             -                                    18a4783c-866b-4cc7-a460-3d5e5662c884 Write applications that it made or owns
AppRoleAssignment.ReadWrite.All           84bccea3-f856-4a8a-967b-dbe0a3d53a64 06b708a9-e830-4db3-a914-8e69da51d44f Write assignments of app roles and application permissions
AuditLog.Read.All                         e4c9e354-4dc5-45b8-9e7c-e1393b0b1a20 b0afded3-3588-46d8-8b3d-9842eff778da Read the audit log
DelegatedPermissionGrant.Read.All         a197cdc4-a8e8-4d49-9d35-4ca7c83887b4 81b4724a-58aa-41c1-8a55-84ef97466587 Read consents to delegated permissions
DelegatedPermissionGrant.ReadWrite.All    41ce6ca6-6826-4807-84f1-1c82854f7ee5 8e8e4742-1d95-4f68-9d56-6ee75648c72a Write consents to delegated permissions
Directory.AccessAsUser.All                0e263e50-5827-48a4-b97c-d940288653c7 -                                    Do in the directory whatever the user may do
Directory.Read.All                        06da0dbc-49e2-44d2-8312-53f166ab848a 7ab1d382-f21e-4acd-a863-ba3e13f7da61 Read the directory
Directory.ReadWrite.All                   c5366453-9fb0-48a5-a156-24f0c49a4b84 19dbc75e-c2e2-444c-a770-ec69d8559fc7 Read and write the directory
Domain.Read.All                           2f9ee017-59c1-4f1d-9472-bd5529a7b311 dbb9058a-0e50-45d7-ae91-66909b5d4664 Read domains
Domain.ReadWrite.All                      0b5d694c-a244-4bde-86e6-eb5cd07730fe 7e05723c-0bb0-42da-be95-ae9f08a6e53c Read and write domains
email                                     64a6cdd6-aab1-4aaf-94b8-3cc8405e90d0 -                                    See the e-mail address
Group.Create                              -                                    bf7b1a76-6e77-406b-b258-bf5c7720e98f Create groups
Group.Read.All                            5f8c59db-677d-491f-a6b8-5f174b11ec1d 5b567255-7703-4780-807c-7be8301ae99b Read all groups
Group.ReadWrite.All                       4e46008b-f24c-477d-8fff-7bb4ec7aafe0 62a82d76-70ea-41e2-9197-370581804d09 Read and write all groups
GroupMember.Read.All                      bc024368-1153-4739-b217-4326f2e966d0 98830695-27a2-44f7-8c18-0c3ebc9698f6 Read memberships of groups
GroupMember.ReadWrite.All                 f81125ac-d3b7-4573-a3b2-7099cc39df9e dbaae8cf-10b5-4b86-a4a1-f871c94c6695 Read and write memberships of groups
IdentityProvider.Read.All                 43781733-b5a7-4d1b-98f4-e8edff23e1a9 e321f0bb-e7f7-481e-bb28-e3b0b32d4bd0 Read identity providers
IdentityProvider.ReadWrite.All            f13ce604-1677-429f-90bd-8a10b9f01325 90db2b9a-d928-4d33-a4dd-8442ae3d41e4 Read and write identity providers
IdentityUserFlow.Read.All                 2903d63d-4611-4d43-99ce-a33f3f52e343 1b0c317f-dd31-4305-9932-259a8b6e8099 Read user flows
IdentityUserFlow.ReadWrite.All            281892cc-4dbf-4e3a-b6cc-b21029bb4e82 65319a09-a2be-469d-8782-f6b07debf789 Read and write user flows
offline_access                            7427e0e9-2fba-42fe-b0c0-848c9e6a8182 -                                    Keep access after the user has left
openid                                    37f7f235-527c-4136-accd-4a02d197296e -                                    Sign users in
Organization.Read.All                     4908d5b9-3fb2-4b1e-9336-1888b7937185 498476ce-e0fe-48b0-b801-37ba7e2685c6 Read the organization
Organization.ReadWrite.All                46ca0847-7e6b-426e-9775-ea810a948356 292d869f-3427-49a8-9dab-8c70152b74e9 Read and write the organization
Policy.Read.All                           572fea84-0151-49b2-9301-11cb16974376 246dd0d5-5bd0-4def-940b-0421030a5b68 Read policies
Policy.Read.PermissionGrant               414de6ea-2d92-462f-b120-6e2a809a6d01 9e640839-a198-48fb-8b9a-013fd6f6cbcd Read policies of consent
Policy.ReadWrite.ApplicationConfiguration b27add92-efb2-4f16-84f5-8108ba77985c be74164b-cff1-491c-8741-e671cb536e13 Read and write policies of applications
Policy.ReadWrite.AuthenticationFlows      edb72de9-4252-4d03-a925-451deef99db7 25f85f3c-f66c-4205-8cd5-de92dd7f0cec Read and write policies of sign-in flows
Policy.ReadWrite.AuthenticationMethod     7e823077-d88e-468f-a337-e18f1f0e6c7c 29c18626-4985-4dcd-85c0-193eef327366 Read and write policies of authentication methods
Policy.ReadWrite.Authorization            edd3c878-b384-41fd-95ad-e7407dd775be fb221be6-99f2-473f-bd32-01c6a0e9ca3b Read and write the authorization policy
Policy.ReadWrite.ConsentRequest           4d135e65-66b8-41a8-9f8b-081452c91774 999f8c63-0a38-4f1b-91fd-ed1947bdd1a9 Read and write policies of consent requests
Policy.ReadWrite.PermissionGrant          2672f8bb-fd5e-42e0-85e1-ec764dd2614e a402ca1c-2696-4531-972d-6e5ee4aa11ea Read and write policies of consent
Policy.ReadWrite.TrustFramework           cefba324-1a70-4a6e-9c1d-fd670b7ae392 79a677f7-b79d-40d0-a36a-3e6f8688dd7a Read and write custom policies
profile                                   14dad69e-099b-42c9-810b-d002981feec1 -                                    See the basic profile
RoleManagement.Read.All                   48fec646-b2ba-4019-8681-8eb31435aded c7fbd983-d9aa-4fa7-84b8-17382c103bc4 Read roles and who holds them
RoleManagement.Read.Directory             741c54c3-0c1e-44a1-818b-3f97ab4e8c83 483bed4a-2ad3-4361-a73b-c83ccdbdc53c Read directory roles and who holds them
RoleManagement.ReadWrite.Directory        d01b97e9-cbc0-49fe-810a-750afd5527a3 9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8 Read and write who holds directory roles
Synchronization.Read.All                  7aa02aeb-824f-4fbe-a3f7-611f751f5b55 5ba43d2f-fa88-4db2-bd1c-a67c5f0fb1ce Read provisioning
Synchronization.ReadWrite.All             7bb27fa3-ea8f-4d67-a916-87715b6188bd 9b50c33d-700f-43b1-b2eb-87e89b703581 Read and write provisioning
TrustFrameworkKeySet.Read.All             7ad34336-f5b1-44ce-8682-31d7dfcd9ab9 fff194f1-7dce-4428-8301-1badb5518201 Read keys of custom policies
TrustFrameworkKeySet.ReadWrite.All        39244520-1e7d-4b4a-aee0-57c65826e427 4a771c9a-1cf2-4609-b88e-3d3e02d539cd Read and write keys of custom policies
User.EnableDisableAccount.All             f92e74e7-2563-467f-9dd0-902688cb5863 3011c876-62b7-4ada-afa2-506cbbecc68c Enable and disable users
User.Invite.All                           63dd7cd9-b489-4adf-a28c-ac38b9a0f962 09850681-111b-4a89-9bed-3f2cae46d706 Invite guests
User.ManageIdentities.All                 637d7bec-b31e-4deb-acc9-24275642a2c9 c529cfca-c91b-489c-af2b-d92990b66ce6 Read and write identities of users
User.Read                                 e1fe6dd8-ba31-4d61-89e7-88639da4683d -                                    Sign in and read the own profile
User.Read.All                             a154be20-db9c-4678-8ab7-66f6cc099a59 df021288-bdef-4463-88db-98f22de89214 Read all users
User.ReadBasic.All                        b340eb25-3456-403f-be2f-af7a0d370277 97235f07-e226-4f63-ace3-39588e11d3a1 Read names and addresses of all users
User.ReadWrite                            b4e74841-8e56-480b-be8b-910348b18b4c -                                    Read and write the own profile
User.ReadWrite.All                        204e0828-b5ca-4ad8-b9f3-f32a958e7cc4 741f803b-c850-494e-b5df-cde7c675a1ca Read and write all users
UserAuthenticationMethod.Read             1f6b61c5-2f65-4135-9c9f-31c0f8d32b52 -                                    Read the own authentication methods
UserAuthenticationMethod.Read.All         aec28ec7-4d02-4e8c-b864-50163aea77eb 38d9df27-64da-44fd-b7c5-a6fbac20248f Read authentication methods of all users
UserAuthenticationMethod.ReadWrite        48971fc1-70d7-4245-af77-0beb29b53ee2 -                                    Read and write the own authentication methods
UserAuthenticationMethod.ReadWrite.All    b7887744-6746-4312-813d-72daeaee7e2d 50483e42-d915-4231-9639-7fdb7fd190e5 Read and write authentication methods of all users
`;

/** Permissions for what Microsoft Graph does not have, under ids of the hub's own. */
const ownPermissions = `
SignInTrace.Read.All                      3d0a4f0e-8f5b-4f57-9f0e-6a1c3b6f2d91 9b7e2c55-0d3c-4a86-8f0a-5c2f1e7d4b60 Read what sign-ins went through, with their claims
SigningKey.Read.All                       b442fac2-23f3-4244-9ec1-3fff7998ead2 39754d2d-eea3-4ae3-beee-35b21a63849a Read signing keys without their private parts
SigningKey.ReadWrite.All                  55fc2753-3dd7-417b-9d9e-d18fa6661213 5faa9ff1-5252-40d5-8e5c-d4bb5c6c0a09 Rotate signing keys
Tenant.Read.All                           a6071426-57a5-4446-8adf-a2acbd8b0183 5ff0ea36-4541-4180-b2db-0a52577bf622 Read all tenants of the hub
Tenant.ReadWrite.All                      c6d4ab9d-4d20-4a33-9f3c-ce278760efa7 c462b51f-0f46-4001-9390-5a0bac3659bd Create, change and delete tenants of the hub
`;

/** To these every user may consent; to all others, administrators. */
const forUsers = new Set('email offline_access openid profile User.Read User.ReadBasic.All User.ReadWrite'.split(' '));

const rows = `${permissions.trim()}\n${ownPermissions.trim()}`.split('\n').map((line) => {
  const [, value = '', scopeId = '', roleId = '', allows = ''] = /^(\S+)\s+(\S+)\s+(\S+)\s+(.+)$/.exec(line) ?? [];
  return { value, scopeId, roleId, allows };
});

export const graphScopes: readonly PermissionScope[] = rows
  .filter(({ scopeId }) => scopeId !== '-')
  .map(({ value, scopeId, allows }) => scope(scopeId, value, forUsers.has(value) ? 'User' : 'Admin', allows));

export const graphRoles: readonly AppRole[] = rows
  .filter(({ roleId }) => roleId !== '-')
  .map(({ value, roleId, allows }) => applicationRole(roleId, value, allows));
