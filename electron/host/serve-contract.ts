import { messageOf } from '../../shared/message-of.ts';
import { ContractError } from '../bridge/contract-error.ts';
import type { ContractOptions } from '../bridge/contract-server.ts';
import { ContractServer } from '../bridge/contract-server.ts';
import { sendSampleTraffic } from '../demo/sample-traffic.ts';
import type { Engine } from '../engine/engine.ts';
import type { ClientsHost } from '../bridge/clients-requests.ts';

/** Serves an engine's contract to whatever transports a host has. @param log takes one sentence for people.
 * @param around what there is besides the engine. */
export function serveContract(
  engine: Engine,
  clients: ClientsHost,
  log: (sentence: string) => void,
  around: Pick<ContractOptions, 'app' | 'health'>,
): ContractServer {
  return new ContractServer(engine, {
    ...around,
    sendSample: () => sendSample(engine),
    clients,
    onError: (error, request) => log(`"${request}" failed: ${messageOf(error)}`),
  });
}

function sendSample({ settings, status, ownCredentials }: Engine): Promise<number> {
  const { proxyUrl } = status;
  if (proxyUrl === undefined) throw new ContractError('NOT_LISTENING', 'The proxy does not listen at the moment.');
  if (settings.activeUpstream !== 'demo') {
    // The samples are requests to the proxy itself: they must not end up at somebody's real server.
    throw new ContractError('NOT_DEMO', 'The samples are made for the demo site: choose it as the upstream first.');
  }
  return sendSampleTraffic(proxyUrl, { 'Proxy-Authorization': ownCredentials });
}
