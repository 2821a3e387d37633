import type { Translate } from '../../i18n/translate.ts';

/** The phases that have a name of their own here. */
const PHASES = [
  'accept',
  'deliver',
  'tunnel',
  'websocket',
  'pac',
  'proxy',
  'connection',
  'dns',
  'connect',
  'tls',
  'send',
  'wait',
  'receive',
  'queue',
  'environ',
  'call',
  'start_response',
  'chunk',
  'close',
  'setup',
  'handle',
  'finish',
  'paused',
  'delayed',
] as const;
type Phase = (typeof PHASES)[number];

function isPhase(phase: string): phase is Phase {
  return PHASES.some((known) => known === phase);
}

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
  delayed: 'paused',
  websocket: 'tunnel',
};

/** The phase as a label, as people know it from browsers' tools. */
export function phaseLabel(t: Translate, phase: string): string {
  return isPhase(phase) ? t(`phases.${phase}`) : phase;
}

/** What happens in the phase, as a sentence; empty for a phase that is not known here. */
export function phaseMeaning(t: Translate, phase: string): string {
  return isPhase(phase) ? t(`phaseMeanings.${phase}`) : '';
}

/** The part of a class name or token that carries the phase's colour. */
export function phaseColour(phase: string): string {
  const colour = LIKE[phase] ?? phase;
  return isPhase(colour) ? colour : 'other';
}
