import { existsSync } from 'node:fs';
import { openLog } from '../../http/index.ts';
import type { ServerProcess } from '../../jobs/index.ts';
import { readSettings, type Settings, SettingsError } from '../../settings/index.ts';
import {
  databaseTime,
  type Engine,
  formOf,
  newSealingKey,
  openStorage,
  readSealingKeyFile,
  type Sealing,
  SealingKeyError,
  type Storage,
  sealingWith,
} from '../../storage/index.ts';
import type { Command } from '../command.ts';
import { explainFailure } from '../exit-codes.ts';
import { twoColumns } from '../layout.ts';
import { databaseFile, needsDataFolder, openEngine } from '../open-hub.ts';
import { readParameters } from '../parameters.ts';
import { examineCertificate } from './certificate.ts';
import { examineDatabase, examineSealingKey, examineServers, examineSigningKeys, serversHere } from './database.ts';
import { type Finding, problem, type Report } from './finding.ts';
import { examineClock, examineDataFolder, examineDiskSpace, examinePort } from './machine.ts';

/** Looks at everything that the hub needs, and changes nothing. */
export const doctor: Command = {
  name: 'doctor',
  parameters: '[--json]',
  meaning:
    'Check settings, files, clock, database, keys, certificate and port, and say what to do. Ends with 1 when there is a problem.',
  async run({ parameters, environment, streams }) {
    const { values } = readParameters(parameters, { json: { type: 'boolean' } });
    const reports = await examineAll(environment, new Date());
    streams.out.write(values.json ? `${JSON.stringify(reports)}\n` : `${inWords(reports, streams.out.columns)}\n`);
    return reports.some(({ findings }) => findings.some(({ state }) => state === 'problem')) ? 1 : 0;
  },
};

interface Patient {
  settings: Settings;
  now: Date;
}

interface PatientWithDatabase extends Patient {
  engine: Engine;
  sealing: Sealing;
  storage: Storage;
  servers: ServerProcess[];
}

type Examinations<Whom> = Readonly<Record<string, (whom: Whom) => Finding[] | Promise<Finding[]>>>;

const machine: Examinations<Patient> = {
  'data folder': ({ settings }) => (needsDataFolder(settings) ? examineDataFolder(settings.dataFolder) : []),
  'disk space': ({ settings }) => (needsDataFolder(settings) ? examineDiskSpace(settings.dataFolder) : []),
  certificate: ({ settings, now }) => examineCertificate(settings, now),
};

const insideDatabase: Examinations<PatientWithDatabase> = {
  clock: async ({ engine, storage, now }) => {
    const hubTenantId = await storage.read.setup.hubTenantId();
    const [last] = hubTenantId === undefined ? [] : await storage.read.audit.list(hubTenantId, {}, 1);
    return examineClock(now, await databaseTime(engine), last?.at);
  },
  'sealing key': ({ engine, sealing }) => examineSealingKey(engine, sealing),
  'signing keys': ({ storage, now }) => examineSigningKeys(storage, now),
  servers: ({ servers }) => examineServers(servers),
  port: ({ settings, servers }) => examinePort(settings, serversHere(servers)),
};

async function examineAll(environment: Readonly<Record<string, string | undefined>>, now: Date): Promise<Report[]> {
  try {
    const patient = { settings: readSettings(environment), now };
    return [...(await examine(machine, patient)), ...(await examineWithDatabase(patient))];
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return [{ name: 'settings', findings: error.message.split('\n').map(problem) }];
  }
}

async function examineWithDatabase(patient: Patient): Promise<Report[]> {
  const { settings } = patient;
  const file = databaseFile(settings);
  if (file !== undefined && !existsSync(file)) {
    return [{ name: 'database', findings: [problem(`There is no ${file} yet: start the server once.`)] }];
  }
  let engine: Engine | undefined;
  try {
    engine = openEngine(settings, openLog('silent'));
    const database = { name: 'database', findings: await examineDatabase(engine) };
    // What the tables of another form mean, this version cannot know.
    if ((await formOf(engine)) !== 'current') return [database];
    const sealing = sealingWith(settings.sealingKey ?? keptSealingKey(settings), settings.previousSealingKeys);
    const storage = openStorage(engine, sealing);
    const servers = await storage.read.processes.listAlive();
    return [database, ...(await examine(insideDatabase, { ...patient, engine, sealing, storage, servers }))];
  } catch (error) {
    return [{ name: 'database', findings: [problem(explainFailure(engine ? engine.explain(error) : error).text)] }];
  } finally {
    await engine?.close();
  }
}

/** The key in the data folder; when it is missing or broken, one that opens nothing, as the examination will tell. */
function keptSealingKey({ dataFolder }: Settings): string {
  try {
    return readSealingKeyFile(dataFolder) ?? newSealingKey();
  } catch (error) {
    if (error instanceof SealingKeyError) return newSealingKey();
    throw error;
  }
}

/** What cannot even be looked at is a problem, and no reason to stop. */
async function examine<Whom>(examinations: Examinations<Whom>, whom: Whom): Promise<Report[]> {
  const reports: Report[] = [];
  for (const [name, look] of Object.entries(examinations)) {
    try {
      reports.push({ name, findings: await look(whom) });
    } catch (error) {
      reports.push({ name, findings: [problem(explainFailure(error).text)] });
    }
  }
  return reports.filter(({ findings }) => findings.length > 0);
}

const marks: Readonly<Record<Finding['state'], string>> = { ok: 'ok', warning: 'look', problem: 'BAD' };

function inWords(reports: Report[], width?: number): string {
  const rows = reports.flatMap(({ name, findings }) =>
    findings.map(({ state, text }): [string, string] => [`${marks[state].padEnd(4)}  ${name}`, text]),
  );
  return twoColumns(rows, width);
}
