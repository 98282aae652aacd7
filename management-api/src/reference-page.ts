import type { Access } from './access.ts';
import type { Operation, Operations } from './operation.ts';

/** Writes the reference of the operations and of who may call them, in Markdown. */
export function buildReferencePage(operations: Operations): string {
  const sections = new Map<string, string[]>();
  for (const [name, operation] of Object.entries(operations)) {
    const [, section = ''] = operation.path.split('/');
    sections.set(section, [...(sections.get(section) ?? []), describe(name, operation)]);
  }
  const pages = [...sections].map(([section, described]) => `## ${section}\n\n${described.join('\n\n')}\n`);
  return `# Management API

Every operation, below \`/v1.0\`, with who may call it. A token that acts for a user needs one of the delegated permissions, and the
user one of the roles. A token of an application needs one of the application permissions, or its service principal one of the roles.
Permissions are named as in Microsoft Graph, the least privileged first. [openapi.json](openapi.json) describes parameters and bodies.

${pages.join('\n')}`;
}

function describe(name: string, { method, path, summary, access, query = [], casts = [] }: Operation): string {
  const lines = [
    `### \`${method} ${path}\``,
    '',
    `${summary} (\`${name}\`)`,
    '',
    ...describeAccess(access),
    ...(query.length > 0 ? [`- Query options: ${query.map(code).join(', ')}`] : []),
    ...(casts.length > 0 ? [`- Narrowed to a kind by a last segment: ${casts.map(code).join(', ')}`] : []),
  ];
  return lines.join('\n');
}

function describeAccess(access: Access): string[] {
  if (access === 'anybody') return ['- Who: anybody'];
  if (access === 'authenticated') return ['- Who: whoever is signed in'];
  return [
    `- Delegated permissions: ${access.delegated.map(code).join(', ')}`,
    `- Application permissions: ${access.application.map(code).join(', ') || 'none'}`,
    `- Roles: ${access.roles?.join(', ') ?? 'none needed'}`,
  ];
}

function code(text: string): string {
  return `\`${text}\``;
}
