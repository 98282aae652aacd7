// A SCIM service provider made of scimmy-routers, whose users and groups stand in memory: what a SCIM endpoint of Node costs
// when nothing is kept. `node scimmy-peer.ts <port>`.
import { randomUUID } from 'node:crypto';
import express from 'express';
import SCIMMY from 'scimmy';
import SCIMMYRouters from 'scimmy-routers';

interface Kept {
  id: string;
  [name: string]: unknown;
}

/** What handlers are told of a request. */
interface Asked {
  id?: string;
  filter?: { match(values: Kept[]): Kept[] };
}

function handlers(unique: string) {
  const kept = new Map<string, Kept>();
  const names = new Map<unknown, string>();
  return {
    ingress: (asked: Asked, data: object) => {
      const id = asked.id ?? randomUUID();
      const resource: Kept = { ...JSON.parse(JSON.stringify(data)), id };
      const owner = names.get(resource[unique]);
      if (owner !== undefined && owner !== id) throw new SCIMMY.Types.Error(409, 'uniqueness', 'It is taken.');
      names.set(resource[unique], id);
      kept.set(id, resource);
      return resource;
    },
    egress: (asked: Asked) => {
      if (asked.id !== undefined) {
        const found = kept.get(asked.id);
        if (!found) throw new SCIMMY.Types.Error(404, null as never, 'It is not there.');
        return found;
      }
      const all = [...kept.values()];
      return asked.filter ? asked.filter.match(all) : all;
    },
    degress: (asked: Asked) => {
      kept.delete(asked.id ?? '');
    },
  };
}

const { User, Group } = SCIMMY.Resources;
// Its types want handlers of its own classes; plain objects are what its documentation shows.
SCIMMY.Resources.declare(User, handlers('userName') as never);
SCIMMY.Resources.declare(Group, handlers('displayName') as never);
const app = express();
app.use('/scim/v2', new SCIMMYRouters({ type: 'bearer', handler: () => 'benchmark' }));
app.listen(Number(process.argv[2]), '127.0.0.1');
