import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { Writable } from 'node:stream';
import { test } from 'node:test';
import { type Command, CommandError, exitCodes } from '../src/command.ts';
import { commands as everyCommand } from '../src/commands/index.ts';
import { runCommand } from '../src/run-command.ts';

const commands: Command[] = [
  {
    name: 'tenant list',
    meaning: 'Lists the tenants. Needs the hub.',
    async run({ output }) {
      output.result([{ name: 'contoso', users: 3 }]);
      return undefined;
    },
  },
  {
    name: 'tenant create',
    meaning: 'Makes a tenant.',
    positionals: ['name'],
    options: { domain: { type: 'string', value: 'name', meaning: 'Its first domain.' } },
    async run({ positionals, values, output }) {
      output.note(`making ${positionals[0]}`);
      if (values['domain'] === 'taken') throw new CommandError('The domain taken belongs to somebody else.');
      output.result({ name: positionals[0] });
      return undefined;
    },
  },
];

class Recorder extends Writable {
  text = '';
  readonly isTTY: boolean;
  constructor(isTTY: boolean) {
    super();
    this.isTTY = isTTY;
  }
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

async function run(line: string, isTTY = false) {
  const streams = { out: new Recorder(isTTY), error: new Recorder(isTTY) };
  const code = await runCommand(commands, line.split(' ').filter(Boolean), streams, {});
  return { code, out: streams.out.text, error: streams.error.text };
}

test('a result is a table on a terminal and JSON elsewhere', async () => {
  assert.deepEqual(JSON.parse((await run('tenant list')).out), [{ name: 'contoso', users: 3 }]);
  assert.equal((await run('tenant list', true)).out, 'name     users\n-------  -----\ncontoso  3\n');
  assert.deepEqual(JSON.parse((await run('tenant list --json', true)).out), [{ name: 'contoso', users: 3 }]);
});

test('notes go to the error stream, so that a result can be piped', async () => {
  const { out, error } = await run('tenant create fabrikam');
  assert.equal(error, 'making fabrikam\n');
  assert.deepEqual(JSON.parse(out), { name: 'fabrikam' });
});

test('without a command, all commands are listed', async () => {
  const { code, out } = await run('');
  assert.equal(code, exitCodes.done);
  assert.match(out, /tenant create {2}Makes a tenant/);
});

test('an unknown command, an unknown option and a missing place are refused with the usage', async () => {
  for (const line of ['tenants', 'tenant create x --dommain y', 'tenant create', 'tenant list x']) {
    const { code, error } = await run(line);
    assert.equal(code, exitCodes.usage, line);
    assert.match(error, /Usage: countersign/, line);
  }
});

test('a failure that a person can act on is one sentence', async () => {
  const { code, error } = await run('tenant create x --domain taken');
  assert.equal(code, exitCodes.failed);
  assert.equal(error, 'making x\nThe domain taken belongs to somebody else.\n');
});

test('--help explains a command with its places and options', async () => {
  const { out } = await run('tenant create --help');
  assert.match(out, /^Usage: countersign tenant create <name> \[options\]/);
  assert.match(out, /--domain <name> {2}Its first domain\./);
});

test('npx countersign --help: the program that npm puts on the path lists every command', () => {
  const program = path.resolve(import.meta.dirname, '../bin/countersign.mjs');
  const out = execFileSync(process.execPath, [program, '--help'], { encoding: 'utf8' });
  for (const { name } of everyCommand) assert.ok(out.includes(`  ${name} `), name);
});
