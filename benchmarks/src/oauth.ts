import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { walkSignIn } from '../../e2e/peers/walk-sign-in.ts';
import { createClientOf, targetOf } from './callers.ts';
import { freePort, type Hub } from './hub.ts';
import { type LoadResult, type LoadTarget, runClosed, runLoad } from './load.ts';
import { printProgress, type Row } from './report.ts';

const callback = 'https://app.bench.example/callback';
const apiName = 'https://api.bench.example';
const password = 'correct horse battery staple';
const domain = 'countersign.onmicrosoft.com';
/** Requests for tokens that are under way at once. */
const connections = 16;
/** Sign-ins that are walked at once: more of one address would wait for each other, since each counts as a try. */
const walksAtOnce = 40;
/** People who sign in, for the same reason. */
const people = 20;

/** How much is measured. */
interface Sizes {
  /** Tokens of each kind. */
  tokens: number;
  /** Passwords that are checked, and sign-ins that are walked. */
  signIns: number;
}

/** Tokens, passwords and whole sign-ins of one hub, in rows with what its limits are. */
export async function measureOAuth(hub: Hub, { tokens, signIns }: Sizes, cpu: string | undefined): Promise<Row[]> {
  hub.trustAuthority();
  const rows: Row[] = [];
  const row = (what: string, engine: string, result: LoadResult) => {
    rows.push({ what, engine, ...result });
    printProgress({ what, engine, ...result });
  };
  const target = targetOf(hub);
  const parts = await prepare(hub);
  const { clientForm, tokenPath } = parts;
  const ask = (form: Readonly<Record<string, string>>) => ({ method: 'POST', path: tokenPath, form, expect: 200 });

  const forItself = ask({ ...clientForm, grant_type: 'client_credentials', scope: `${apiName}/.default` });
  await runLoad(target, connections, Math.min(tokens, 200), () => forItself);
  row('client credentials, RS256', hub.engine, await runLoad(target, connections, tokens, () => forItself));

  console.error(`${hub.engine}: signing in ${tokens} times for refresh tokens`);
  for (const algorithm of ['RS256', 'ES256'] as const) {
    const { refreshTokens, form } = await refreshTokensOf(hub, parts, algorithm, tokens);
    const refreshed = await runLoad(target, connections, tokens, (index) =>
      ask({ ...form, grant_type: 'refresh_token', refresh_token: refreshTokens[index] ?? '' }),
    );
    row(`refresh with an ID token, ${algorithm}`, hub.engine, refreshed);
  }

  const byPassword = (index: number) =>
    ask({ ...clientForm, grant_type: 'password', username: nameOf(index), password, scope: 'openid' });
  row(`password grant (${connections} at once)`, hub.engine, await runLoad(target, connections, signIns, byPassword));
  let isSaturated = true;
  const saturated = runLoad(target, connections, signIns, byPassword).finally(() => {
    isSaturated = false;
  });
  const during = await runLoad(target, 1, Math.max(50, Math.floor(signIns / 4)), () => forItself);
  row(`client credentials while passwords are checked${isSaturated ? '' : ' (they ended sooner)'}`, hub.engine, during);
  await saturated;

  const before = hub.residentBytes();
  row(`whole sign-ins without session (${walksAtOnce} at once)`, hub.engine, await walkMany(hub, parts, signIns));
  const megabytes = (bytes: number) => Math.round(bytes / 2 ** 20);
  console.log(
    `${hub.engine}: ${megabytes(before)} MB before ${signIns} sessions, ${megabytes(hub.residentBytes())} MB after\n`,
  );
  row('argon2id by itself', '@node-rs/argon2', await measureArgon2(signIns, cpu));
  for (const [kind, algorithm] of peers) row(...(await measurePeer(hub, kind, algorithm, tokens, cpu)));
  return rows;
}

const peers = [
  ['bare', 'RS256'],
  ['bare', 'ES256'],
  ['oidc-provider', 'RS256'],
  ['oidc-provider', 'ES256'],
] as const;

interface Parts {
  tenantId: string;
  tokenPath: string;
  clientForm: { client_id: string; client_secret: string };
  register(attributes: object): Promise<{ client_id: string; client_secret: string }>;
}

/** An API, a client with a role there, and somebody who can sign in. */
async function prepare(hub: Hub): Promise<Parts> {
  const client = createClientOf(hub);
  const [organization] = (await client.listOrganization()).value;
  const tenantId = organization?.id ?? '';
  const register = async (attributes: object) => {
    const body = { displayName: 'Benchmark', ...attributes } as Parameters<typeof client.createApplication>[0]['body'];
    const { id, appId } = await client.createApplication({ body });
    await client.createServicePrincipal({ body: { appId: String(appId) } as never });
    const { secretText } = await client.addApplicationPassword({ id, body: {} });
    return { client_id: String(appId), client_secret: String(secretText) };
  };
  await register({ displayName: 'API', identifierUris: [apiName] });
  const clientForm = await register({ oauthClient: { allowPasswordGrant: true }, web: { redirectUris: [callback] } });
  for (let index = 0; index < people; index++) {
    const userPrincipalName = nameOf(index);
    const passwordProfile = { password, forceChangePasswordNextSignIn: false };
    const person = { accountEnabled: true, displayName: 'Bench', mailNickname: `bench${index}` };
    await client.createUser({ body: { ...person, userPrincipalName, passwordProfile } });
  }
  return { tenantId, tokenPath: `/${tenantId}/oauth2/v2.0/token`, clientForm, register };
}

function nameOf(index: number): string {
  return `bench${index % people}@${domain}`;
}

function authorizeUrl(hub: Hub, { tenantId }: Parts, clientId: string, scope: string): URL {
  const url = new URL(`${hub.baseUrl}/${tenantId}/oauth2/v2.0/authorize`);
  const query = { client_id: clientId, response_type: 'code', redirect_uri: callback, scope };
  url.search = new URLSearchParams(query).toString();
  return url;
}

/** One sign-in, and then as many codes as are wanted from its session, each redeemed for a refresh token. */
async function refreshTokensOf(hub: Hub, parts: Parts, algorithm: string, count: number) {
  const form = await parts.register({
    web: { redirectUris: [callback] },
    oauthClient: { idTokenSignedResponseAlg: algorithm },
  });
  const cookies = new Map<string, string>();
  const refreshTokens: string[] = [];
  for (let index = 0; index < count; index++) {
    const start = authorizeUrl(hub, parts, form.client_id, 'openid offline_access');
    const back = await walkSignIn(start, nameOf(0), password, cookies);
    const body = new URLSearchParams({
      ...form,
      grant_type: 'authorization_code',
      code: back.searchParams.get('code') ?? '',
      redirect_uri: callback,
    });
    const response = await fetch(hub.baseUrl + parts.tokenPath, { method: 'POST', body });
    const { refresh_token: token } = (await response.json()) as { refresh_token?: string };
    if (token === undefined) throw new Error(`A code was answered ${response.status} without refresh token.`);
    refreshTokens.push(token);
    if (index % 500 === 499) console.error(`${hub.engine}: ${index + 1} refresh tokens`);
  }
  return { refreshTokens, form };
}

/** Sign-ins page by page, as a browser without JavaScript and without cookies makes them. */
function walkMany(hub: Hub, parts: Parts, count: number): Promise<LoadResult> {
  return runClosed(hub, walksAtOnce, count, async (index) => {
    const start = authorizeUrl(hub, parts, parts.clientForm.client_id, 'openid');
    const back = await walkSignIn(start, nameOf(index), password);
    if (!back.searchParams.has('code')) throw new Error(`A sign-in ended at ${back}.`);
  });
}

/** Checks of the same kind of hash in a process of its own on the same core, with nothing around them. */
async function measureArgon2(count: number, cpu: string | undefined): Promise<LoadResult> {
  const bound = cpu === undefined ? [] : ['taskset', '-c', cpu];
  const program = [process.execPath, path.join(import.meta.dirname, 'argon2-limit.ts'), String(count)];
  const [command = '', ...parameters] = [...bound, ...program];
  const peer = spawn(command, parameters, { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  for await (const part of peer.stdout.setEncoding('utf8')) output += part;
  return JSON.parse(output);
}

/** The same client credentials at a peer in a process of its own, on the same core and with the same certificate. */
async function measurePeer(
  hub: Hub,
  kind: string,
  algorithm: string,
  tokens: number,
  cpu: string | undefined,
): Promise<[string, string, LoadResult]> {
  const port = await freePort();
  const program = [path.join(import.meta.dirname, 'token-peer.ts'), kind, String(port), algorithm, hub.certificateFile];
  const bound = cpu === undefined ? [] : ['taskset', '-c', cpu];
  const [command = '', ...parameters] = [
    ...bound,
    process.execPath,
    '--disable-warning=ExperimentalWarning',
    ...program,
  ];
  const peer = spawn(command, parameters, { stdio: ['ignore', 'ignore', 'inherit'] });
  try {
    while (!(await listens(port))) {
      if (peer.exitCode !== null) throw new Error(`The peer ended with ${peer.exitCode}.`);
      await sleep(20);
    }
    const usedMilliseconds = () => processorTime(peer);
    const target: LoadTarget = { ...targetOf(hub), baseUrl: `https://localhost:${port}`, usedMilliseconds };
    const client = { client_id: 'bench', client_secret: 'bench-secret-of-32-characters-ok' };
    const form = { ...client, grant_type: 'client_credentials', resource: apiName };
    const request = { method: 'POST', path: '/token', form, expect: 200 };
    await runLoad(target, connections, Math.min(tokens, 200), () => request);
    return [`client credentials, ${algorithm}`, kind, await runLoad(target, connections, tokens, () => request)];
  } finally {
    peer.kill();
  }
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    }).on('error', () => resolve(false));
  });
}

/** Linux tells times of processes in ticks of 10 ms. */
function processorTime({ pid }: ChildProcess): number {
  const [, fields = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
  const [user, system] = fields.split(' ').slice(11, 13).map(Number);
  return ((user ?? 0) + (system ?? 0)) * 10;
}
