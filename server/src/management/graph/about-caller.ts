import type { Call, CallWithId } from './call.ts';

/** The same call about the user who makes it. Only users reach the operations under `/me`. */
export function aboutCaller<Of extends Call>(call: Of): Of & CallWithId {
  return { ...call, parameters: { id: call.caller.id } };
}
