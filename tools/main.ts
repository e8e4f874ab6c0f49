import { commandGroups, loadCommand } from './cli/command.ts';
import { paint } from './cli/paint.ts';
import { Stop } from './cli/stop.ts';

async function list(): Promise<void> {
  process.stdout.write(`${paint('bold', './tollwire <command>')}   (each takes --help)\n`);
  for (const { heading, names } of commandGroups()) {
    if (names.length === 0) continue;
    process.stdout.write(`\n${heading}\n`);
    for (const name of names) {
      const { summary } = await loadCommand(name);
      process.stdout.write(`  ${paint('cyan', name.padEnd(13))} ${summary}\n`);
    }
  }
}

async function main([name, ...args]: readonly string[]): Promise<number> {
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    await list();
    return 0;
  }
  const command = await loadCommand(name);
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(`${command.summary}\n\n${command.help.trim()}\n`);
    return 0;
  }
  const result = await command.run(args);
  return typeof result === 'number' ? result : 0;
}

/** parseArgs says in plain words what it did not understand. */
function isUsageError(error: unknown): error is Error {
  return error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}

// Whoever reads the output may have seen enough, as head has.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

// The front door's own: servers and tests that it starts compile for themselves.
delete process.env['NODE_COMPILE_CACHE'];

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Stop || isUsageError(error))) throw error;
  process.stderr.write(`tollwire: ${error.message}\n`);
  process.exitCode = error instanceof Stop ? error.exitCode : 2;
}
