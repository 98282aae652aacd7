import type { DirectoryStores, Tenant } from '../directory/index.ts';
import type { Form } from '../user-flows/index.ts';
import type { HttpResponse, Route } from './http.ts';
import { formAnswer, readForm } from './sign-in/index.ts';

/**
 * The page at the address of the hub itself, for people who know no more of it: whoever names an organization comes to its
 * account page. At a host name of a tenant it leads there by itself.
 */
export function startPageRoutes({ tenants }: Pick<DirectoryStores, 'tenants'>): Route[] {
  return [
    {
      method: 'GET',
      path: '/',
      async handle(request) {
        const tenant = await tenants.resolveHost(request.url.hostname);
        return tenant ? toAccount(tenant) : formAnswer(request, { uiLocales: [] }, startForm());
      },
    },
    {
      method: 'POST',
      path: '/',
      async handle(request) {
        const { organization = '' } = readForm(request);
        // An address of somebody there will do as well.
        const name = organization.trim().split('@').at(-1) ?? '';
        const tenant = await tenants.resolve(name);
        // Whether there is a tenant of a name, its discovery document tells everybody.
        return tenant
          ? toAccount(tenant)
          : formAnswer(request, { uiLocales: [] }, startForm(organization), { status: 404 });
      },
    },
  ];
}

function toAccount({ name }: Tenant): HttpResponse {
  return { status: 303, headers: { location: `/${encodeURIComponent(name)}/account`, 'cache-control': 'no-store' } };
}

/** @param unknown  what was typed and is no organization */
function startForm(unknown?: string): Form {
  return {
    title: { key: 'start.title' },
    lead: { key: 'start.lead' },
    blocks: [
      {
        kind: 'field',
        name: 'organization',
        label: { key: 'start.organization' },
        hint: { key: 'start.hint' },
        type: 'text',
        autocomplete: 'organization',
        isRequired: true,
        ...(unknown !== undefined && { value: unknown, error: { key: 'start.unknown' } }),
      },
      { kind: 'button', action: 'submit', label: { key: 'start.submit' }, look: 'primary' },
      { kind: 'notice', tone: 'info', text: { key: 'start.application' } },
    ],
  };
}
