import type { SignIn, SignInResult, SignInStore } from '../sign-in/index.ts';
import type { Arrival } from '../user-flows/index.ts';
import type { Query } from './engine.ts';
import { provenFactorFrom } from './proven-factor.ts';
import type { SignInTable } from './schema.ts';
import type { SealedPlace, Sealing } from './sealing.ts';

export function signInStore(query: Query, sealing: Sealing): SignInStore {
  const rowOf = (tenantId: string, signIn: SignIn): SignInTable => {
    const { id, browserDigest, version, expiresAt, ...state } = signIn;
    const { secret, ...progress } = state.progress;
    return {
      tenant_id: tenantId,
      id,
      browser_digest: browserDigest,
      state: JSON.stringify({ ...state, progress }),
      sealed_secret: secret === null ? null : sealing.seal(placeOf(tenantId, id), secret),
      version,
      expires_at: expiresAt.getTime(),
    };
  };

  const fromRow = (row: SignInTable): SignIn => {
    const state = JSON.parse(row.state);
    const secret = row.sealed_secret === null ? null : sealing.open(placeOf(row.tenant_id, row.id), row.sealed_secret);
    const { factors, trace, arrival } = state.progress;
    return {
      ...state,
      id: row.id,
      browserDigest: row.browser_digest,
      progress: {
        ...state.progress,
        secret,
        factors: factors.map(provenFactorFrom),
        trace: trace.map(withTime),
        arrival: arrivalFrom(arrival),
      },
      createdAt: new Date(state.createdAt),
      expiresAt: new Date(row.expires_at),
      version: row.version,
    };
  };

  return {
    async insert(tenantId, signIn) {
      await query.insertInto('sign_in').values(rowOf(tenantId, signIn)).execute();
    },

    async find(tenantId, id) {
      const row = await query
        .selectFrom('sign_in')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('id', '=', id)
        .executeTakeFirst();
      return row && fromRow(row);
    },

    async update(tenantId, signIn) {
      const { state, sealed_secret, version } = rowOf(tenantId, signIn);
      const { numUpdatedRows } = await query
        .updateTable('sign_in')
        .set({ state, sealed_secret, version })
        .where('tenant_id', '=', tenantId)
        .where('id', '=', signIn.id)
        .where('version', '=', version - 1)
        .executeTakeFirst();
      return numUpdatedRows === 1n;
    },

    async complete(tenantId, { id, version, browserDigest }, secretDigest, result, until) {
      const { numDeletedRows } = await query
        .deleteFrom('sign_in')
        .where('tenant_id', '=', tenantId)
        .where('id', '=', id)
        .where('version', '=', version)
        .executeTakeFirst();
      if (numDeletedRows !== 1n) return false;
      const row = { tenant_id: tenantId, secret_digest: secretDigest, browser_digest: browserDigest };
      await query
        .insertInto('sign_in_result')
        .values({ ...row, result: JSON.stringify(result), expires_at: until.getTime() })
        .execute();
      return true;
    },

    async takeResult(tenantId, secretDigest, browserDigest, now) {
      const row = await query
        .deleteFrom('sign_in_result')
        .where('tenant_id', '=', tenantId)
        .where('secret_digest', '=', secretDigest)
        .where('browser_digest', '=', browserDigest)
        .where('expires_at', '>', now.getTime())
        .returning('result')
        .executeTakeFirst();
      return row && resultFrom(row.result);
    },
  };
}

function placeOf(tenantId: string, id: string): SealedPlace {
  return { table: 'sign_in', tenantId, id };
}

function arrivalFrom(arrival: Arrival | null): Arrival | null {
  return arrival && { ...arrival, factor: provenFactorFrom(arrival.factor) };
}

/** Times are text in JSON. */
function withTime<Timed extends { at: Date }>(timed: Timed): Timed {
  return { ...timed, at: new Date(timed.at) };
}

function resultFrom(text: string): SignInResult {
  const result: SignInResult = JSON.parse(text);
  const { outcome } = result;
  if (outcome.outcome === 'refused') return result;
  const authenticatedAt = new Date(outcome.signIn.authenticatedAt);
  return { ...result, outcome: { ...outcome, signIn: { ...outcome.signIn, authenticatedAt } } };
}
