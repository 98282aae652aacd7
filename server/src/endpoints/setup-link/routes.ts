import type { Act } from '../../audit/index.ts';
import type { BrandingStore } from '../../branding/index.ts';
import type { Tenant } from '../../directory/index.ts';
import {
  checkSource,
  describeProvider,
  type FetchMetadata,
  fetchDocument,
  fillSetupLink,
  getSetupLink,
  parseDocument,
  type SetupLink,
  type SetupLinkStores,
  useSetupLink,
} from '../../federation-metadata/index.ts';
import { entityIdOf } from '../../issuance/index.ts';
import { Refusal } from '../../refusal.ts';
import { type Upstream, upstreamPath } from '../../sign-in/index.ts';
import type { Block, Form, Text } from '../../user-flows/index.ts';
import type { HttpRequest, HttpResponse, Route } from '../http.ts';
import { formAnswer, frameOf, readFields } from '../sign-in/index.ts';
import { leaveForTrial } from './trial.ts';

type Stores = SetupLinkStores & { branding: BrandingStore };

export interface SetupLinkOptions {
  storage: {
    readonly read: Stores;
    write<Result>(work: (stores: Stores) => Promise<Result>): Promise<Result>;
  };
  /** Fetches metadata from the address that was given. */
  fetchMetadata: FetchMetadata;
  publicUrl: URL;
  /** Asks the provider, for a trial. */
  upstream: Upstream;
  now: () => Date;
  newId: () => string;
  /** 256 random bits in base64url. */
  newSecret: () => string;
}

/** Largest form: metadata of a federation does not belong here, that of one entity does. */
const mostBytes = 524_288;

/** Path of the page for a link with this secret. */
export function setupLinkPath(tenantId: string, secret: string): string {
  return `/${tenantId}/setup-link/${secret}`;
}

/** The page of every setup link. */
export function setupLinkRoutes(options: SetupLinkOptions): Route[] {
  const route = (method: string, work: (visit: Visit) => Promise<HttpResponse>): Route => ({
    method,
    path: '/:tenant/setup-link/:secret',
    handle: (request) => visit(options, request, work),
  });
  return [route('GET', (visit) => showStage(visit)), route('POST', go)];
}

export interface Visit extends SetupLinkOptions {
  request: HttpRequest;
  tenant: Tenant;
  act: Act;
  secret: string;
  link: SetupLink;
}

async function visit(
  options: SetupLinkOptions,
  request: HttpRequest,
  work: (visit: Visit) => Promise<HttpResponse>,
): Promise<HttpResponse> {
  const { tenant: name = '', secret = '' } = request.parameters;
  const tenant = await options.storage.read.tenants.resolve(name);
  const over: Form = { title: { key: 'setupLink.over' }, lead: { key: 'setupLink.overLead' }, blocks: [] };
  if (!tenant) return formAnswer(request, { uiLocales: [] }, over, { status: 404 });
  request.admitTenant(tenant.id);
  const actor = { kind: 'system', id: null, name: 'setup link' } as const;
  const { now, newId } = options;
  const act = { tenantId: tenant.id, actor, now: now(), correlationId: request.requestId, newId };
  try {
    const link = await getSetupLink(options.storage.read, tenant.id, secret, act.now);
    return await work({ ...options, request, tenant, act, secret, link });
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'federation-metadata.setup_link_over') throw error;
    const frame = await frameOf(options.storage.read.branding, tenant);
    return formAnswer(request, frame, over, { status: error.status });
  }
}

interface Given {
  address: string;
  metadata: string;
  problem?: Text;
}

/** What is to be done by what button, once the metadata came. */
const actions: Readonly<Record<string, (visit: Visit) => Promise<HttpResponse>>> = { try: leaveForTrial, enable };

function showStage(visit: Visit): Promise<HttpResponse> {
  return visit.link.isFilled ? showFilled(visit) : show(visit);
}

async function go(visit: Visit): Promise<HttpResponse> {
  if (!visit.link.isFilled) return fill(visit);
  const action = readFields(visit.request, mostBytes).get('action') ?? '';
  return Object.hasOwn(actions, action) && actions[action] ? actions[action](visit) : showFilled(visit);
}

/** Our values to copy, and the fields for theirs. */
async function show(visit: Visit, given: Given = { address: '', metadata: '' }): Promise<HttpResponse> {
  const {
    tenant,
    link: { awaited },
  } = visit;
  const { address, metadata, problem } = given;
  const form: Form = {
    title: { key: 'setupLink.title', values: { provider: awaited.displayName, organization: tenant.displayName } },
    lead: { key: 'setupLink.lead', values: { organization: tenant.displayName } },
    blocks: [
      ...(problem ? [{ kind: 'notice', tone: 'error', text: problem } as const] : []),
      { kind: 'facts', facts: ourValues(visit) },
      {
        kind: 'field',
        name: 'address',
        type: 'text',
        label: { key: 'setupLink.address' },
        hint: { key: 'setupLink.addressHint' },
        value: address,
        autocomplete: 'off',
      },
      {
        kind: 'field',
        name: 'metadata',
        type: 'lines',
        label: { key: 'setupLink.metadata' },
        hint: { key: 'setupLink.metadataHint' },
        value: metadata,
        autocomplete: 'off',
      },
      { kind: 'button', action: 'submit', label: { key: 'setupLink.submit' }, look: 'primary' },
    ],
  };
  return answer(visit, form, problem ? 400 : 200);
}

export function ourValues({
  request,
  publicUrl,
  tenant,
  link: { awaited },
}: Visit): Extract<Block, { kind: 'facts' }>['facts'] {
  const identifier = awaited.wsFederation?.realm ?? entityIdOf(publicUrl, tenant.id);
  const replyAddress = request.url.origin + upstreamPath(tenant.id, awaited.id);
  return [
    { name: { key: `setupLink.${awaited.protocol}.identifier` }, value: identifier },
    { name: { key: `setupLink.${awaited.protocol}.replyAddress` }, value: replyAddress },
  ];
}

/** Keeps what was given of the provider, or says what is wrong with it. */
async function fill(visit: Visit): Promise<HttpResponse> {
  const { storage, request, act, secret, link } = visit;
  const fields = readFields(request, mostBytes);
  const [address = '', metadata = ''] = ['address', 'metadata'].map((name) => fields.get(name)?.trim() ?? '');
  const given = { address, metadata };
  if (!address === !metadata) return show(visit, { ...given, problem: { key: 'setupLink.oneOfBoth' } });
  try {
    const source = address ? { url: address } : undefined;
    const document = source ? await fetchDocument(visit.fetchMetadata, checkSource(source)) : parseDocument(metadata);
    const described = describeProvider(link.awaited.protocol, document, undefined, act.now);
    await storage.write((stores) => fillSetupLink(stores, act, secret, described, source));
    return { status: 303, headers: { location: request.url.pathname } };
  } catch (error) {
    const isOver = error instanceof Refusal && error.code === 'federation-metadata.setup_link_over';
    if (!(error instanceof Refusal) || isOver) throw error;
    const problem = { key: 'setupLink.refused', values: { problem: error.message } };
    return show(visit, { ...given, problem });
  }
}

/** The provider is there: it may be tried, and then enabled. */
async function showFilled(visit: Visit): Promise<HttpResponse> {
  const { tenant, link } = visit;
  const { displayName, protocol, id } = link.awaited;
  const href = `${visit.request.url.origin}${upstreamPath(tenant.id, id)}/metadata`;
  const ourMetadata = [{ href, label: { key: 'setupLink.ourMetadata' } }];
  return answer(visit, {
    title: { key: 'setupLink.filledTitle', values: { provider: displayName, organization: tenant.displayName } },
    lead: { key: 'setupLink.filled', values: { organization: tenant.displayName } },
    blocks: [
      { kind: 'facts', facts: ourValues(visit) },
      ...(protocol === 'saml' ? [{ kind: 'links', links: ourMetadata } as const] : []),
      { kind: 'button', action: 'try', label: { key: 'setupLink.try' }, look: 'primary' },
      { kind: 'button', action: 'enable', label: { key: 'setupLink.enable' }, look: 'secondary' },
    ],
  });
}

/** People may come from the provider now. */
async function enable(visit: Visit): Promise<HttpResponse> {
  const { storage, act, secret, tenant } = visit;
  const { issuer } = await storage.write((stores) => useSetupLink(stores, act, secret));
  return answer(visit, {
    title: { key: 'setupLink.doneTitle' },
    lead: { key: 'setupLink.done', values: { organization: tenant.displayName, issuer } },
    blocks: [{ kind: 'links', links: [{ href: `/${tenant.id}/account`, label: { key: 'setupLink.signIn' } }] }],
  });
}

async function answer({ request, storage, tenant }: Visit, form: Form, status = 200): Promise<HttpResponse> {
  const frame = { ...(await frameOf(storage.read.branding, tenant)), isWide: true };
  return formAnswer(request, frame, form, { status, action: request.url.pathname });
}
