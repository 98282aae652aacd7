import { spawn } from 'node:child_process';

/** Runs one command with its output shown, and says whether it succeeded. */
export async function run(command: string, parameters: string[], env: NodeJS.ProcessEnv = {}): Promise<boolean> {
  console.log(`\n> ${[command, ...parameters].join(' ')}`);
  const child = spawn(command, parameters, { stdio: 'inherit', env: { ...process.env, ...env } });
  return new Promise((resolve) => {
    child.on('error', (error) => {
      console.error(`${command} did not start: ${error.message}`);
      resolve(false);
    });
    child.on('exit', (code) => resolve(code === 0));
  });
}
