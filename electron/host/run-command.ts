import type { Command } from 'commander';
import { Option } from 'commander';
import type { ClientFacts } from '../../shared/clients-contract.ts';
import type { Shell } from '../launch/client-environment.ts';
import { clientEnvironment, shellLines, SHELLS } from '../launch/client-environment.ts';
import { runClient } from '../launch/run-client.ts';
import type { EngineFlags } from './engine-flags.ts';
import { addEngineFlags, engineOptions } from './engine-flags.ts';
import { withProxy } from './with-proxy.ts';

interface ClientFlags extends EngineFlags {
  readonly direct: readonly string[];
}

/** Adds `hopscope run` and `hopscope env`: programs that use the proxy and trust it, without being told themselves. */
export function addRunCommand(program: Command): void {
  const run = program
    .command('run')
    .description(
      'run a command, or a shell, whose programs use the proxy: the running one, or one for this command alone',
    )
    .argument('[command...]', 'the command with its arguments, after --')
    .passThroughOptions();
  withHosts(addEngineFlags(run)).action((words: readonly string[], flags: ClientFlags, command: Command) =>
    withProxy(engineOptions(flags, command), async (facts) => {
      const { env } = process;
      const shell = env[process.platform === 'win32' ? 'COMSPEC' : 'SHELL'] ?? '/bin/sh';
      const client = { ...env, ...variables(facts, flags.direct, env) };
      process.exitCode = await runClient(words.length === 0 ? [shell] : words, client);
    }),
  );
  const print = program
    .command('env')
    .description('print the lines by which a shell has its programs use the running proxy');
  withHosts(addEngineFlags(print))
    .addOption(new Option('--shell <shell>', 'for which shell').choices(SHELLS).default('sh'))
    .allowExcessArguments(false)
    .action(async (flags: ClientFlags & { shell: Shell }, command: Command) => {
      const { dataDir } = engineOptions(flags, command);
      await withProxy({ dataDir }, (facts) => {
        const lines = shellLines(variables(facts, flags.direct, process.env), flags.shell);
        process.stdout.write(`${lines.join('\n')}\n`);
      });
    });
}

function withHosts(command: Command): Command {
  return command.option('--direct <hosts>', 'hosts reached without the proxy, as in localhost,.example', list, []);
}

function list(text: string): readonly string[] {
  return text.split(',').filter((host) => host !== '');
}

function variables(facts: ClientFacts, noProxy: readonly string[], before: NodeJS.ProcessEnv): Record<string, string> {
  const { url, certificate, bundle, javaStore } = facts;
  return clientEnvironment({ url, authority: certificate, bundle, javaStore, noProxy }, before);
}
