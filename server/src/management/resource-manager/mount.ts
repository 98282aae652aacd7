import { type ResourceManagerOperation, resourceManagerOperations } from '@countersign/management-api';
import { authenticate, type VerifyToken } from '../authenticate.ts';
import type { HttpRequest, HttpResponse, Route } from '../http.ts';
import { answerError, errorAnswer, jsonAnswer } from './answer-error.ts';
import type { Call, Surroundings } from './call.ts';
import { ResourceManagerError } from './error.ts';
import { handlers } from './handlers.ts';

export interface ResourceManagerOptions extends Surroundings {
  /** Takes tokens for this API only: those for Microsoft Graph are refused. */
  verifyToken: VerifyToken;
}

/** The API in Azure Resource Manager's shape, to be put into the web server. */
export interface ResourceManagerMount {
  routes: Route[];
  answerError(failure: { status: number; message: string; headers?: Readonly<Record<string, string>> }): HttpResponse;
}

export function resourceManagerMount(options: ResourceManagerOptions): ResourceManagerMount {
  const { storage, publicUrl, verifyToken } = options;
  // Each handler takes the calls of its own operation, and is called with no others.
  const handlersByName: Readonly<Record<string, (call: Call) => Promise<object>>> = handlers as never;

  const admit = async (request: HttpRequest): Promise<string> => {
    const { tenantId } = await authenticate(request, verifyToken, storage.read);
    request.admitTenant(tenantId);
    return tenantId;
  };

  const route = (operation: string, { method, path, access }: ResourceManagerOperation): Route => ({
    method,
    path,
    handle: (request) =>
      answering(async () => {
        const tenantId = access === 'anybody' ? '' : await admit(request);
        const call = { storage, publicUrl, url: request.url, apiVersion: apiVersionOf(request.url), tenantId };
        return { ...jsonAnswer(200, (await handlersByName[operation]?.(call)) ?? {}), operation };
      }),
  });

  const refuseSubscription = (request: HttpRequest) =>
    answering(async () => {
      await admit(request);
      const [, , id = ''] = request.url.pathname.split('/');
      throw new ResourceManagerError(404, 'SubscriptionNotFound', `The subscription '${id}' could not be found.`);
    });

  return {
    routes: [
      ...Object.entries<ResourceManagerOperation>(resourceManagerOperations).map(([name, one]) => route(name, one)),
      ...['GET', 'PUT', 'PATCH', 'POST', 'DELETE'].map((method) => ({
        method,
        path: '/subscriptions/*',
        handle: refuseSubscription,
      })),
    ],
    answerError: ({ status, message, headers }) => errorAnswer(status, message, headers),
  };
}

async function answering(answer: () => Promise<HttpResponse>): Promise<HttpResponse> {
  try {
    return await answer();
  } catch (error) {
    const known = answerError(error);
    if (!known) throw error;
    return known;
  }
}

/** Every request says which version of the API it was written for. Until an answer differs, any will do. */
function apiVersionOf({ searchParams }: URL): string {
  const version = searchParams.get('api-version');
  if (!version) {
    const message = 'The query parameter api-version is missing: give a date, such as api-version=2022-12-01.';
    throw new ResourceManagerError(400, 'MissingApiVersionParameter', message);
  }
  if (!/^\d{4}-\d{2}-\d{2}(-preview)?$/.test(version)) {
    const message = 'The query parameter api-version is no date, such as 2022-12-01.';
    throw new ResourceManagerError(400, 'InvalidApiVersionParameter', message);
  }
  return version;
}
