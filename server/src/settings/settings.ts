import { isIP } from 'node:net';
import path from 'node:path';
import type { z } from 'zod';
import { environmentName } from './setting.ts';
import { settingsTable } from './table.ts';

type Table = typeof settingsTable;
type Given = { [Name in keyof Table]?: z.output<Table[Name]['type']> };

/** The start-up settings with every default in place. */
export interface Settings {
  publicUrl: URL;
  listenAddress: string;
  port: number;
  dataFolder: string;
  /** Undefined: the embedded database. */
  databaseUrl: string | undefined;
  databasePoolSize: number;
  /** Undefined: the file in the data folder. */
  sealingKey: string | undefined;
  previousSealingKeys: string[];
  tls: { mode: 'local' } | { mode: 'files'; certificateFile: string; keyFile: string } | { mode: 'proxy' };
  trustedProxies: string[];
  allowedPrivateNetworks: string[];
  logLevel: string;
  demo: boolean;
  /** Whether the sample applications run beside the hub. */
  samples: boolean;
  sampleWebPort: number;
  sampleApiPort: number;
  sampleClaimsPort: number;
  administratorPassword: string | undefined;
  /** Undefined: no mail server. */
  passwordRangeUrl: URL | undefined;
  smtpUrl: string | undefined;
  mailFrom: string;
  /** Undefined: no provider of text messages. */
  smsWebhookUrl: URL | undefined;
  smsWebhookSecret: string | undefined;
  metricsToken: string | undefined;
  requestsPerMinutePerAddress: number;
  requestsPerMinutePerTenant: number;
  largestRequestBytes: number;
}

/** The settings cannot be used. Its message has one line per problem, each naming the variable and never its value. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  constructor(problems: string[]) {
    super(problems.join('\n'));
  }
}

/**
 * Reads the settings from environment variables (`COUNTERSIGN_*`). An empty value counts as not set.
 *
 * @throws SettingsError on unknown names, unreadable values and combinations that would not be safe.
 */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const problems: string[] = unknownNames(environment);
  const given: Given = {};
  for (const [name, setting] of Object.entries(settingsTable)) {
    const text = environment[environmentName(name)];
    if (text === undefined || text === '') continue;
    const read = setting.type.safeParse(text);
    if (read.success) Object.assign(given, { [name]: read.data });
    else problems.push(`${environmentName(name)}: ${read.error.issues.map((issue) => issue.message).join('; ')}.`);
  }
  const settings = withDefaults(given);
  problems.push(...unsafe(given, settings));
  if (problems.length > 0) throw new SettingsError(problems);
  return settings;
}

/** Names that differ from a setting in spelling only would otherwise be ignored without a word. */
function unknownNames(environment: Readonly<Record<string, string | undefined>>): string[] {
  const known = new Set(Object.keys(settingsTable).map(environmentName));
  return Object.keys(environment)
    .filter((name) => name.startsWith('COUNTERSIGN_') && !known.has(name) && !forOtherPrograms.test(name))
    .map((name) => `${name}: there is no such setting. \`npm start -- --help\` lists them all.`);
}

/** Variables of the command line and of the tests share the prefix. */
const forOtherPrograms = /^COUNTERSIGN_(CLI|TEST)_/;

function withDefaults(given: Given): Settings {
  const port = given.port ?? 8443;
  const publicUrl = given.publicUrl ?? new URL(port === 443 ? 'https://localhost' : `https://localhost:${port}`);
  const demo = given.demo ?? given.databaseUrl === undefined;
  return {
    publicUrl,
    listenAddress: given.listenAddress ?? '127.0.0.1',
    port,
    dataFolder: path.resolve(given.dataFolder ?? 'data'),
    databaseUrl: given.databaseUrl,
    databasePoolSize: given.databasePoolSize ?? 10,
    sealingKey: given.sealingKey,
    previousSealingKeys: given.previousSealingKeys ?? [],
    tls:
      given.tls === 'files'
        ? { mode: 'files', certificateFile: given.tlsCertificateFile ?? '', keyFile: given.tlsKeyFile ?? '' }
        : { mode: given.tls ?? 'local' },
    trustedProxies: given.trustedProxies ?? [],
    allowedPrivateNetworks: given.allowedPrivateNetworks ?? (demo ? ['127.0.0.0/8', '::1'] : []),
    logLevel: given.logLevel ?? 'info',
    demo,
    // Interop: MSAL takes https authorities only.
    samples: given.samples ?? (demo && publicUrl.protocol === 'https:'),
    sampleWebPort: given.sampleWebPort ?? 5080,
    sampleApiPort: given.sampleApiPort ?? 5081,
    sampleClaimsPort: given.sampleClaimsPort ?? 5082,
    administratorPassword: given.administratorPassword,
    passwordRangeUrl: given.passwordRangeUrl,
    smtpUrl: given.smtpUrl,
    mailFrom: given.mailFrom ?? `no-reply@${given.publicUrl?.hostname ?? 'localhost'}`,
    smsWebhookUrl: given.smsWebhookUrl,
    smsWebhookSecret: given.smsWebhookSecret,
    metricsToken: given.metricsToken,
    requestsPerMinutePerAddress: given.requestsPerMinutePerAddress ?? 6000,
    requestsPerMinutePerTenant: given.requestsPerMinutePerTenant ?? 60_000,
    largestRequestBytes: given.largestRequestBytes ?? 4_194_304,
  };
}

function unsafe(given: Given, settings: Settings): string[] {
  const problems: string[] = [];
  const refuse = (isSo: boolean, text: string) => {
    if (isSo) problems.push(text);
  };
  const { publicUrl } = settings;
  refuse(
    publicUrl.pathname !== '/' || publicUrl.search !== '' || publicUrl.hash !== '' || publicUrl.username !== '',
    'COUNTERSIGN_PUBLIC_URL: must be scheme, host and port only.',
  );
  refuse(
    publicUrl.protocol === 'http:' && given.allowInsecureHttp !== true,
    'COUNTERSIGN_PUBLIC_URL: http sends passwords and tokens in clear text. Use https, or set COUNTERSIGN_ALLOW_INSECURE_HTTP=true for a closed test network.',
  );
  refuse(
    (settings.smsWebhookUrl === undefined) !== (settings.smsWebhookSecret === undefined),
    'COUNTERSIGN_SMS_WEBHOOK_URL: must be set together with COUNTERSIGN_SMS_WEBHOOK_SECRET.',
  );
  refuse(
    settings.tls.mode === 'proxy' && settings.trustedProxies.length === 0 && given.allowInsecureHttp !== true,
    'COUNTERSIGN_TLS: with `proxy`, COUNTERSIGN_TRUSTED_PROXIES must name the proxy.',
  );
  refuse(
    settings.tls.mode === 'files' && (settings.tls.certificateFile === '' || settings.tls.keyFile === ''),
    'COUNTERSIGN_TLS: with `files`, COUNTERSIGN_TLS_CERTIFICATE_FILE and COUNTERSIGN_TLS_KEY_FILE must be set.',
  );
  refuse(
    settings.databaseUrl !== undefined && settings.sealingKey === undefined,
    'COUNTERSIGN_SEALING_KEY: is required with PostgreSQL, since every process must use the same one. Make one with: node -p "crypto.randomBytes(32).toString(\'base64url\')"',
  );
  const networks = {
    COUNTERSIGN_TRUSTED_PROXIES: settings.trustedProxies,
    COUNTERSIGN_ALLOWED_PRIVATE_NETWORKS: settings.allowedPrivateNetworks,
  };
  for (const [name, ranges] of Object.entries(networks)) {
    for (const range of ranges) refuse(!isAddressOrNetwork(range), `${name}: ${range} is no address and no network.`);
  }
  return problems;
}

function isAddressOrNetwork(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const version = isIP(address);
  if (version === 0 || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}
