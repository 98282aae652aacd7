// A hub in demo mode with its sample applications, on either engine.
import { type Engine, startHubOn } from '../peers/engines.ts';
import { freePort } from '../peers/free-port.ts';
import type { RunningHub } from '../peers/running-hub.ts';

export interface DemoHub extends RunningHub {
  /** Address of the insurance company's web application. */
  web: string;
}

/** Starts a hub with an empty database. Its samples may need a moment more. */
export async function startDemoHub(engine: Engine): Promise<DemoHub> {
  const [web, api] = [await freePort(), await freePort()];
  const hub = await startHubOn(engine, {
    COUNTERSIGN_DEMO: 'true',
    COUNTERSIGN_SAMPLE_WEB_PORT: String(web),
    COUNTERSIGN_SAMPLE_API_PORT: String(api),
  });
  return {
    ...hub,
    web: `http://localhost:${web}`,
  };
}
