#!/usr/bin/env node
// The command `countersign`: runs the command line on the Node that the repository brings along.
process.argv.splice(2, 0, 'cli/src/main.ts');
await import('../../tools/run.mjs');
