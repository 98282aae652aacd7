import type { Operation } from '@countersign/management-api';
import type { z } from 'zod';
import { badRequest, GraphError } from './error.ts';

/** How deep values may stand in each other: deeper than any resource is. */
const deepest = 32;

/** Annotations that clients repeat from answers, or add to name a type, and that say nothing new. */
const ignoredAnnotation = /@odata\.(?:type|context|etag)$/;

/**
 * Reads the JSON body of a request as it was sent. Undefined when there is none.
 *
 * @throws GraphError 415 for other content types, 400 for what is no JSON or nested too deeply
 */
export function readJson(body: Uint8Array | undefined, contentType: string | undefined): unknown {
  if (body === undefined || body.length === 0) return undefined;
  if (!/^application\/json\s*(?:;|$)/i.test(contentType ?? '')) {
    throw new GraphError(415, 'UnsupportedMediaType', 'Send the body as application/json.');
  }
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (cause) {
    throw new GraphError(400, 'BadRequest', 'Unable to read the JSON request payload.', { cause });
  }
}

/**
 * Holds a body against what the operation declares.
 *
 * @throws GraphError `Request_BadRequest` that names every property which is wrong
 */
export function checkBody(operation: Operation, body: unknown): unknown {
  if (!operation.request) return undefined;
  const result = operation.request.safeParse(withoutAnnotations(body ?? {}));
  if (result.success) return result.data;
  const details = result.error.issues.slice(0, 20).flatMap(describe);
  const message = details[0]?.message ?? 'The body is not as the operation needs it.';
  throw new GraphError(400, 'Request_BadRequest', message, { details });
}

function describe(issue: z.core.$ZodIssue): { code: string; message: string; target: string }[] {
  const target = issue.path.join('/') || 'body';
  if (issue.code !== 'unrecognized_keys') {
    return [{ code: 'InvalidValue', message: `Invalid value specified for '${target}': ${issue.message}.`, target }];
  }
  return issue.keys.map((key) => {
    const property = [...issue.path, key].join('/');
    const message = `The property '${property}' is unknown or cannot be set.`;
    return { code: 'InvalidProperty', message, target: property };
  });
}

/** A copy without annotations. Recursion is safe, since deep values are refused on the way. */
function withoutAnnotations(value: unknown, depth = 1): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth > deepest) throw badRequest(`The body is nested more than ${deepest} deep.`);
  if (Array.isArray(value)) return value.map((entry) => withoutAnnotations(entry, depth + 1));
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !ignoredAnnotation.test(name))
      .map(([name, entry]) => [name, withoutAnnotations(entry, depth + 1)]),
  );
}
