// A target that misbehaves in every way that bad-inputs 29 names, in front of scimmy-routers. Each test says what comes of it
// in the target, and what the log tells.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Request, Response } from 'express';
import { type RunningHub, startHub } from './running-hub.ts';
import { type Kept, type ScimmyTarget, startScimmyTarget } from './scimmy-target.ts';
import { type Found, Tenant, until } from './tenant.ts';

let hub: RunningHub;
let target: ScimmyTarget;
let company: Tenant;
let crew: Found;
let job: string;
let people = 0;

const well: ScimmyTarget['before'] = (_request, _response, next) => next();

before(async () => {
  target = await startScimmyTarget();
  hub = await startHub();
  company = await Tenant.make(hub, 'company');
  crew = await company.group('Crew', []);
  job = await company.provision([crew], { baseUrl: target.baseUrl, token: target.token, timeoutSeconds: 2 });
  await company.inStep(job);
});

after(async () => {
  await hub?.stop();
  target?.stop();
});

const isUser = ({ method, url }: Request) => method !== 'GET' && url.startsWith('/scim/v2/Users');

/** Spoils so many requests that make or change users, and then behaves. */
function spoil(times: number, how: (response: Response, next: () => void, request: Request) => void): void {
  let left = times;
  target.before = (request, response, next) => {
    if (!isUser(request) || left-- <= 0) return next();
    how(response, next, request);
  };
}

/** Adds somebody to the group, whose creation in the target is spoiled. */
async function join(): Promise<Found> {
  const person = await company.person(`person${people++}`);
  await company.addMember(crew.id, person.id);
  return person;
}

function inTarget({ userPrincipalName }: Found): Kept[] {
  return target.users().filter(({ userName }) => userName === userPrincipalName);
}

/** What the log says is wrong, as soon as it says so: code and detail. */
async function complaint(person: Found): Promise<{ errorCode: string; reason: string }> {
  let found: { errorCode: string; reason: string } | null = null;
  await until('the log tells of it', async () => {
    const told = (await company.logOf(person.id)).map(({ provisioningStatusInfo }) => provisioningStatusInfo);
    found = told.find(({ errorInformation }) => errorInformation)?.errorInformation ?? null;
    return found !== null;
  });
  assert.ok(found);
  return found;
}

/** Has the person tried again now, as somebody does who does not want to wait; once and no more in the target. */
async function mends(person: Found): Promise<void> {
  target.before = well;
  const parameters = [{ subjects: [{ objectId: person.id }] }];
  const told = await company.graph('POST', `${job}/provisionOnDemand`, { parameters });
  assert.equal(told.provisioningStatusInfo.errorInformation, null);
  assert.equal(inTarget(person).length, 1);
}

const failures: Record<string, { how: Parameters<typeof spoil>[1]; code: string; reason: RegExp }> = {
  'cuts the connection before it does anything': {
    how: (response) => response.destroy(),
    code: 'failed',
    reason: /socket hang up|ECONNRESET/,
  },
  'cuts the connection when it has done its work': {
    how(response, next) {
      response.end = (() => response.destroy()) as Response['end'];
      next();
    },
    code: 'failed',
    reason: /socket hang up|ECONNRESET/,
  },
  'answers by half': {
    how(response) {
      response.writeHead(201, { 'content-type': 'application/scim+json', 'content-length': '1000' });
      response.write('{"schemas":');
      setTimeout(() => response.destroy(), 20);
    },
    code: 'failed',
    reason: /aborted|terminated|ECONNRESET/,
  },
  'takes longer than the job waits': {
    how(response, next) {
      setTimeout(next, 4_000);
      response.on('error', () => {});
    },
    code: 'failed',
    reason: /no answer in time/,
  },
  'fails with 500': {
    how: (response) => void response.status(500).send('out of order'),
    code: 'failed',
    reason: /500/,
  },
  'answers about somebody else': {
    how: (response) => void response.status(201).json({ id: 'x', userName: 'mallory@elsewhere.example' }),
    code: 'malformed',
    reason: /answered about mallory@elsewhere.example/,
  },
  'answers without an id': {
    how: (response) => void response.status(201).json({ userName: 'nobody' }),
    code: 'malformed',
    reason: /id/,
  },
  'answers with a page of HTML': {
    how: (response) => void response.status(200).type('html').send('<h1>Welcome</h1>'),
    code: 'malformed',
    reason: /./,
  },
  'answers without an end': {
    how(response) {
      response.writeHead(201, { 'content-type': 'application/scim+json' });
      const part = `"${'x'.repeat(1_048_576)}",`;
      const write = (): void => void (response.destroyed || response.write(part, () => setImmediate(write)));
      write();
    },
    code: 'failed',
    reason: /more than 33554432 bytes|no answer in time/,
  },
  'sends the hub to an address of the local network': {
    how: (response) => response.redirect(307, 'http://169.254.169.254/latest/meta-data'),
    code: 'malformed',
    reason: /307/,
  },
  'refuses the value': {
    how: (response) =>
      void response.status(400).json({
        schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
        status: '400',
        scimType: 'invalidValue',
        detail: 'no such people here',
      }),
    code: 'refused',
    reason: /400: invalidValue: no such people here/,
  },
};

for (const [what, { how, code, reason }] of Object.entries(failures)) {
  test(`bad-inputs 29: a target that ${what} is told of in the log, and got right at the next try`, async () => {
    spoil(1, how);
    const person = await join();
    const told = await complaint(person);
    assert.equal(told.errorCode, code, told.reason);
    assert.match(told.reason, reason);
    await mends(person);
  });
}

const pauses: Record<string, () => string> = {
  'in seconds': () => '1',
  'as a date': () => new Date(Date.now() + 2_000).toUTCString(),
};

for (const [form, retryAfter] of Object.entries(pauses)) {
  test(`RFC 9110 10.2.3: a target that is busy is left alone as long as it asks, ${form}`, async () => {
    let toldAt = 0;
    let nextAt = 0;
    spoil(1, (response) => {
      toldAt = Date.now();
      response.status(429).set('retry-after', retryAfter()).json({ status: '429' });
    });
    const spoiled = target.before;
    target.before = (request, response, next) => {
      if (toldAt > 0 && nextAt === 0 && isUser(request)) nextAt = Date.now();
      spoiled(request, response, next);
    };
    const person = await join();
    await until('the person is there', () => inTarget(person).length === 1);
    await company.inStep(job);
    // A date has whole seconds, so that of two seconds one is left at least.
    assert.ok(nextAt - toldAt >= 900, `${nextAt - toldAt} ms later`);
    const [entry] = await company.logOf(person.id);
    assert.equal(entry?.provisioningStatusInfo.status, 'success');
  });
}

test('bad-inputs 29: a target that takes the token no more stops the job, which tells why and goes on with a restart', async () => {
  target.before = (_request, response) => void response.status(401).json({ status: '401', detail: 'expired' });
  const person = await join();
  await until('the job stops', async () => (await company.graph('GET', job)).status.code === 'Quarantine');
  const { quarantine } = (await company.graph('GET', job)).status;
  assert.equal(quarantine?.reason, 'unauthorized');
  assert.match(quarantine?.error.message ?? '', /401.*expired/);
  target.before = well;
  await company.graph('POST', `${job}/restart`);
  await until('the person is there', () => inTarget(person).length === 1);
  await company.inStep(job);
});

test('bad-inputs 29: a target that forgets an attribute while the job runs is told of, and the rest goes on', async () => {
  const [first, second] = [await join(), await join()];
  await until('both are there', () => inTarget(first).length + inTarget(second).length === 2);
  target.before = (request, response, next) => {
    if (request.method !== 'PATCH' || !isUser(request)) return next();
    const detail = 'There is no attribute title.';
    response.status(400).json({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      status: '400',
      scimType: 'invalidPath',
      detail,
    });
  };
  await company.graph('PATCH', `/users/${first.id}`, { jobTitle: 'Chief' });
  const told = await complaint(first);
  assert.match(told.reason, /invalidPath: There is no attribute title/);
  const third = await join();
  await until('the next one is there', () => inTarget(third).length === 1);
  const { objects } = (await company.graph('GET', job)).status;
  assert.equal(objects.failing, 1);
  await mends(first);
  assert.equal(inTarget(first)[0]?.['title'], 'Chief');
  assert.equal(inTarget(second).length, 1);
});

test('bad-inputs 30: after all of that, everybody is in the target and in the group, each once', async () => {
  const names = target.users().map(({ userName }) => String(userName));
  assert.equal(new Set(names).size, people);
  const members = () => (target.groups()[0]?.['members'] ?? []) as { value: string }[];
  await until('all are members', () => members().length === people);
  assert.equal(new Set(members().map(({ value }) => value)).size, people);
});
