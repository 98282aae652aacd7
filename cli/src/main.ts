// The command line `countersign`.
import { commands } from './commands/index.ts';
import { runCommand } from './run-command.ts';

process.exitCode = await runCommand(
  commands,
  process.argv.slice(2),
  { out: process.stdout, error: process.stderr },
  process.env,
);
