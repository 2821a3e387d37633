import type { AnnotatedExchanges, AnnotationChange } from '../../shared/annotation.ts';
import type { BodyFacts, BodyFinding, BodyRows, BodySource, FindInBody } from '../../shared/body-contract.ts';
import type {
  CacheEntry,
  CacheSummary,
  EntriesPage,
  EntriesQuery,
  EntryExchanges,
  EntryId,
  PurgeTarget,
} from '../../shared/cache-contract.ts';
import type { BodyRange, EngineStatus, WhatIfQuestion } from '../../shared/contract.ts';
import type { WhatIfAnswer } from '../../shared/decision.ts';
import type { ExchangeRow } from '../../shared/exchange-view.ts';
import type { MessagePage, MessageRange, PayloadRange } from '../../shared/messages.ts';
import type { ResendOrder, ResentExchange } from '../../shared/resend-contract.ts';
import type { HeldMessage, ReleaseOrder } from '../../shared/rules-contract.ts';
import type { ExchangeField, MatchQuestion } from '../../shared/search-contract.ts';
import type { Settings, SettingsPatch } from '../../shared/settings.ts';
import type { TraceEvent } from '../../shared/trace-event.ts';
import type { SessionShelf } from './session-requests.ts';
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
    readonly annotations: readonly AnnotatedExchanges[];
  };
  page(before: number | undefined, limit: number): Promise<{ rows: ExchangeRow[]; more: boolean }>;
  read(id: number): Promise<TraceEvent[] | undefined>;
  readBody(range: BodyRange): Promise<Uint8Array | undefined>;
  readMessages(range: MessageRange): Promise<MessagePage | undefined>;
  readMessageKinds(range: MessageRange): Promise<Uint8Array | undefined>;
  readMessagePayload(range: PayloadRange): Promise<Uint8Array | undefined>;
  clear(keep: Iterable<number>): number;
  delete(ids: Iterable<number>): number[];
  restoreCleared(): boolean;
  annotate(ids: readonly number[], change: AnnotationChange): void;
  /** Calls `listener` with what is noted about exchanges whenever that changes. */
  onAnnotated(listener: (annotations: readonly AnnotatedExchanges[]) => void): () => void;
}

/** What the contract needs of the cache. What is not stored (any more) is undefined. */
export interface BrowsedCache {
  stats(): CacheSummary;
  entries(query: EntriesQuery): Promise<EntriesPage>;
  entry(id: EntryId): Promise<CacheEntry | undefined>;
  body(id: EntryId, offset: number, length: number): Promise<Uint8Array | undefined>;
  purge(target: PurgeTarget): Promise<{ readonly purged: number; readonly restorable: boolean }>;
  restore(id: EntryId): Promise<boolean>;
  /** Null when nothing stored answers requests like the exchange's. */
  entryOf(exchange: number): Promise<EntryId | null | undefined>;
  exchanges(id: EntryId, limit: number): Promise<EntryExchanges | undefined>;
}

/** Bodies without their content codings. What is not kept (any more) is undefined. */
export interface ReadBodies {
  open(source: BodySource): Promise<BodyFacts | undefined>;
  read(source: BodySource, offset: number, length: number): Promise<Uint8Array | undefined>;
  rows(source: BodySource, from: number, limit: number): Promise<BodyRows | undefined>;
  find(question: FindInBody): Promise<BodyFinding | undefined>;
  /** Lets go of what was decoded. */
  clear(): void;
}

/** What the contract needs to look into exchanges. */
export interface SearchedExchanges {
  match(question: MatchQuestion): Promise<number[] | { readonly problem: string }>;
  fields(ids: readonly number[], fields: readonly ExchangeField[]): Promise<(string | null)[][]>;
}

/** What the contract needs of the exchanges that rules hold. */
export interface HeldTraffic {
  /** Undefined when nothing of the exchange is held. */
  read(id: number): Promise<HeldMessage | undefined>;
  /** Says whether anything was held. Why an order makes no sense is thrown with a code and a sentence. */
  release(id: number, order: ReleaseOrder): boolean;
  /** Says how many went on. */
  releaseAll(): number;
  /** Says whether anybody is connected who can release them. */
  attend(somebody: boolean): void;
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
  readonly cache: BrowsedCache;
  readonly bodies: ReadBodies;
  readonly sessions: SessionShelf;
  readonly search: SearchedExchanges;
  readonly held: HeldTraffic;
  /** Undefined when the exchange is unknown; a sentence when it is not one to ask about. */
  whatIf(question: WhatIfQuestion): Promise<WhatIfAnswer | { readonly unanswerable: string } | undefined>;
  /** Undefined when the exchange is unknown. Why it cannot be sent again is thrown with a code and a sentence. */
  resend(order: ResendOrder): Promise<ResentExchange | undefined>;
}
