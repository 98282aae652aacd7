// A SCIM target in a process of its own that costs nearly nothing itself: every answer comes after a latency, and what it was
// told is counted and not kept, but for the ids and who was told last. `node provisioning-target.ts <port> <milliseconds>`.
import { createServer, type IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const [port, latency] = process.argv.slice(2).map(Number);

/** Users by their place in the order of their creation; memory stays small however many there are. */
let created = 0;
let requests = 0;
/** When the last title arrived, by its text, in milliseconds since the epoch. */
const titles = new Map<string, number>();

const server = createServer(async (request, response) => {
  const body = await textOf(request);
  const { pathname } = new URL(request.url ?? '/', 'http://target');
  if (pathname === '/counts') {
    response.end(JSON.stringify({ created, requests, titles: Object.fromEntries(titles) }));
    return;
  }
  requests++;
  await sleep(latency);
  const [, , type = '', id] = pathname.split('/');
  response.setHeader('content-type', 'application/scim+json');
  if (request.method === 'POST') {
    response.writeHead(201).end(JSON.stringify({ ...JSON.parse(body), id: `t${created++}` }));
  } else if (id === undefined) {
    // Nobody is there before the hub makes them.
    response.end(JSON.stringify({ totalResults: 0, startIndex: 1, itemsPerPage: 0, Resources: [] }));
  } else {
    const [title] = /"title","value":"([^"]*)"/.exec(body)?.slice(1) ?? [];
    if (title !== undefined) titles.set(title, Date.now());
    response.end(JSON.stringify({ schemas: [`urn:ietf:params:scim:schemas:core:2.0:${type.slice(0, -1)}`], id }));
  }
});
server.listen(port, '127.0.0.1');

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of request.setEncoding('utf8')) text += part;
  return text;
}
