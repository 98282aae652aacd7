import { environmentName, type Settings } from '../settings/index.ts';

/** The server cannot listen. The message says why and what to do, in one sentence. */
export class CannotListenError extends Error {
  override readonly name = 'CannotListenError';
}

type Place = Pick<Settings, 'listenAddress' | 'port'>;

const port = environmentName('port');
const listenAddress = environmentName('listenAddress');

/** What each of Node's codes means for whoever starts the server. */
const reasons: Readonly<Record<string, (place: Place) => string>> = {
  EADDRINUSE: (place) =>
    `Port ${place.port} at ${place.listenAddress} is taken by another program: stop that one, or choose another port with ${port}.`,
  EACCES: (place) =>
    `Port ${place.port} is only for programs with more rights: choose one above 1023 with ${port}, or allow this program to use it.`,
  EADDRNOTAVAIL: (place) =>
    `${place.listenAddress} is no address of this machine: choose one that is with ${listenAddress}.`,
};

/** @throws CannotListenError where the settings are to blame; the error itself otherwise */
export function explainListenError(error: unknown, place: Place): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const reason = reasons[code];
  return reason ? new CannotListenError(reason(place), { cause: error }) : error;
}
