// The server program. What it can be asked for stands in main/, and so does the wiring.
import { runCommandLine } from './main/index.ts';

process.exitCode = await runCommandLine({
  parameters: process.argv.slice(2),
  environment: process.env,
  streams: { out: process.stdout, error: process.stderr },
});
