import { z } from 'zod';
import type { Setting } from './setting.ts';

const flag = z.enum(['true', 'false']).transform((text) => text === 'true');
const wholeNumber = (least: number, most: number) => z.coerce.number().int().min(least).max(most);
const list = z.string().transform((text) =>
  text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== ''),
);

/**
 * Every start-up setting: only what must be known before the database is there. Everything else is data, kept per tenant
 * and changed through the management API.
 */
export const settingsTable = {
  publicUrl: {
    type: z.url({ protocol: /^https?$/ }).transform((text) => new URL(text)),
    meaning:
      'Address under which clients reach the hub, without a path. It stands in issuers and links; other hosts than this one and those of tenants are refused.',
    otherwise: 'https://localhost and the port',
  },
  listenAddress: {
    type: z.union([z.ipv4(), z.ipv6()]),
    meaning: 'IP address to listen on. `0.0.0.0` or `::` for every interface.',
    otherwise: '127.0.0.1',
  },
  port: {
    type: wholeNumber(0, 65535),
    meaning: 'TCP port to listen on. Microsoft clients insist on 443 at the address that they see.',
    otherwise: '8443',
  },
  dataFolder: {
    type: z.string().min(1),
    meaning: 'Folder for the embedded database, the local certificate authority and the sealing key.',
    otherwise: '`data` in the current folder',
  },
  databaseUrl: {
    type: z.url({ protocol: /^postgres(ql)?$/ }),
    meaning: 'Address of a PostgreSQL database, for several machines: `postgres://user:password@host:5432/name`.',
    otherwise: 'the embedded SQLite database in the data folder',
    isSecret: true,
  },
  databasePoolSize: {
    type: wholeNumber(1, 1000),
    meaning: 'Most connections that one process keeps to PostgreSQL.',
    otherwise: '10',
  },
  sealingKey: {
    type: z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'must be 32 bytes in base64url: 43 characters'),
    meaning: 'Key that seals private keys and other secrets in the database: 32 random bytes in base64url.',
    otherwise: 'the file `sealing-key` in the data folder, made at the first start; required with PostgreSQL',
    isSecret: true,
  },
  previousSealingKeys: {
    type: list,
    meaning: 'Sealing keys used before, comma-separated: what they sealed can still be read.',
    otherwise: 'none',
    isSecret: true,
  },
  tls: {
    type: z.enum(['local', 'files', 'proxy']),
    meaning:
      '`local`: own certificate authority, a certificate for each host name. `files`: your certificate. `proxy`: a trusted proxy terminates TLS and plain HTTP is spoken here.',
    otherwise: '`local`',
  },
  tlsCertificateFile: {
    type: z.string().min(1),
    meaning: 'PEM file with the certificate and its chain, for `tls=files`. Read again when it changes.',
    otherwise: 'none',
  },
  tlsKeyFile: {
    type: z.string().min(1),
    meaning: 'PEM file with the private key, for `tls=files`.',
    otherwise: 'none',
  },
  trustedProxies: {
    type: list,
    meaning: 'Addresses or networks (CIDR), comma-separated, whose X-Forwarded-* headers are believed.',
    otherwise: 'none',
  },
  allowInsecureHttp: {
    type: flag,
    meaning: 'UNSAFE: allows a public URL with http. Tokens and passwords then travel in clear text.',
    otherwise: 'false',
  },
  allowedPrivateNetworks: {
    type: list,
    meaning:
      'Addresses or networks (CIDR), comma-separated, that are not the public Internet and that the server may call nevertheless: for keys of foreign issuers, logout notices and targets.',
    otherwise: 'this machine with the demo, else none',
  },
  logLevel: {
    type: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']),
    meaning: 'Least severity of what is logged, as JSON lines on standard output.',
    otherwise: 'info',
  },
  demo: {
    type: flag,
    meaning:
      'Whether the first start makes the demo tenants accessportal, contoso, jogcloud, mycompany and myoc, and lets jogcloud provision to accessportal.',
    otherwise: 'true with the embedded database, else false',
  },
  samples: {
    type: flag,
    meaning: 'Whether the sample applications of the demo tenants are started beside the hub and stopped with it.',
    otherwise: 'true in demo mode where the public URL is https, else false',
  },
  sampleWebPort: {
    type: wholeNumber(0, 65535),
    meaning: 'TCP port of the insurance company’s web application, on this machine only; 0 for any.',
    otherwise: '5080',
  },
  sampleApiPort: {
    type: wholeNumber(0, 65535),
    meaning: 'TCP port of the insurance company’s API, on this machine only; 0 for any.',
    otherwise: '5081',
  },
  sampleClaimsPort: {
    type: wholeNumber(0, 65535),
    meaning: 'TCP port of the claims-aware sample, on this machine only; 0 for any.',
    otherwise: '5082',
  },
  administratorPassword: {
    type: z.string().min(8).max(256),
    meaning: 'Password of the first administrator, `admin` at the hub’s own tenant, used once when there is none yet.',
    otherwise: 'the start prints a one-time secret for `countersign setup`',
    isSecret: true,
  },
  passwordRangeUrl: {
    type: z
      .url({ protocol: /^https?$/ })
      .refine((text) => text.endsWith('/'), 'must end with a slash')
      .transform((text) => new URL(text)),
    meaning:
      'Address of a service that knows leaked passwords, to which the first five hexadecimal digits of a SHA-1 hash are added (Pwned Passwords): `https://api.pwnedpasswords.com/range/`. While it does not answer, passwords are taken.',
    otherwise: 'none; a list of common passwords comes with the hub',
  },
  smtpUrl: {
    type: z.url({ protocol: /^smtps?$/ }),
    meaning: 'Mail server for codes and notices: `smtps://user:password@host:465`.',
    otherwise: 'in demo mode the page `/-/mail` shows the mails to this machine; else none are sent',
    isSecret: true,
  },
  mailFrom: {
    type: z.email(),
    meaning: 'Address from which mails are sent.',
    otherwise: '`no-reply@` and the host of the public URL',
  },
  smsWebhookUrl: {
    type: z.url({ protocol: /^https$/ }).transform((text) => new URL(text)),
    meaning: 'Address to which texts for phones are posted as JSON, signed. See the guide on sign-in pages.',
    otherwise: 'in demo mode the page `/-/mail` shows them; else none are sent',
  },
  smsWebhookSecret: {
    type: z.string().min(16),
    meaning: 'Secret of the signature on what is posted there.',
    otherwise: 'none; required with the address',
    isSecret: true,
  },
  metricsToken: {
    type: z.string().min(16),
    meaning: 'Bearer token that `/metrics` demands. Without one it answers only to this machine.',
    otherwise: 'none',
    isSecret: true,
  },
  requestsPerMinutePerAddress: {
    type: wholeNumber(0, 10_000_000),
    meaning: 'Requests that one address may make per minute and process; 0 for no limit.',
    otherwise: '6000',
  },
  requestsPerMinutePerTenant: {
    type: wholeNumber(0, 10_000_000),
    meaning: 'Requests that one tenant may receive per minute and process; 0 for no limit.',
    otherwise: '60000',
  },
  largestRequestBytes: {
    type: wholeNumber(1024, 1_073_741_824),
    meaning: 'Largest request body in bytes.',
    otherwise: '4194304 (4 MiB)',
  },
} as const satisfies Record<string, Setting>;
