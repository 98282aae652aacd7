import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

const root = path.resolve(import.meta.dirname, '../..');
const source = path.join(root, 'server/src');

interface Rule {
  /** Folders of server/src of which only the index may be imported. */
  folders: string[];
  /** Packages besides `node:` modules. */
  packages: string[];
  because: string;
}

const rulesNeedNeither = 'rules know neither HTTP nor SQL, and only features before them';

/** Which folder of server/src may import what. The reason is part of the rule. */
const mayImport: Record<string, Rule> = {
  settings: { folders: [], packages: ['zod'], because: 'settings are read before anything else is there' },
  audit: { folders: [], packages: [], because: 'everything tells the audit log, so it knows of nothing' },
  branding: { folders: ['audit'], packages: [], because: rulesNeedNeither },
  setup: { folders: [], packages: [], because: 'the first administrator comes before everything else' },
  directory: {
    folders: ['audit'],
    packages: ['@zxcvbn-ts/language-common', '@node-rs/argon2'],
    because: rulesNeedNeither,
  },
  'rule-groups': { folders: ['audit'], packages: ['@countersign/claims'], because: rulesNeedNeither },
  applications: {
    folders: ['audit', 'directory', 'rule-groups'],
    packages: ['@countersign/claims', '@countersign/saml', '@countersign/ws-federation'],
    because: rulesNeedNeither,
  },
  issuance: {
    folders: ['audit', 'directory', 'applications'],
    packages: [
      'jose',
      '@peculiar/x509',
      'reflect-metadata',
      '@countersign/claims',
      '@countersign/saml',
      '@countersign/ws-federation',
      '@countersign/xml',
    ],
    because: rulesNeedNeither,
  },
  'upstream-providers': {
    folders: ['audit', 'directory', 'rule-groups', 'issuance'],
    packages: ['@countersign/claims', '@countersign/saml', '@countersign/ws-federation', '@countersign/xml'],
    because: rulesNeedNeither,
  },
  'federation-metadata': {
    folders: ['audit', 'directory', 'rule-groups', 'applications', 'issuance', 'upstream-providers'],
    packages: ['@countersign/saml', '@countersign/ws-federation', '@countersign/xml'],
    because: rulesNeedNeither,
  },
  'user-flows': {
    folders: ['audit', 'directory', 'applications', 'issuance', 'upstream-providers'],
    packages: ['@countersign/claims', '@simplewebauthn/server', 'otpauth', 'qr'],
    because: rulesNeedNeither,
  },
  'sign-in': {
    folders: ['audit', 'directory', 'rule-groups', 'applications', 'issuance', 'upstream-providers', 'user-flows'],
    packages: [],
    because: rulesNeedNeither,
  },
  'inbound-provisioning': { folders: ['audit', 'directory', 'user-flows'], packages: [], because: rulesNeedNeither },
  pages: {
    folders: ['branding', 'user-flows'],
    packages: [],
    because: 'pages turn the forms of steps into HTML and decide nothing',
  },
  jobs: { folders: [], packages: [], because: 'it knows of turns, not of the work that is done in them' },
  outbound: { folders: [], packages: [], because: 'it knows whom the hub may call, and not what for' },
  messaging: {
    folders: ['branding', 'user-flows', 'pages'],
    packages: ['nodemailer'],
    because: 'messages say what flows ask for in the words of the pages; the only folder that knows a mail server',
  },
  provisioning: { folders: ['audit', 'directory', 'applications'], packages: ['re2js'], because: rulesNeedNeither },
  upstream: {
    folders: ['issuance', 'upstream-providers', 'sign-in', 'outbound'],
    packages: [
      'jose',
      'oauth4webapi',
      '@countersign/claims',
      '@countersign/saml',
      '@countersign/ws-federation',
      '@countersign/xml',
    ],
    because: 'a protocol proves what providers say; who somebody is here, features decide',
  },
  targets: {
    folders: ['provisioning', 'outbound'],
    packages: ['@countersign/scim'],
    because: 'a target translates what provisioning wants to a protocol and decides nothing',
  },
  storage: {
    folders: [
      'audit',
      'branding',
      'setup',
      'directory',
      'rule-groups',
      'applications',
      'issuance',
      'jobs',
      'user-flows',
      'sign-in',
      'inbound-provisioning',
      'provisioning',
      'upstream-providers',
      'federation-metadata',
    ],
    packages: ['kysely', 'kysely/migration', 'pg'],
    because: 'the only folder that knows SQL; it does what features declare and can be replaced alone',
  },
  endpoints: {
    folders: [
      'audit',
      'branding',
      'directory',
      'applications',
      'issuance',
      'upstream-providers',
      'user-flows',
      'sign-in',
      'inbound-provisioning',
      'federation-metadata',
      'pages',
    ],
    packages: [
      '@countersign/claims',
      '@countersign/saml',
      '@countersign/scim',
      '@countersign/ws-federation',
      '@countersign/xml',
      'oidc-provider',
      'oidc-provider/lib/helpers/grants.js',
      'jose',
      'zod',
    ],
    because:
      'an endpoint translates a protocol to a sign-in and shows the pages; it knows neither database nor web framework',
  },
  http: {
    folders: ['settings'],
    packages: ['fastify', 'find-my-way', 'pino', 'prom-client', '@peculiar/x509', 'reflect-metadata'],
    because: 'the only folder that knows the web framework; what it serves is passed in',
  },
  management: {
    folders: [
      'audit',
      'setup',
      'directory',
      'rule-groups',
      'applications',
      'provisioning',
      'issuance',
      'user-flows',
      'sign-in',
      'inbound-provisioning',
      'branding',
      'pages',
      'upstream-providers',
      'federation-metadata',
    ],
    packages: ['@countersign/claims', '@countersign/management-api', 'zod'],
    because: 'an adapter translates requests to features and knows neither the database nor the web framework',
  },
  main: {
    folders: [
      'settings',
      'setup',
      'jobs',
      'user-flows',
      'sign-in',
      'endpoints',
      'messaging',
      'outbound',
      'audit',
      'directory',
      'applications',
      'issuance',
      'storage',
      'http',
      'management',
      'inbound-provisioning',
      'provisioning',
      'targets',
      'upstream',
      'upstream-providers',
      'federation-metadata',
    ],
    packages: ['@countersign/management-api', '@countersign/management-api/tenant-file'],
    because: 'it wires features and adapters, and does the work of none',
  },
};

/** Files beside the folders: `main.ts` wires everything, the others are the words that everything uses. */
const rootFiles = ['main.ts', 'refusal.ts', 'new-id.ts', 'recently-used.ts'];

/** What a file imports, as [specifier, imported path below server/src or undefined for packages]. */
function importsOf(file: string, text: string): { specifier: string; target: string | undefined }[] {
  const statements = /(?<!')(?:\bfrom|\bimport)\s*\(?\s*'([^']+)'/g;
  return [...text.matchAll(statements)].map(([, specifier = '']) => ({
    specifier,
    target: specifier.startsWith('.') ? path.posix.join(path.posix.dirname(file), specifier) : undefined,
  }));
}

/**
 * What a folder shows to others: its index, and its catalogue of errors, which loads nothing else. What runs from the start
 * takes single files, so that a start does not load whole features (ADR 0015).
 */
function isOpenTo(folder: string, file: string): boolean {
  return folder === 'main' || file === 'index.ts' || file === 'errors.ts';
}

/** Every import of the file that its folder may not have, with the reason. */
export function violations(file: string, text: string): string[] {
  const [folder = '', ...below] = file.split('/');
  if (below.length === 0) {
    return rootFiles.includes(file) ? [] : [`${file}: only ${rootFiles.join(', ')} stand beside the folders`];
  }
  const rule = mayImport[folder];
  if (!rule) return [`${file}: the folder ${folder} has no row in the table`];
  return importsOf(file, text)
    .filter(({ specifier, target }) => {
      if (target === undefined) return !specifier.startsWith('node:') && !rule.packages.includes(specifier);
      const [targetFolder = '', ...targetBelow] = target.split('/');
      if (targetFolder === folder || (targetBelow.length === 0 && target !== 'main.ts')) return false;
      return !rule.folders.includes(targetFolder) || !isOpenTo(folder, targetBelow.join('/'));
    })
    .map(({ specifier }) => `${file} imports ${specifier}: ${rule.because}`);
}

test('every file of the server imports only what its folder may', () => {
  const files = globSync('**/*.ts', { cwd: source }).sort();
  const found = files
    .filter((file) => file !== 'main.ts')
    .flatMap((file) => violations(file, readFileSync(path.join(source, file), 'utf8')));
  assert.deepEqual(found, []);
});

test('a planted violation of the import rules is found', () => {
  assert.match(String(violations('directory/user.ts', "import { sql } from 'kysely';")), /neither HTTP nor SQL/);
  assert.match(String(violations('audit/event.ts', "import { x } from '../directory/index.ts';")), /knows of nothing/);
  assert.match(String(violations('storage/audit.ts', "import type { X } from '../audit/event.ts';")), /knows SQL/);
  assert.match(String(violations('audit/act.ts', "const x = await import('../main.ts');")), /knows of nothing/);
  assert.match(String(violations('helpers/x.ts', '')), /no row in the table/);
  assert.match(String(violations('strings.ts', '')), /stand beside the folders/);
  assert.deepEqual(violations('storage/audit.ts', "import type { X } from '../audit/index.ts';"), []);
});

test('the server never imports from the clients, and what sees it from outside never imports the server', () => {
  const outside = globSync('{e2e,benchmarks,cli,management-api,connector,console}/**/*.{ts,mjs}', { cwd: root });
  const found = outside
    .filter((file) => !file.includes('node_modules'))
    .filter((file) => {
      return /from '[^']*(server\/src|@countersign\/server)/.test(readFileSync(path.join(root, file), 'utf8'));
    });
  assert.deepEqual(found, [], 'they see what a customer sees');
});

test('every folder of the server and every package opens with a head comment that says what it is', () => {
  const folders = globSync('*/', { cwd: source }).map((folder) => path.join('server/src', folder));
  const packages = globSync('{protocols/*,management-api}', { cwd: root })
    .filter((name) => existsSync(path.join(root, name, 'package.json')))
    .map((name) => path.join(name, 'src'));
  const without = [...folders, ...packages].filter((folder) => {
    const index = path.join(root, folder, 'index.ts');
    return !existsSync(index) || !/^\/\*\*\n \* [^@]{40,}/.test(readFileSync(index, 'utf8'));
  });
  assert.deepEqual(without, []);
});

test('no folder or file has a name that says nothing', () => {
  const vague = /(^|\/)(utils?|helpers?|common|shared|lib|core|misc|services?|types|manager|impl|base)(\/|\.tsx?$)/;
  const files = globSync('{protocols,server,management-api,cli,e2e,benchmarks,tools}/**/*.{ts,tsx,mjs}', { cwd: root });
  assert.deepEqual(
    files.filter((file) => !file.includes('node_modules') && vague.test(file)),
    [],
  );
});
