import { type FastifyInstance, type FastifyReply, fastify } from 'fastify';
import { type IdentifyCaller, requireFlow, requireScope } from './callers.ts';
import { HubUnreachable, RequestRefused } from './errors.ts';
import type { Policies } from './policies.ts';

/** The user flow that asks for a second factor. Only who comes through it may say who gets the money. */
const secondFactorFlow = 'B2C_1_signupsignin1_mfa';

/** What anybody may read. */
const plans = [
  { name: 'Contoso Life Basic', sum: 100_000, monthly: 9.5 },
  { name: 'Contoso Life Family', sum: 250_000, monthly: 19 },
  { name: 'Contoso Life Plus', sum: 500_000, monthly: 34 },
];

const longestName = 100;

/** The API of the insurance company. */
export function insuranceApi(identify: IdentifyCaller, policies: Policies, now: () => Date): FastifyInstance {
  const api = fastify({ bodyLimit: 16_384 });

  api.get('/healthz', () => ({ status: 'ok' }));

  api.get('/plans', () => ({ plans }));

  api.get('/policy', async ({ headers }) => {
    const caller = await identify(headers.authorization);
    requireScope(caller, 'Accounts.Read');
    return policies.get(caller, now());
  });

  api.put('/policy/beneficiary', async ({ headers, body }) => {
    const caller = await identify(headers.authorization);
    requireScope(caller, 'Accounts.Write');
    requireFlow(caller, secondFactorFlow);
    return policies.changeBeneficiary(caller, readName(body), now());
  });

  api.addHook('onRequest', async (_, reply) => {
    reply.headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
  });
  api.setNotFoundHandler((_, reply) => answer(reply, 404, 'not_found', 'There is nothing here.'));
  api.setErrorHandler<Error & { statusCode?: number }>((error, _, reply) => {
    if (error instanceof RequestRefused) return refuse(reply, error);
    if (error instanceof HubUnreachable) {
      console.error(error);
      return answer(reply.header('retry-after', '5'), 503, 'temporarily_unavailable', 'Try again in a moment.');
    }
    const status = error.statusCode ?? 500;
    if (status < 500) return answer(reply, status, 'invalid_request', error.message);
    console.error(error);
    return answer(reply, 500, 'server_error', 'Something went wrong.');
  });
  return api;
}

/** A name as a person writes it: no line breaks or other control characters. */
function readName(body: unknown): string {
  const name = typeof body === 'object' && body !== null && 'name' in body ? body.name : undefined;
  const isName =
    typeof name === 'string' && /^[^\p{Cc}]*[^\p{Cc}\s][^\p{Cc}]*$/u.test(name) && name.length <= longestName;
  if (!isName) throw new RequestRefused(400, 'invalid_request', `A name has 1 to ${longestName} characters.`);
  return name.trim();
}

/** RFC 6750 3: what is wrong with the token stands in `WWW-Authenticate`, and no code when there was none. */
function refuse(reply: FastifyReply, { status, code, message, demand }: RequestRefused) {
  if (status === 400) return answer(reply, status, code, message);
  const wasGiven = code !== 'invalid_request';
  const parts = Object.entries({ ...(wasGiven && { error: code, error_description: message }), ...demand });
  const challenge = ['Bearer realm="insurance"', ...parts.map(([name, value]) => `${name}="${value}"`)].join(', ');
  return answer(reply.header('www-authenticate', challenge), status, code, message);
}

function answer(reply: FastifyReply, status: number, error: string, description: string) {
  return reply.code(status).send({ error, error_description: description });
}
