import { type Adapter, type AdapterPayload, errors, Provider } from 'oidc-provider';
import { auditEvent } from '../../audit/index.ts';
import type { Redeemable, RedeemableKind } from '../../issuance/index.ts';
import { actOfCall } from './act-of-call.ts';
import { callOf } from './call.ts';
import { checkPollingPace, decisionOn, isDecided } from './device/device-codes.ts';
import { digestOf } from './digest.ts';
import { suspendedInteraction } from './sign-in-bridge.ts';
import type { OAuthOptions } from './stores.ts';

/** How the provider's models are kept. What is not here the provider must not keep: sign-in has the sessions. */
const kinds: Readonly<Record<string, RedeemableKind>> = {
  Grant: 'grant',
  AuthorizationCode: 'authorizationCode',
  DeviceCode: 'deviceCode',
  RefreshToken: 'refreshToken',
  AccessToken: 'accessToken',
  ClientCredentials: 'accessToken',
  PushedAuthorizationRequest: 'pushedRequest',
  RegistrationAccessToken: 'registrationToken',
};

const nothing: Adapter = {
  upsert: async () => {},
  find: async () => undefined,
  findByUid: async () => undefined,
  findByUserCode: async () => undefined,
  consume: async () => {},
  destroy: async () => {},
  revokeByGrantId: async () => {},
};

/** Lets the provider of a tenant keep its models in our stores. */
export function adapterFactory(options: OAuthOptions, tenantId: string): (model: string) => Adapter {
  return (model) => {
    const kind = kinds[model];
    if (model === 'Interaction') return { ...nothing, find: async () => suspendedInteraction(Provider.ctx) };
    return kind ? redeemableAdapter(options, tenantId, kind) : nothing;
  };
}

function redeemableAdapter(options: OAuthOptions, tenantId: string, kind: RedeemableKind): Adapter {
  const { storage, now, newId } = options;
  return {
    ...nothing,

    async upsert(id, payload, expiresIn = 0) {
      const { jti: _, userCode, grantId, ...content } = payload;
      const digest = digestOfId(kind, id);
      const familyDigest = kind === 'grant' ? digest : grantId === undefined ? null : digestOf(grantId);
      const expiresAt = new Date(payload.exp === undefined ? now().getTime() + expiresIn * 1000 : payload.exp * 1000);
      const aliasDigest = userCode === undefined ? null : digestOf(userCode);
      const kept = { kind, digest, familyDigest, aliasDigest, content: { ...content, grantId }, expiresAt };
      await storage.write(async ({ redeemables, usedIds }) => {
        if (kind === 'deviceCode' && isDecided(content)) {
          const isFirst = await usedIds.use(tenantId, decisionOn(digest), expiresAt);
          if (!isFirst) throw new errors.AccessDenied('Somebody has decided on the device already.');
        }
        await redeemables.save(tenantId, kept);
      });
    },

    async find(id) {
      const found = await storage.read.redeemables.find(tenantId, kind, digestOfId(kind, id));
      const isPoll = kind === 'deviceCode' && Provider.ctx?.oidc.route === 'token';
      if (isPoll && found && !isDecided(found.content)) await checkPollingPace(options, tenantId, found);
      return found && { ...payloadOf(found), jti: id };
    },

    async consume(id) {
      const digest = digestOf(id);
      const isFirst = await storage.write(({ redeemables }) => redeemables.redeem(tenantId, kind, digest, now()));
      if (isFirst) return;
      const ctx = Provider.ctx;
      if (kind === 'pushedRequest' || !ctx) throw new errors.InvalidRequestUri('The request was used before.');
      const call = callOf(ctx);
      const found = await storage.read.redeemables.find(tenantId, kind, digest);
      const age = now().getTime() - (found?.redeemedAt?.getTime() ?? 0);
      if (kind === 'refreshToken' && age < call.refreshGrace) return;
      // RFC 6749 4.1.2, RFC 9700 4.14.2: whoever redeems a second time may have stolen it, or been stolen from.
      const family = found?.familyDigest;
      await storage.write(async (stores) => {
        if (family) await stores.redeemables.removeFamily(tenantId, family);
        const act = actOfCall(call, { now: now(), newId }, ctx.oidc.client);
        const about = { kind: 'grant', id: null, name: null };
        await stores.audit.append([auditEvent(act, 'grant.revoke', about, [{ property: 'reusedKind', after: kind }])]);
      });
      throw new errors.InvalidGrant(`The ${words[kind] ?? kind} was used before.`);
    },

    async destroy(id) {
      const digest = digestOf(id);
      await storage.write(({ redeemables }) =>
        kind === 'grant' ? redeemables.removeFamily(tenantId, digest) : redeemables.remove(tenantId, kind, digest),
      );
    },

    async revokeByGrantId(grantId) {
      await storage.write(({ redeemables }) => redeemables.removeFamily(tenantId, digestOf(grantId), kind));
    },
  };
}

/** On the page where people decide on a device, its code is known by the digest only. */
function digestOfId(kind: RedeemableKind, id: string): string {
  return kind === 'deviceCode' && Provider.ctx?.oidc.route === 'device_resume' ? id : digestOf(id);
}

const words: Readonly<Partial<Record<RedeemableKind, string>>> = {
  authorizationCode: 'authorization code',
  deviceCode: 'device code',
  refreshToken: 'refresh token',
};

function payloadOf({ kind, content, expiresAt, redeemedAt }: Redeemable): AdapterPayload {
  const payload: AdapterPayload = { ...content };
  // A grant lives as long as what was issued on it, which may be longer than was thought at first.
  if (kind === 'grant') payload.exp = Math.floor(expiresAt.getTime() / 1000);
  // At the token endpoint `consume` decides, at once for everybody who redeems it at the same time.
  if (redeemedAt && Provider.ctx?.oidc.route !== 'token') payload.consumed = Math.floor(redeemedAt.getTime() / 1000);
  return payload;
}
