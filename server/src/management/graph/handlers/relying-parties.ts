import { explain } from '@countersign/claims';
import { relyingParty, type relyingPartyOperations } from '@countersign/management-api';
import {
  checkRulesOfRelyingParty,
  createServicePrincipal,
  getRelyingParty,
  type RelyingParty,
  type RelyingPartyInput,
  registerApplication,
  removeRelyingParty,
  rulesOfRelyingParty,
  saveRelyingParty,
} from '../../../applications/index.ts';
import {
  type Described,
  describeRelyingParty,
  type FollowedMetadata,
  followMetadata,
  refreshFollowed,
  type SourceInput,
  stopFollowing,
} from '../../../federation-metadata/index.ts';
import { claimsIssuer, draftSecurityToken, entityIdOf, readSubject, supposedMethods } from '../../../issuance/index.ts';
import { changeIncluded } from '../../../rule-groups/index.ts';
import { answerResource } from '../answer-resource.ts';
import type { Answer, Call, Handlers, ManagementStores } from '../call.ts';
import { badRequest, notFound } from '../error.ts';
import { type MetadataInput, metadataView, readMetadata } from '../metadata-view.ts';
import { answerPage, contextUrl, cutPage, requestedPage } from '../pages.ts';
import { pick } from '../resource-view.ts';
import { servicePrincipalOf } from '../service-principal-of.ts';

const issueClaims = claimsIssuer();

const collection = 'relyingParties';

export const relyingPartyHandlers = {
  listRelyingParties: async (call) => {
    const { limit, after } = requestedPage(call);
    const found = await call.storage.read.relyingParties.list(call.tenantId, limit + 1, after?.id);
    const followed = await call.storage.read.followedMetadata.list(call.tenantId, 'relyingParty');
    const sources = new Map(followed.map((each) => [each.party.id, each]));
    const views = found.map((party) => view(party, sources.get(party.servicePrincipalId)));
    const { items, ...rest } = cutPage(views, limit);
    return answerPage(call, collection, { ...rest, items: items.map(pick(relyingParty, call.query.select)) });
  },
  getRelyingParty: async (call) => {
    const { id } = await servicePrincipalOf(call);
    const party = await getRelyingParty(call.storage.read, call.tenantId, id);
    return answer(call, party);
  },
  saveRelyingParty: async (call) => {
    const { id } = await servicePrincipalOf(call);
    const { metadataSource, ...input } = call.body;
    const party = await call.storage.write(async (stores) => {
      // Whoever follows it no more decides what counts.
      const counts = metadataSource === null && { isMetadataExpired: false };
      const saved = await saveRelyingParty(stores, call.act, id, { ...(input as RelyingPartyInput), ...counts });
      if (metadataSource === null) await stopFollowing(stores, call.act, partyOf(saved));
      return saved;
    });
    return answer(call, party);
  },
  deleteRelyingParty: async (call) => {
    const { id } = await servicePrincipalOf(call);
    const party = await getRelyingParty(call.storage.read, call.tenantId, id);
    await call.storage.write(async (stores) => {
      await removeRelyingParty(stores, call.act, id);
      await stopFollowing(stores, call.act, partyOf(party));
    });
    return {};
  },
  importRelyingParty: async (call) => {
    const { id } = await servicePrincipalOf(call);
    const known = await call.storage.read.relyingParties.find(call.tenantId, id);
    const described = await describe(call, call.body, known?.protocol);
    const save = (stores: ManagementStores) => saveDescribed(stores, call, id, described, call.body.metadataSource);
    return answer(call, await call.storage.write(save));
  },
  createRelyingParty: async (call) => {
    const described = await describe(call, call.body);
    const displayName = call.body.displayName ?? described.entityId;
    const party = await call.storage.write(async (stores) => {
      const { attributes } = await registerApplication(stores, call.act, { displayName });
      const { id } = await createServicePrincipal(stores, call.act, attributes.appId);
      return saveDescribed(stores, call, id, described, call.body.metadataSource);
    });
    return answer(call, party);
  },
  refreshRelyingPartyMetadata: async (call) => {
    const { id } = await servicePrincipalOf(call);
    await refreshFollowed(call.storage, call.act, call.fetchMetadata, { kind: 'relyingParty', id });
    return answer(call, await getRelyingParty(call.storage.read, call.tenantId, id));
  },
  evaluateRelyingPartyRules: async (call) => {
    const principal = await servicePrincipalOf(call);
    const party = await getRelyingParty(call.storage.read, call.tenantId, principal.id);
    const { userId, issuanceRules = party.issuanceRules, authorizationRules = party.authorizationRules } = call.body;
    const tried = {
      issuanceRules,
      issuanceRuleGroups: changeIncluded(party.issuanceRuleGroups, call.body.issuanceRuleGroups),
      authorizationRules,
      authorizationRuleGroups: changeIncluded(party.authorizationRuleGroups, call.body.authorizationRuleGroups),
    };
    await checkRulesOfRelyingParty(call.storage.read, call.tenantId, tried);
    const subject = await readSubject(call.storage.read, call.tenantId, principal, {
      userId: userId.toLowerCase(),
      authenticatedAt: call.act.now,
      authenticationMethod: supposedMethods[party.tokenKind],
    });
    if (!subject) throw notFound(userId);
    const rules = await rulesOfRelyingParty(call.storage.read, call.tenantId, tried);
    const { access, claims, authorization, issuance } = await issueClaims(rules, subject);
    const drafting = {
      tenantId: call.tenantId,
      read: call.storage.read,
      entityId: entityIdOf(call.publicUrl, call.tenantId),
      now: call.act.now,
      newSecret: () => Buffer.from(call.randomBytes(32)).toString('base64url'),
    };
    return {
      body: {
        '@odata.context': contextUrl(call, `servicePrincipals('${principal.id}')/relyingParty/evaluate`),
        isPermitted: access.isPermitted,
        claims,
        token: access.isPermitted ? await draftSecurityToken(drafting, party, subject, claims) : null,
        authorization: explain(authorization),
        issuance: issuance ? explain(issuance) : null,
      },
    };
  },
} satisfies Handlers<typeof relyingPartyOperations>;

type DescribedParty = Described<RelyingPartyInput>;

/** @throws GraphError `BadRequest` without metadata, and Refusal for what cannot be used */
async function describe(
  call: Call,
  body: MetadataInput & { protocol?: RelyingParty['protocol'] | undefined },
  known?: RelyingParty['protocol'],
): Promise<DescribedParty> {
  const described = await readMetadata(call, body, (document, entityId) =>
    describeRelyingParty(body.protocol ?? known, document, entityId, call.act.now),
  );
  if (!described) throw badRequest('Give metadata as text, or metadataSource with its address.');
  return described;
}

async function saveDescribed(
  stores: ManagementStores,
  { act }: Call,
  id: string,
  described: DescribedParty,
  source: SourceInput | undefined,
): Promise<RelyingParty> {
  const party = await saveRelyingParty(stores, act, id, described.input);
  if (source) await followMetadata(stores, act, partyOf(party), source, described);
  return party;
}

async function answer(call: Call, party: RelyingParty): Promise<Answer> {
  const { kind, id } = partyOf(party);
  const followed = await call.storage.read.followedMetadata.find(call.tenantId, { kind, id });
  return answerResource(call, relyingParty, collection, view(party, followed));
}

function partyOf({ servicePrincipalId, identifier }: RelyingParty) {
  return { kind: 'relyingParty', id: servicePrincipalId, name: identifier } as const;
}

function view(party: RelyingParty, followed: FollowedMetadata | undefined) {
  const { servicePrincipalId: id, ...rest } = party;
  return { id, ...rest, ...metadataView(party, followed) };
}
