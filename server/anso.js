#!/usr/bin/env node
// Plain JavaScript for any Node: it must still run where TypeScript does not, to say what to do.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module from 'node:module';
import { fileURLToPath } from 'node:url';

const NEEDED = 24;
const own = fileURLToPath(new URL('../node_modules/node/bin/node', import.meta.url));

if (Number(process.versions.node.split('.')[0]) >= NEEDED) {
  // Starts in half the time. Not in the shared temporary folder: what lies there could be anybody's.
  module.enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/anso', import.meta.url)));
  await import('./main.ts');
} else if (existsSync(own)) {
  const child = spawn(own, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    process.exitCode = signal === null ? code : 1;
  });
} else {
  console.error(
    `anso needs Node ${NEEDED} or newer and this is ${process.version}: install it from https://nodejs.org, or run "npm install" in the project, which brings its own.`,
  );
  process.exitCode = 1;
}
