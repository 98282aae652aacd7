/** Names of the administrative roles which operations name, as Microsoft Entra's built-in roles are called. */
export type DirectoryRoleName =
  | 'Application Administrator'
  | 'Cloud Application Administrator'
  | 'Directory Readers'
  | 'Directory Writers'
  | 'Domain Name Administrator'
  | 'External ID User Flow Administrator'
  | 'External Identity Provider Administrator'
  | 'Global Administrator'
  | 'Global Reader'
  | 'Groups Administrator'
  | 'Helpdesk Administrator'
  | 'Privileged Role Administrator'
  | 'Reports Reader'
  | 'Security Administrator'
  | 'Security Reader'
  | 'User Administrator';
