import type { Access } from './access.ts';
import type { Operation, Operations } from './operation.ts';
import type { ResourceManagerOperation } from './resource-manager/index.ts';

/** Writes the reference of the operations and of who may call them, in Markdown. */
export function buildReferencePage(
  operations: Operations,
  resourceManagerOperations: Readonly<Record<string, ResourceManagerOperation>>,
): string {
  const sections = Object.groupBy(Object.entries(operations), ([, { path }]) => path.split('/')[1] ?? '');
  const described = Object.entries(sections).map(([name, entries = []]) => describeSection(name, entries));
  return `# Management API

Every operation, below \`/v1.0\`, with who may call it. A token that acts for a user needs one of the delegated permissions, and the
user one of the roles. A token of an application needs one of the application permissions, or its service principal one of the roles.
Permissions are named as in Microsoft Graph, the least privileged first. [openapi.json](openapi.json) describes parameters and bodies.

Lists are filtered and searched by indexed properties only. \`$search\` finds words of \`displayName\` and \`description\` by their
beginnings and other texts by the beginning of the whole, with the header \`ConsistencyLevel: eventual\`. As in Microsoft Graph,
\`$orderby\` takes one property, and a list may refuse to be sorted or filtered by what has no index; lists of changes are filtered by
\`id\` only. Lists of related objects are sorted when they are of one kind, as in \`/groups/{id}/members/microsoft.graph.user\`.

${described.join('\n')}
## In the shape of Azure Resource Manager

From the root of the host, for \`az\` and other tools of clouds, with a token for \`https://management.azure.com/\` and the query
parameter \`api-version\`.

${resourceManagerTable(resourceManagerOperations)}
`;
}

function resourceManagerTable(operations: Readonly<Record<string, ResourceManagerOperation>>): string {
  const rows = Object.entries(operations).map(([name, { method, path, summary, access }]) => {
    const who = access === 'anybody' ? 'anybody' : 'whoever is signed in';
    return `| ${code(name)} | ${code(`${method} ${path}`)} | ${summary} | ${who} |`;
  });
  return ['| operation | request | | who may call it |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

/** The operations of a section in one table for each set of who may call them. */
function describeSection(name: string, entries: [string, Operation][]): string {
  const tables = Object.groupBy(entries, ([, { access }]) => describeAccess(access));
  const parts = Object.entries(tables).map(([access, members = []]) => `${access}\n\n${table(members)}`);
  return `## ${name}\n\n${parts.join('\n\n')}\n`;
}

function describeAccess(access: Access): string {
  if (access === 'anybody') return 'Anybody may call:';
  if (access === 'authenticated') return 'Whoever is signed in may call:';
  return [
    `- Delegated: ${access.delegated.map(code).join(', ')}`,
    `- Application: ${access.application.map(code).join(', ') || 'none'}`,
    `- Roles: ${access.roles?.join(', ') ?? 'none needed'}`,
  ].join('\n');
}

function table(entries: [string, Operation][]): string {
  const rows = entries.map(([name, { method, path, summary, query = [], casts = [] }]) => {
    const options = [...query, ...casts.map((cast) => `/${cast}`)].map(code).join(' ');
    return `| ${code(name)} | ${code(`${method} ${path}`)} | ${summary} | ${options} |`;
  });
  return [
    '| operation | request | | query options, kinds to narrow it to |',
    '| --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

function code(text: string): string {
  return `\`${text}\``;
}
