import type { HttpRequest, HttpResponse, Route } from '../../http.ts';
import { formAnswer } from '../../sign-in/index.ts';
import { answeringErrors } from '../answer-error.ts';
import { type IssuerForm, tenantForm } from '../issuer-form.ts';
import { parametersOf } from '../parameters.ts';
import type { OAuthOptions } from '../stores.ts';
import { findTenant } from './find-tenant.ts';
import { firstForm } from './forms.ts';
import { json } from './json.ts';
import { sharedNames } from './parameters.ts';

/** Keys of so many tenants are published together; a hub with more has host names of tenants. */
const mostTenants = 100;

/**
 * `/common` and `/organizations`, at which clients ask that do not know the tenant: metadata, the keys of all tenants, and
 * an authorization endpoint that leads on to the tenant's own, and asks for the account's name where nothing else tells.
 * The other endpoints are those of tenants, which find theirs in what is redeemed.
 */
export function sharedRoutes(options: OAuthOptions): Route[] {
  return sharedNames.flatMap((name) => [tenantForm, firstForm].flatMap((form) => routesOf(options, form, `/${name}`)));
}

function routesOf({ storage, keys }: OAuthOptions, form: IssuerForm, prefix: string): Route[] {
  const { endpoints } = form;
  return [
    { method: 'GET', path: prefix + form.discovery, handle: ({ url }) => json(metadata(form, url, prefix)) },
    {
      method: 'GET',
      path: prefix + endpoints.jwks,
      async handle() {
        const tenants = await storage.read.tenants.list(mostTenants);
        const sets = await Promise.all(tenants.map(({ id }) => keys.jwks(id)));
        return json({ keys: sets.flatMap((set) => set.keys) });
      },
    },
    ...['GET', 'POST'].map(
      (method): Route => ({
        method,
        path: prefix + endpoints.authorization,
        handle: (request) =>
          answeringErrors('person', request, () => leadOn(storage.read, request, endpoints.authorization)),
      }),
    ),
  ];
}

/** OpenID Connect Discovery 3. The issuer has a place for the tenant, which clients know to fill. */
function metadata({ endpoints, issuer }: IssuerForm, { origin }: URL, prefix: string) {
  const address = (path: string) => origin + prefix + path;
  return {
    issuer: issuer(origin, '{tenantid}', ''),
    authorization_endpoint: address(endpoints.authorization),
    token_endpoint: address(endpoints.token),
    device_authorization_endpoint: address(endpoints.device_authorization),
    end_session_endpoint: address(endpoints.end_session),
    jwks_uri: address(endpoints.jwks),
    response_types_supported: ['code', 'code id_token', 'id_token'],
    response_modes_supported: ['query', 'fragment', 'form_post'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic', 'none'],
  };
}

/** Leads the browser to the endpoint of the tenant, or asks for the name of the account. */
async function leadOn(
  stores: OAuthOptions['storage']['read'],
  request: HttpRequest,
  path: string,
): Promise<HttpResponse> {
  const parameters = parametersOf(request);
  const name = parameters.get(nameField);
  parameters.delete(nameField);
  const isOurPage = request.method === 'POST' && name !== null;
  // Our page posts to the address of the request that it asks for.
  const asked = isOurPage ? new URLSearchParams(request.url.search) : parameters;
  if (isOurPage) asked.set('login_hint', name.trim());
  const tenant = await findTenant(stores, { ...request, method: 'GET', url: withQuery(request.url, asked) });
  if (!tenant) return askForName(request, withQuery(request.url, asked), name);
  const { pathname, search } = withQuery(new URL(`/${tenant.id}${path}`, request.url), asked);
  return { status: 303, headers: { location: pathname + search } };
}

const nameField = 'account';

function withQuery(url: URL, parameters: URLSearchParams): URL {
  const changed = new URL(url);
  changed.search = parameters.toString();
  return changed;
}

function askForName(request: HttpRequest, { pathname, search }: URL, tried: string | null): HttpResponse {
  return formAnswer(
    request,
    { uiLocales: [] },
    {
      title: { key: 'home.title' },
      lead: { key: 'home.lead' },
      blocks: [
        {
          kind: 'field',
          name: nameField,
          label: { key: 'home.name' },
          type: 'text',
          autocomplete: 'username',
          isRequired: true,
          hasFocus: true,
          ...(tried !== null && { value: tried, error: { key: 'home.unknown' } }),
        },
        { kind: 'button', action: 'submit', label: { key: 'home.submit' }, look: 'primary' },
      ],
    },
    { action: pathname + search },
  );
}
