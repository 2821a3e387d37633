import type { DecisionStep } from '../../../shared/decision.ts';
import { EVIDENCE_SIDES, STEP_DECIDES } from './record-format.ts';
import type { SymbolTable } from './symbol-table.ts';
import type { Track } from './track.ts';

/** Adds the steps of a decision; event-decoder.ts reads them. */
export function addSteps(track: Track, symbols: SymbolTable, steps: readonly DecisionStep[]): void {
  track.reserve(1);
  track.addInteger(steps.length);
  for (const step of steps) {
    // One after the other: the fields of a step take room as well.
    track.reserve(8 + 3 * (step.fields?.length ?? 0));
    // Rules and their sources are words of the program; evidence and effect hold what the traffic said.
    track.addSymbol(symbols, step.rule);
    track.addSymbol(symbols, step.source);
    track.addText(step.evidence);
    track.addText(step.effect);
    track.addOptionalText(step.say);
    addStepFacts(track, step);
  }
}

/** What few steps have, in the bits of one number; the fields follow it. */
function addStepFacts(track: Track, { departure, decides, fields }: DecisionStep): void {
  const settles = decides === undefined ? 0 : STEP_DECIDES.indexOf(decides) + 1;
  const count = fields?.length ?? -1;
  track.addInteger(optionalFlag(departure) | (settles << 2) | ((count + 1) << 4));
  if (fields === undefined) return;
  for (const { side, name, directive } of fields) {
    track.addInteger(EVIDENCE_SIDES.indexOf(side));
    track.addText(name);
    track.addOptionalText(directive);
  }
}

/** 0 absent, 1 false, 2 true. */
export function optionalFlag(value: boolean | undefined): number {
  return value === undefined ? 0 : value ? 2 : 1;
}
