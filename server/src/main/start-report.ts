import { twoColumns } from './layout.ts';

/** What whoever starts the server wants to know. */
export interface StartReport {
  publicUrl: URL;
  /** Some of the tenants: those with which a client can be tried. */
  tenants: readonly { id: string; name: string }[];
  /** Sample applications, each with its address or why it does not run. */
  samples: readonly { name: string; report: string }[];
  /** Of the people in demo tenants; undefined where there are none. */
  demoPassword: string | undefined;
  /** Where the data is: the folder, or the PostgreSQL server. */
  data: string;
  /** Undefined when the certificate is not ours. */
  authorityFile: string | undefined;
  /** How somebody becomes the first administrator; undefined when there is one. */
  setup: { userPrincipalName: string; secret: string; endsAt: Date } | undefined;
}

/** The lines that are shown when the server listens. */
export function startReport({ publicUrl, tenants, samples, ...report }: StartReport): string {
  const { demoPassword, data, authorityFile, setup } = report;
  const rows: [string, string | undefined][] = [
    ['Accounts', `${publicUrl.href}, where people name their tenant`],
    ['Management API', new URL('/v1.0', publicUrl).href],
    ...tenants.map(({ id, name }): [string, string] => [`Tenant ${name}`, discoveryAddress(publicUrl, id)]),
    ...samples.map(({ name, report }): [string, string] => [name, report]),
    [
      'Demo people',
      demoPassword && `such as ned@mycompany.example and marge@jogcloud.com, with password ${demoPassword}`,
    ],
    ['Data', data],
    ['Certificate authority', authorityFile && `${authorityFile}, for clients to trust`],
    ['First administrator', setup && setupCommand(publicUrl, setup)],
    ['Stop', 'Ctrl-C'],
  ];
  const shown = rows.flatMap(([name, text]) => (text === undefined ? [] : [[name, text] as const]));
  return `\nCountersign listens at ${publicUrl.origin}\n\n${twoColumns(shown, Number.POSITIVE_INFINITY)}\n\n`;
}

/** OpenID Connect Discovery 1.0 4: below the issuer of the tenant, which has the id, so that strict clients take it. */
function discoveryAddress(publicUrl: URL, tenantId: string): string {
  return new URL(`/${tenantId}/v2.0/.well-known/openid-configuration`, publicUrl).href;
}

/** Where the command line looks for the hub when nothing tells it. */
const usualOrigin = 'https://localhost:8443';

function setupCommand(
  { origin }: URL,
  { userPrincipalName, secret, endsAt }: NonNullable<StartReport['setup']>,
): string {
  const at = origin === usualOrigin ? '' : ` --url ${origin}`;
  return `npx countersign setup ${userPrincipalName}${at} --secret ${secret}\nonce, until ${endsAt.toISOString()}`;
}
