// A hub in demo mode with its sample applications, on either engine.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { freePort } from '../../tools/free-port.ts';
import { type Engine, startHubOn } from '../peers/engines.ts';
import type { RunningHub } from '../peers/running-hub.ts';

export interface DemoHub extends RunningHub {
  /** Address of the insurance company's web application. */
  web: string;
  /** Address of the claims-aware application. */
  claims: string;
  /** Password of the people in the demo tenants. */
  password: string;
}

/** Starts a hub with an empty database. Its samples may need a moment more. */
export async function startDemoHub(engine: Engine): Promise<DemoHub> {
  const [web, api, claims] = [await freePort(), await freePort(), await freePort()];
  const hub = await startHubOn(engine, {
    COUNTERSIGN_DEMO: 'true',
    COUNTERSIGN_SAMPLE_WEB_PORT: String(web),
    COUNTERSIGN_SAMPLE_API_PORT: String(api),
    COUNTERSIGN_SAMPLE_CLAIMS_PORT: String(claims),
  });
  return {
    ...hub,
    web: `http://localhost:${web}`,
    claims: `http://localhost:${claims}`,
    password: readFileSync(path.resolve(hub.authorityFile, '../../demo-password'), 'utf8').trim(),
  };
}
