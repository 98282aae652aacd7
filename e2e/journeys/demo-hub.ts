// A hub in demo mode with its sample applications, on either engine.
import { type Engine, startHubOn } from '../peers/engines.ts';
import { freePort } from '../peers/free-port.ts';

export interface DemoHub {
  /** Such as `https://localhost:12345`. */
  origin: string;
  /** Address of the insurance company's web application. */
  web: string;
  stop(): Promise<void>;
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
    origin: hub.origin,
    web: `http://localhost:${web}`,
    stop: hub.stop,
  };
}
