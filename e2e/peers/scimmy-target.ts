// A SCIM service provider that nobody here wrote, as a target: scimmy-routers on Express, with users and groups in memory. A
// test may stand in front of it and spoil its answers.
import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type Request, type RequestHandler } from 'express';
import SCIMMY from 'scimmy';
import SCIMMYRouters from 'scimmy-routers';

/** An extension of its users that is in no standard. */
export const acmeUser = 'urn:ietf:params:scim:schemas:extension:acme:2.0:User';

export interface Kept {
  id: string;
  [name: string]: unknown;
}

export interface ScimmyTarget {
  baseUrl: string;
  token: string;
  /** Method and path of every request so far. */
  requests: string[];
  users(): Kept[];
  groups(): Kept[];
  /** Sees every request before scimmy does. */
  before: RequestHandler;
  /** Changes an object behind the hub's back. */
  meddle(id: string, change: object): void;
  stop(): void;
}

/** What is kept, by the type of resource. A unique attribute is what two may not have; without one, nothing is. */
interface Keeper {
  readonly kept: Readonly<Record<'User' | 'Group', Map<string, Kept>>>;
  readonly isStrict: boolean;
}

/** What scimmy tells its handlers of a request. */
interface Asked {
  id?: string;
  filter?: { match(values: Kept[]): Kept[] };
}

function handlersOf(type: 'User' | 'Group', unique: string) {
  return {
    ingress({ id = randomUUID() }: Asked, data: object, { kept, isStrict }: Keeper) {
      const resource: Kept = { ...JSON.parse(JSON.stringify(data)), id };
      const isTaken = [...kept[type].values()].some((one) => one.id !== id && one[unique] === resource[unique]);
      if (isStrict && isTaken) throw new SCIMMY.Types.Error(409, 'uniqueness', `${resource[unique]} is taken.`);
      kept[type].set(id, resource);
      return resource;
    },
    egress({ id, filter }: Asked, { kept }: Keeper) {
      if (id === undefined) return filter ? filter.match([...kept[type].values()]) : [...kept[type].values()];
      const found = kept[type].get(id);
      if (!found) throw new SCIMMY.Types.Error(404, null as never, `There is no ${id}.`);
      return found;
    },
    degress({ id = '' }: Asked, { kept }: Keeper) {
      if (!kept[type].delete(id)) throw new SCIMMY.Types.Error(404, null as never, `There is no ${id}.`);
    },
  };
}

// Its types want handlers of its own classes; plain objects are what its documentation shows.
SCIMMY.Resources.declare(SCIMMY.Resources.User, handlersOf('User', 'userName') as never);
SCIMMY.Resources.User.extend(SCIMMY.Schemas.EnterpriseUser, false);
const acmeSchema = new SCIMMY.Types.SchemaDefinition('AcmeUser', acmeUser, 'What Acme knows of users', [
  new SCIMMY.Types.Attribute('string', 'costCenter'),
  new SCIMMY.Types.Attribute('boolean', 'isChief'),
]);
// Its types leave out that definitions are taken.
SCIMMY.Resources.User.extend(acmeSchema as never, false);
SCIMMY.Resources.declare(SCIMMY.Resources.Group, handlersOf('Group', 'displayName') as never);

/**
 * Starts it on a port of its own, without TLS.
 *
 * @param isStrict  whether two objects may not have the same name; without it a doubled object is seen
 */
export async function startScimmyTarget(isStrict = true): Promise<ScimmyTarget> {
  const keeper: Keeper = { kept: { User: new Map(), Group: new Map() }, isStrict };
  const token = randomUUID();
  const app = express();
  const handler = (request: Request) => {
    if (request.header('authorization') !== `Bearer ${token}`) throw new Error('The token is not good.');
    return 'hub';
  };
  app.use((request, response, next) => {
    target.requests.push(`${request.method} ${decodeURIComponent(request.url)}`);
    target.before(request, response, next);
  });
  app.use('/scim/v2', new SCIMMYRouters({ type: 'bearer', handler, context: () => keeper }));
  const server = await new Promise<Server>((resolve) => {
    const listening = app.listen(0, '127.0.0.1', () => resolve(listening));
  });
  const target: ScimmyTarget = {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/scim/v2`,
    token,
    requests: [],
    users: () => [...keeper.kept.User.values()],
    groups: () => [...keeper.kept.Group.values()],
    before: (_request, _response, next) => next(),
    meddle(id, change) {
      for (const kept of Object.values(keeper.kept)) {
        const found = kept.get(id);
        if (found) kept.set(id, { ...found, ...change });
      }
    },
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
  return target;
}
