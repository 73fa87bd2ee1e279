/**
 * Writes a capture of a load to a file or a named pipe.
 *
 *   npx tsx bench/generate-run.ts LOAD MEGABYTES FILE [SEED]
 *   npx tsx bench/generate-run.ts many-open CONNECTIONS FILE [SEED]
 */
import { writeCaptureFile } from './capture-writer.js';
import { generate } from './generate.js';
import { LOADS } from './loads.js';

function main([name, size, file, seed = '1']: string[]): void {
  const load = LOADS.find((known) => known === name);
  if (load === undefined || !(Number(size) > 0) || file === undefined) {
    process.stderr.write(
      'usage: tsx bench/generate-run.ts bulk|commands|mixed MEGABYTES FILE [SEED]\n' +
        '       tsx bench/generate-run.ts many-open CONNECTIONS FILE [SEED]\n',
    );
    process.exitCode = 2;
    return;
  }
  const started = process.hrtime.bigint();
  const wanted = { load, size: Number(size) * (load === 'many-open' ? 1 : 1e6), seed: Number(seed) };
  const made = writeCaptureFile(file, (output) => generate(wanted, output));
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  process.stdout.write(
    `${file}: ${made.bytes} bytes, ${made.packets} packets, ${made.sessions} connections, ${(made.bytes / 1e6 / seconds).toFixed(0)} MB/s\n`,
  );
}

main(process.argv.slice(2));
