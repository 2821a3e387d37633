import type { BodyRange, CacheStats, EngineStatus, WhatIfQuestion } from '../../shared/contract.ts';
import type { WhatIfAnswer } from '../../shared/decision.ts';
import type { ExchangeRow } from '../../shared/exchange-view.ts';
import type { Settings, SettingsPatch } from '../../shared/settings.ts';
import type { TraceEvent } from '../../shared/trace-event.ts';
import type { TraceSource } from './trace-publisher.ts';

/** What the contract needs of the recorder. */
export interface RecordingSource extends TraceSource {
  snapshot(): {
    readonly seq: number;
    readonly now: number;
    readonly running: readonly ExchangeRow[];
    readonly firstId: number;
    readonly lastId: number;
    readonly evicted: number;
  };
  page(before: number | undefined, limit: number): Promise<{ rows: ExchangeRow[]; more: boolean }>;
  read(id: number): Promise<TraceEvent[] | undefined>;
  readBody(range: BodyRange): Promise<Uint8Array | undefined>;
  clear(): number;
}

/** The engine as the contract serves it; the engine's facade fits. */
export interface EngineHost {
  readonly status: EngineStatus;
  readonly settings: Settings;
  readonly recorder: RecordingSource;
  /** @throws when the settings would not be valid. */
  updateSettings(patch: SettingsPatch): Settings;
  onSettings(listener: (settings: Settings) => void): () => void;
  onStatus(listener: (status: EngineStatus) => void): () => void;
  cacheStats(): CacheStats;
  purge(key?: string): Promise<number>;
  /** Undefined when the exchange is unknown; a sentence when it is not one to ask about. */
  whatIf(question: WhatIfQuestion): Promise<WhatIfAnswer | { readonly unanswerable: string } | undefined>;
}
