// mod_auth_mellon on lasso (Debian package libapache2-mod-auth-mellon), unmodified, as an application.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { makeCertificate } from '../peers/certificate.ts';
import { type ServiceProvider, testServiceProvider } from '../peers/service-provider.ts';
import { findApachePlace, startApache } from './apache.ts';

const directives = (folder: string, origin: string) => `
UseCanonicalName On
Mutex file:${folder}
MellonLockFile ${folder}/lock
<Location />
  MellonEnable info
  MellonEndpointPath /mellon
  MellonSPentityId ${origin}/mellon/metadata
  MellonSPPrivateKeyFile ${folder}/key.pem
  MellonSPCertFile ${folder}/certificate.pem
  MellonIdPMetadataFile ${folder}/hub.xml
  MellonMergeEnvVars On
  MellonNoSuccessErrorPage ${origin}/unauthorized/page
</Location>
<Location /private>
  MellonEnable auth
  Require valid-user
  Header set name-id "%{MELLON_NAME_ID}e"
  Header set mail "%{MELLON_mail}e"
  Header set groups "%{MELLON_groups}e"
</Location>
`;

async function start(metadata: string): Promise<ServiceProvider> {
  const place = await findApachePlace();
  const { folder, origin } = place;
  const { certificatePem, privateKeyPem } = await makeCertificate();
  mkdirSync(path.join(folder, 'pages/unauthorized'));
  const files = {
    'hub.xml': metadata,
    'certificate.pem': certificatePem,
    'key.pem': privateKeyPem,
    'pages/unauthorized/page': 'Unauthorized',
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  const apache = await startApache(place, 'auth_mellon', directives(folder, origin));
  const home = `${origin}/private/page`;
  return {
    metadata: await (await fetch(`${origin}/mellon/metadata`)).text(),
    home,
    read({ headers }) {
      const value = (name: string) => headers.get(name) ?? '';
      return { nameId: value('name-id'), mail: value('mail'), groups: value('groups') };
    },
    asksFor: 'transient',
    passive: `${origin}/mellon/login?ReturnTo=${encodeURIComponent(home)}&IsPassive=true`,
    signOut: `${origin}/mellon/logout?ReturnTo=${encodeURIComponent(`${origin}/public/page`)}`,
    stop: apache.stop,
  };
}

testServiceProvider('mod_auth_mellon', start, { takesSoap: true });
