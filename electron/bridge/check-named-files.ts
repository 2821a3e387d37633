import { accessSync, constants } from 'node:fs';
import type { Settings, SettingsPatch } from '../../shared/settings.ts';
import { readCertificates, readIdentity } from '../engine/upstream/connect/tls-policy.ts';
import { ExchangeError } from '../engine/errors.ts';
import { ContractError } from './contract-error.ts';

/**
 * Says of files and URLs that somebody adds to the settings what is wrong with them, before the first request does. Those
 * that are there already may be on a disk that is not here today.
 *
 * @throws {ContractError} that names the first one that cannot be used.
 */
export function checkNamedFiles(before: Settings, { originTls, upstreams = [] }: SettingsPatch): void {
  const known = new Set(before.originTls.extraCaFiles);
  for (const file of originTls?.extraCaFiles ?? []) if (!known.has(file)) usable(() => readCertificates(file));
  const shown = new Set(before.originTls.clientCertificates.map((one) => JSON.stringify(one)));
  for (const one of originTls?.clientCertificates ?? []) {
    if (!shown.has(JSON.stringify(one))) usable(() => readIdentity(one));
  }
  const scripts = new Set(before.upstreams.map((one) => (one.type === 'pac' ? `${one.from} ${one.source}` : '')));
  for (const one of upstreams) {
    if (one.type === 'pac' && !scripts.has(`${one.from} ${one.source}`)) checkScript(one.from, one.source);
  }
}

function checkScript(from: 'url' | 'file' | 'text', source: string): void {
  if (from === 'url' && !(/^(?:https?|file|data):/i.test(source) && URL.canParse(source))) {
    throw new ContractError('BAD_PARAMS', `${source} is no URL of a script: http://…, https://…, file:// or data:.`);
  }
  if (from !== 'file') return;
  try {
    accessSync(source, constants.R_OK);
  } catch (error) {
    throw new ContractError('BAD_FILE', `${source} cannot be read: ${(error as NodeJS.ErrnoException).code ?? ''}.`);
  }
}

function usable(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    if (error instanceof ExchangeError) throw new ContractError('BAD_FILE', error.detail);
    throw error;
  }
}
