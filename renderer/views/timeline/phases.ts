/** Phase names as people know them from browsers' tools, with what each one is. */
const PHASES: Readonly<Record<string, readonly [label: string, meaning: string]>> = {
  accept: ['Accept', 'The request head arrived and was parsed.'],
  deliver: ['Deliver', 'The response was sent to the client.'],
  tunnel: ['Tunnel', 'Bytes passed both ways, unread.'],
  websocket: ['WebSocket', 'Frames passed both ways; the list of messages shows them.'],
  pac: ['PAC script', 'A script was asked which proxies lead to the URL.'],
  proxy: ['Proxy', 'The proxy on the way was asked for a connection to the server.'],
  connection: ['Connection', 'Waited for a connection to the upstream, or took one that was open.'],
  dns: ['DNS lookup', "The upstream's name was resolved."],
  connect: ['Connect', 'A TCP connection to the upstream was opened.'],
  tls: ['TLS', 'The connection was secured: certificates were shown and keys agreed on.'],
  send: ['Request sent', 'The request was written to the upstream.'],
  wait: ['Waiting', "Waited for the upstream's answer to begin."],
  receive: ['Download', "The upstream's body arrived."],
  queue: ['Queue', 'Waited for a free worker of the application.'],
  environ: ['environ', 'The worker read the request and prepared the environ.'],
  call: ['Call', 'The application was called and returned its result.'],
  start_response: ['start_response', 'The application gave status and fields.'],
  chunk: ['Chunk', 'The application made a piece of the body.'],
  close: ['close', 'The application cleaned up after its answer.'],
  setup: ['setup', 'The handler prepared itself.'],
  handle: ['handle', 'The handler worked, or waited for the handlers inside it.'],
  finish: ['finish', 'The handler cleaned up after the response was delivered, failed or was aborted.'],
};

/** Phases that have the colour of another that is alike; those inside an application, of what they are to a server. */
const LIKE: Readonly<Record<string, string>> = {
  pac: 'dns',
  proxy: 'connect',
  queue: 'connection',
  environ: 'send',
  call: 'wait',
  start_response: 'other',
  chunk: 'receive',
  close: 'finish',
};

/** The phase as a label. */
export function phaseLabel(phase: string): string {
  return PHASES[phase]?.[0] ?? phase;
}

/** What happens in the phase, as a sentence; empty for a phase that is not known here. */
export function phaseMeaning(phase: string): string {
  return PHASES[phase]?.[1] ?? '';
}

/** The part of a class name or token that carries the phase's colour. */
export function phaseColour(phase: string): string {
  const colour = LIKE[phase] ?? phase;
  return Object.hasOwn(PHASES, colour) ? colour : 'other';
}
