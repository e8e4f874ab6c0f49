import { loadCommand } from './cli/command.ts';
import { commandList, versionLine } from './cli/front.ts';
import { Misuse, Stop } from './cli/stop.ts';

async function main([name, ...args]: readonly string[]): Promise<number> {
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(await commandList());
    return 0;
  }
  if (name === '--version' || name === 'version') {
    process.stdout.write(versionLine());
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
  if (!(error instanceof Stop)) throw error;
  // Who is to say more is told where all of it stands.
  const helpful = error instanceof Misuse && error.message.startsWith('Say ') ? `./tollwire ${process.argv[2] ?? ''} --help tells all that there is to say.\n` : '';
  process.stderr.write(`tollwire: ${error.message}\n${helpful}`);
  process.exitCode = error.exitCode;
}
