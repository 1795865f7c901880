import { COMMAND_TABLE } from './command-table.ts';
import { reportFault, runProgram } from './program.ts';

// `jointgate ... | head` closes our output early; that is no fault of ours and no news to the caller.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit();
    process.exit(reportFault(error, process.env));
  });
}
process.on('uncaughtException', (error) => process.exit(reportFault(error, process.env)));

const exitCode = await runProgram(process.argv.slice(2), COMMAND_TABLE, process.env);
// After a failure nothing may keep the process alive (an open port, a half-read input); what was written goes out first.
if (exitCode !== undefined) process.stdout.write('', () => process.exit(exitCode));
