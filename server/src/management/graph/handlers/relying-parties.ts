import { explain } from '@countersign/claims';
import { relyingParty, type relyingPartyOperations } from '@countersign/management-api';
import { type Entity, getEntity, parseMetadata, SamlStatusError } from '@countersign/saml';
import { parseFederationMetadata, WsFederationError } from '@countersign/ws-federation';
import { metadataLimits, parseXml, type XmlElement, XmlError } from '@countersign/xml';
import {
  getRelyingParty,
  type RelyingParty,
  type RelyingPartyInput,
  relyingPartyOfFederationMetadata,
  relyingPartyOfMetadata,
  removeRelyingParty,
  saveRelyingParty,
} from '../../../applications/index.ts';
import { claimsIssuer, readSubject } from '../../../issuance/index.ts';
import { answerResource } from '../answer-resource.ts';
import type { Answer, Call, Handlers } from '../call.ts';
import { badRequest, notFound } from '../error.ts';
import { answerPage, contextUrl, cutPage, requestedPage } from '../pages.ts';
import { pick } from '../resource-view.ts';
import { servicePrincipalOf } from '../service-principal-of.ts';

const issueClaims = claimsIssuer();

/** The way of signing in that evaluations suppose. */
const supposedMethod = 'urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport';

const collection = 'relyingParties';

export const relyingPartyHandlers = {
  listRelyingParties: async (call) => {
    const { limit, after } = requestedPage(call);
    const found = await call.storage.read.relyingParties.list(call.tenantId, limit + 1, after?.id);
    const { items, ...rest } = cutPage(found.map(view), limit);
    return answerPage(call, collection, { ...rest, items: items.map(pick(relyingParty, call.query.select)) });
  },
  getRelyingParty: async (call) => {
    const { id } = await servicePrincipalOf(call);
    const party = await getRelyingParty(call.storage.read, call.tenantId, id);
    return answerResource(call, relyingParty, collection, view(party));
  },
  saveRelyingParty: async (call) => save(call, (await servicePrincipalOf(call)).id, call.body as RelyingPartyInput),
  deleteRelyingParty: async (call) => {
    const { id } = await servicePrincipalOf(call);
    await call.storage.write((stores) => removeRelyingParty(stores, call.act, id));
    return {};
  },
  importRelyingParty: async (call) => {
    const { id } = await servicePrincipalOf(call);
    const { metadata, entityId, protocol } = call.body;
    const known = await call.storage.read.relyingParties.find(call.tenantId, id);
    return save(call, id, readMetadata(metadata, entityId, protocol ?? known?.protocol, call.act.now));
  },
  evaluateRelyingPartyRules: async (call) => {
    const principal = await servicePrincipalOf(call);
    const party = await getRelyingParty(call.storage.read, call.tenantId, principal.id);
    const { userId, issuanceRules = party.issuanceRules, authorizationRules = party.authorizationRules } = call.body;
    const subject = await readSubject(call.storage.read, call.tenantId, principal, {
      userId: userId.toLowerCase(),
      authenticatedAt: call.act.now,
      authenticationMethod: supposedMethod,
    });
    if (!subject) throw notFound(userId);
    const { access, claims, authorization, issuance } = await issueClaims(
      { issuanceRules, authorizationRules },
      subject,
    );
    return {
      body: {
        '@odata.context': contextUrl(call, `servicePrincipals('${principal.id}')/relyingParty/evaluate`),
        isPermitted: access.isPermitted,
        claims,
        authorization: explain(authorization),
        issuance: issuance ? explain(issuance) : null,
      },
    };
  },
} satisfies Handlers<typeof relyingPartyOperations>;

async function save(call: Call, id: string, input: RelyingPartyInput): Promise<Answer> {
  const party = await call.storage.write((stores) => saveRelyingParty(stores, call.act, id, input));
  return answerResource(call, relyingParty, collection, view(party));
}

function view({ servicePrincipalId: id, ...party }: RelyingParty) {
  return { id, ...party };
}

/** @throws GraphError `BadRequest` for a text that is no metadata, and Refusal */
function readMetadata(
  text: string,
  entityId: string | undefined,
  protocol: RelyingParty['protocol'] | undefined,
  now: Date,
): RelyingPartyInput {
  try {
    const document = parseXml(text, metadataLimits);
    const entity = getEntity(parseMetadata(document), entityId, now);
    // Most documents have a role of one protocol.
    const chosen = protocol ?? (entity.serviceProvider ? 'saml' : 'wsFederation');
    return readers[chosen](entity, document);
  } catch (error) {
    if (error instanceof XmlError || error instanceof SamlStatusError || error instanceof WsFederationError) {
      throw badRequest(`The metadata cannot be used: ${error.message}`);
    }
    throw error;
  }
}

const readers: Readonly<Record<RelyingParty['protocol'], (entity: Entity, document: XmlElement) => RelyingPartyInput>> =
  {
    saml: (entity) => relyingPartyOfMetadata(entity),
    wsFederation: (_, document) => relyingPartyOfFederationMetadata(parseFederationMetadata(document)),
  };
