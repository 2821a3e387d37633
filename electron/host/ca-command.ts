import { spawnSync } from 'node:child_process';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { Option } from 'commander';
import { authorityDirectory, authorityFile, protectedCertificate } from '../engine/tls/authority-files.ts';
import { toDer, toMobileProfile } from '../engine/tls/authority-formats.ts';
import type { CertificateAuthority } from '../engine/tls/certificate-authority.ts';
import { openAuthority } from '../engine/tls/certificate-authority.ts';
import { writeWhole } from '../engine/write-whole.ts';
import type { Step, TrustPlatform, TrustStore, TrustTarget } from './ca-trust.ts';
import { formatStep, installSteps, TRUST_PLATFORMS, uninstallSteps } from './ca-trust.ts';
import { defaultDataDirectory, directory, makeDataDirectory } from './data-directory.ts';
import { outputFile, writeOutput } from './output-file.ts';
import { trustTarget } from './trust-here.ts';

interface AuthorityFlags {
  readonly dataDir: string;
  readonly caDir?: string;
}

interface ExportFlags extends AuthorityFlags {
  readonly format: 'pem' | 'der' | 'mobileconfig';
  readonly output?: string;
}

interface TrustFlags extends AuthorityFlags {
  readonly print: boolean;
  readonly platform?: TrustPlatform;
  readonly store: 'all' | TrustStore;
  readonly nssdb: string;
}

/** Adds `hopscope ca …`: the certificate authority for people, outside of a running proxy. */
export function addCaCommand(program: Command): void {
  const ca = program.command('ca').description('the certificate authority that intercepted TLS is signed by');
  withAuthority(ca.command('path'))
    .description('print where its certificate lies, and make it if there is none')
    .action(async (flags: AuthorityFlags) => void process.stdout.write(`${(await open(flags)).file}\n`));
  withAuthority(ca.command('export'))
    .description('write its certificate')
    .addOption(new Option('--format <format>', 'how').choices(['pem', 'der', 'mobileconfig']).default('pem'))
    .option('-o, --output <file>', 'where (default: standard output)', outputFile)
    .action(exportCertificate);
  withTrust(ca.command('install'))
    .description('have it trusted by this system')
    .action((flags: TrustFlags, command: Command) => changeTrust(installSteps, flags, command));
  withTrust(ca.command('uninstall'))
    .description('end the trust again')
    .action((flags: TrustFlags, command: Command) => changeTrust(uninstallSteps, flags, command));
}

function withAuthority(command: Command): Command {
  return command
    .option('--data-dir <directory>', 'where settings and recordings are kept', directory, defaultDataDirectory())
    .option('--ca-dir <directory>', 'where the authority is kept (default: "ca" in the data directory)', directory)
    .allowExcessArguments(false);
}

function withTrust(command: Command): Command {
  return withAuthority(command)
    .option('--print', 'only print the exact commands', false)
    .addOption(new Option('--platform <platform>', 'print those of another system').choices(TRUST_PLATFORMS))
    .addOption(new Option('--store <store>', 'Linux: which store').choices(['all', 'system', 'nss']).default('all'))
    .option('--nssdb <directory>', "Linux: Chromium's database", join(homedir(), '.pki', 'nssdb'));
}

/** The certificate and its file. The key, which may be the desktop app's alone, is not needed here. */
async function open({ dataDir, caDir }: AuthorityFlags): Promise<Pick<CertificateAuthority, 'certificate' | 'file'>> {
  const directory = resolve(caDir ?? authorityDirectory(dataDir));
  makeDataDirectory(directory, caDir === undefined ? '--data-dir' : '--ca-dir');
  const certificate = await protectedCertificate(directory);
  return certificate === undefined ? openAuthority(directory) : { certificate, file: authorityFile(directory) };
}

async function exportCertificate(flags: ExportFlags): Promise<void> {
  const { certificate } = await open(flags);
  const { format, output } = flags;
  const content = format === 'pem' ? certificate : format === 'der' ? toDer(certificate) : toMobileProfile(certificate);
  if (output === undefined) process.stdout.write(content);
  else
    await writeOutput(output, (path, signal) =>
      writeWhole(path, (file) => pipeline([content], file), { mode: 0o666, signal }),
    );
}

async function changeTrust(plan: (target: TrustTarget) => Step[], flags: TrustFlags, command: Command): Promise<void> {
  const platform = flags.platform ?? ownPlatform(command);
  if (!flags.print && platform !== process.platform) {
    command.error(`hopscope: this is not ${platform}; add --print to see what would be done there`);
  }
  const steps = plan(await targetOf(flags, platform));
  if (flags.print) {
    for (const step of steps) process.stdout.write(`${formatStep(step, platform)}\n`);
  } else {
    for (const step of steps) run(step, platform);
  }
}

async function targetOf(flags: TrustFlags, platform: TrustPlatform): Promise<TrustTarget> {
  const { store, nssdb } = flags;
  return trustTarget(await open(flags), platform, store === 'all' ? ['system', 'nss'] : [store], nssdb);
}

function ownPlatform(command: Command): TrustPlatform {
  const own = TRUST_PLATFORMS.find((platform) => platform === process.platform);
  return own ?? command.error(`hopscope: the trust store of ${process.platform} is not known here`);
}

/** Runs a step in the terminal, because it may ask for a password; says what it runs. */
function run(step: Step, platform: TrustPlatform): void {
  const { command, args, optional } = step;
  process.stderr.write(`${formatStep(step, platform)}\n`);
  const { status, error } = spawnSync(command, args, { stdio: 'inherit' });
  if (error !== undefined) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const help =
      missing && command === 'certutil' ? ' (it comes with libnss3-tools or nss-tools; or add --store system)' : '';
    throw new Error(missing ? `${command} is not installed${help}` : `${command} could not be run: ${error.message}`);
  }
  if (status !== 0 && optional !== true) throw new Error(`${command} failed with exit code ${String(status)}`);
}
