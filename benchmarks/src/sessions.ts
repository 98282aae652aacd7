import { createHash, randomUUID } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import { walkSignIn } from '../../e2e/peers/walk-sign-in.ts';
import { createClientOf, targetOf } from './callers.ts';
import type { Hub } from './hub.ts';
import { runClosed } from './load.ts';
import { printProgress, type Row } from './report.ts';

const callback = 'https://app.bench.example/callback';
const password = 'correct horse battery staple';
const userPrincipalName = 'sessions@countersign.onmicrosoft.com';
/** Of so many sessions one is used. */
const usedOneOf = 50;
const connections = 16;

/**
 * What many sessions cost in memory and time. One is made by a sign-in; the others are copies of its row with secrets of
 * their own, since as many passwords would take an hour to check.
 */
export async function measureSessions(hub: Hub, count: number): Promise<Row[]> {
  const client = createClientOf(hub);
  const [organization] = (await client.listOrganization()).value;
  const { id, appId } = await client.createApplication({
    body: { displayName: 'Application', web: { redirectUris: [callback] } },
  });
  await client.createServicePrincipal({ body: { appId: String(appId) } as never });
  await client.addApplicationPassword({ id, body: {} });
  const passwordProfile = { password, forceChangePasswordNextSignIn: false };
  const person = { accountEnabled: true, displayName: 'Bench', mailNickname: 'sessions' };
  await client.createUser({ body: { ...person, userPrincipalName, passwordProfile } });

  const start = new URL(`${hub.baseUrl}/${organization?.id}/oauth2/v2.0/authorize`);
  const asked = { client_id: String(appId), response_type: 'code', redirect_uri: callback, scope: 'openid' };
  start.search = new URLSearchParams(asked).toString();
  const cookies = new Map<string, string>();
  await walkSignIn(start, userPrincipalName, password, cookies);
  const [name = '', secret = ''] = [...cookies].find(([cookie]) => cookie.includes('session')) ?? [];
  start.searchParams.set('prompt', 'none');

  /** Asks for a code, which the session gives without a page. */
  const use = async (session: string) => {
    const headers = { cookie: `${name}=${session}` };
    const answer = await fetch(start, { redirect: 'manual', headers });
    await answer.arrayBuffer();
    if (!answer.headers.get('location')?.includes('code=')) throw new Error(`A session was answered ${answer.status}.`);
  };
  const rows: Row[] = [];
  const secrets = Array.from({ length: count - 1 }, (_, index) => `${index}${'s'.repeat(43)}`.slice(0, 43));
  const used = Math.ceil(count / usedOneOf);
  const measure = async (kept: number, sessionOf: (index: number) => string) => {
    const result = await runClosed(targetOf(hub), connections, used, (index) => use(sessionOf(index)));
    const megabytes = Math.round(hub.residentBytes() / 2 ** 20);
    const what = `a code for a session, of ${kept} (then ${megabytes} MB resident)`;
    rows.push({ what, engine: hub.engine, ...result });
    printProgress({ what, engine: hub.engine, ...result });
  };
  await measure(1, () => secret);
  await copySession(hub, digestOf(secret), secrets);
  await measure(count, (index) => secrets[index * usedOneOf] ?? secret);
  return rows;
}

/** The hub keeps digests of secrets only. */
function digestOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

/** What a copy has in common with the first. */
const common = [
  'user_id',
  'factors',
  'created_at',
  'last_used_at',
  'valid_until',
  'ends_at',
  'is_kept',
  'address',
  'user_agent',
];
const names = ['tenant_id', 'id', 'secret_digest', ...common].join(', ');
const values = common.map((column) => `one.${column}`).join(', ');

async function copySession(hub: Hub, digest: string, secrets: readonly string[]): Promise<void> {
  const copies = secrets.map((secret) => ({ id: randomUUID(), digest: digestOf(secret) }));
  const { database } = hub;
  if ('file' in database) {
    const file = new DatabaseSync(database.file, { timeout: 10_000 });
    file
      .prepare(`
        insert into session (${names})
        select one.tenant_id, copy.value ->> 'id', copy.value ->> 'digest', ${values}
        from session one, json_each(?) copy where one.secret_digest = ?`)
      .run(JSON.stringify(copies), digest);
    file.close();
    return;
  }
  const server = new pg.Client(database.url);
  await server.connect();
  await server.query(
    `insert into session (${names})
     select one.tenant_id, copy.id, copy.digest, ${values}
     from session one, json_to_recordset($1) copy (id text, digest text) where one.secret_digest = $2`,
    [JSON.stringify(copies), digest],
  );
  await server.end();
}
