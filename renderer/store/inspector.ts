import type { StoreApi } from 'zustand/vanilla';
import { MOST_NAMED } from '../../shared/contract.ts';
import type { Answer, InspectorApi, ResultOf } from '../../shared/contract.ts';
import type { EntryId, PurgeTarget } from '../../shared/cache-contract.ts';
import type { SettingsPatch } from '../../shared/settings.ts';
import type { Translate } from '../i18n/translate.ts';
import { createLanguageStore, languageFor, speak } from '../i18n/language-store.ts';
import type { LanguageStore } from '../i18n/language-store.ts';
import { speakingApi } from '../i18n/speaking-api.ts';
import { createAppStore } from './app-store.ts';
import type { AppStore } from './app-store.ts';
import { createClients } from './clients-store.ts';
import type { Clients } from './clients-store.ts';
import { FieldValues } from './field-values.ts';
import { ListLines } from './list-lines.ts';
import { DetailLoader } from './detail-store.ts';
import type { DetailState } from './detail-store.ts';
import type { PreferenceStorage } from './preferences.ts';
import { rememberSelection } from './remembered-selection.ts';
import { createSessionStore, notify, trackConnection } from './session-store.ts';
import type { NoticeAction, SessionStore } from './session-store.ts';
import { TraceFeed } from './trace-feed.ts';
import type { Scheduler } from './trace-feed.ts';
import { TraceIndex } from './trace-index.ts';
import { createTraceStore, publishTrace } from './trace-store.ts';
import type { TraceStore } from './trace-store.ts';
import { compare, createUiStore } from './ui-store.ts';
import { Annotations } from './annotations.ts';
import { travelPace } from './travel-pace.ts';
import { ListSearch } from './query/list-search.ts';
import type { RowPort } from './query/row-port.ts';
import type { UiStore } from './ui-store.ts';

/** Rows kept until the engine's own cap is known. */
const DEFAULT_CAP = 100_000;

/** Everything the views work with: the stores, the index, and what can be done. */
export interface Inspector {
  readonly api: InspectorApi;
  readonly index: TraceIndex;
  readonly trace: TraceStore;
  readonly detail: StoreApi<DetailState>;
  readonly session: SessionStore;
  readonly ui: UiStore;
  readonly language: LanguageStore;
  /** What the person has noted about exchanges. */
  readonly annotations: Annotations;
  /** Finds what the list shows. */
  readonly search: ListSearch;
  /** What stands in the list, line by line: exchanges, and groups where they are grouped. */
  readonly lines: ListLines;
  /** Values of header fields, for columns. */
  readonly fields: FieldValues;
  readonly clients: Clients;
  readonly app: AppStore;
  /** Changes settings and returns the engine's answer, for forms that show a refusal in their own place. */
  readonly updateSettings: (patch: SettingsPatch) => Promise<Answer<ResultOf<'settings.update'>>>;
  /** Changes settings; a refusal is shown as a notice. Says whether it worked. */
  readonly changeSettings: (patch: SettingsPatch) => Promise<boolean>;
  readonly clearSession: () => Promise<void>;
  /** Forgets these exchanges, as far as they have ended, and offers to undo it. */
  readonly deleteRows: (ids: readonly number[]) => Promise<void>;
  readonly sendSamples: () => Promise<void>;
  /** Forgets stored responses, says how many, and offers to undo it where that is possible. Says whether it worked. */
  readonly purge: (target: PurgeTarget) => Promise<boolean>;
  /** Reads the selected exchange again. */
  readonly reloadDetail: () => void;
  /** Once the chosen language can be spoken, or a notice says why not. */
  readonly ready: Promise<void>;
  /** Ends every subscription. */
  readonly dispose: () => void;
}

export interface InspectorParts {
  readonly api: InspectorApi;
  readonly schedule: Scheduler;
  readonly storage?: PreferenceStorage;
  /** The way to the thread that keeps the ended rows. */
  readonly rows: RowPort;
  /** The system's languages, the preferred one first. */
  readonly languages?: readonly string[];
}

/** Builds the stores around `api` and connects them: the one place where they know of each other. */
export function createInspector({ api: plainApi, schedule, storage, rows, languages = [] }: InspectorParts): Inspector {
  const language = createLanguageStore();
  const api = speakingApi(plainApi, language);
  const trace = createTraceStore();
  const annotations = new Annotations((ids, change) => {
    for (let from = 0; from < ids.length; from += MOST_NAMED) {
      void api.request('exchanges.annotate', { ids: ids.slice(from, from + MOST_NAMED), change }).then((answer) => {
        if (!answer.ok) notify(session, 'error', answer.error.message);
      });
    }
  });
  const listed = (): void => publishTrace(trace, index);
  const search = new ListSearch({ api, port: rows, annotations, listed });
  const index = new TraceIndex(DEFAULT_CAP, search);
  search.attach(index);
  const lines = new ListLines(index);
  const session = createSessionStore();
  const ui = createUiStore(storage);
  const app = createAppStore();
  const clients = createClients(api, session, language);
  const restoreSelection = rememberSelection(ui, storage);
  const detail = new DetailLoader(api);
  const showDetail = travelPace((id) => detail.select(id));
  const fields = new FieldValues(api, (message) => notify(session, 'error', message));
  const feed = new TraceFeed(api, index, schedule, {
    settled(now) {
      publishTrace(trace, index, now);
      detail.publish();
    },
    snapshotTaken: ({ status, settings, firstId, lastId, annotations: kept }) => {
      // Times and numbers of another engine are other ones.
      if (status.epoch !== session.getState().status?.epoch) ui.setState({ timeRange: null, compareGroup: [] });
      session.setState({ status, settings });
      annotations.adopt(kept);
      fields.adopt(status.epoch);
      if (ui.getState().selectedId !== null) detail.reload();
      restoreSelection({ epoch: status.epoch, has: (id) => id >= firstId && id <= lastId });
    },
    cleared() {
      const { selectedId, selection, compareGroup } = ui.getState();
      if (compareGroup.some((id) => index.get(id) === undefined))
        ui.setState({ compareGroup: compareGroup.filter((id) => index.get(id) !== undefined) });
      if (selectedId !== null && index.get(selectedId) === undefined) ui.setState({ selectedId: null });
      else if ([...selection].some((id) => index.get(id) === undefined)) {
        ui.setState({ selection: new Set([...selection].filter((id) => index.get(id) !== undefined)) });
      }
    },
    event: (event) => detail.take(event),
    failed: (message) => notify(session, 'error', message),
  });

  const changeLanguage = async (): Promise<void> => {
    await speak(language, languageFor(ui.getState().language, languages)).catch((error: unknown) => {
      notify(session, 'error', language.getState().t('notices.languageFailed', { reason: String(error) }));
    });
  };
  const ready = changeLanguage();

  const wish = (): void => {
    const { filter, sort, timeRange } = ui.getState();
    search.run({ filter, sort, range: timeRange ?? undefined });
  };
  wish();

  const ends = [
    api.onConnection(trackConnection(session)),
    api.on('status.changed', (status) => session.setState({ status })),
    api.on('systemProxy.changed', (systemProxy) => clients.store.setState({ systemProxy })),
    api.on('exchanges.annotated', ({ annotations: some }) => annotations.take(some)),
    api.on('settings.changed', (settings) => session.setState({ settings })),
    ui.subscribe((state, before) => {
      if (state.selectedId !== before.selectedId) {
        showDetail(state.selectedId);
        const { compareWith, selectedId } = state;
        if (compareWith !== null && selectedId !== null && selectedId !== compareWith)
          compare(ui, compareWith, selectedId);
      }
      if (state.language !== before.language) void changeLanguage();
      if (state.filter !== before.filter || state.sort !== before.sort || state.timeRange !== before.timeRange) wish();
    }),
    annotations.store.subscribe(({ changed }) => {
      index.touch(changed);
      index.settle();
      listed();
    }),
    lines.follow(trace, ui),
    feed.start(),
  ];
  return {
    ...{
      api,
      index,
      trace,
      detail: detail.store,
      session,
      ui,
      language,
      annotations,
      search,
      lines,
      fields,
      clients,
      app,
      ready,
    },
    ...createActions(api, session, annotations, () => language.getState().t),
    reloadDetail: () => detail.reload(),
    dispose: () => {
      ends.forEach((end) => end());
      search.close();
    },
  };
}

type Actions = Pick<
  Inspector,
  'updateSettings' | 'changeSettings' | 'clearSession' | 'deleteRows' | 'sendSamples' | 'purge'
>;

function createActions(
  api: InspectorApi,
  session: SessionStore,
  annotations: Annotations,
  /** The translator of this moment. */
  translate: () => Translate,
): Actions {
  const tell = (answer: Answer<unknown>): void => {
    if (!answer.ok) notify(session, 'error', answer.error.message);
  };
  const updateSettings: Inspector['updateSettings'] = async (patch) => {
    const answer = await api.request('settings.update', { patch });
    if (answer.ok) session.setState({ settings: answer.value });
    return answer;
  };
  const restore = async (id: EntryId): Promise<void> => {
    const answer = await api.request('cache.restore', { id });
    tell(answer);
    if (answer.ok) notify(session, 'info', translate()('notices.entryBack'));
  };
  const undoClear = async (): Promise<void> => {
    const answer = await api.request('session.restore', undefined);
    tell(answer);
    if (answer.ok && !answer.value.restored) notify(session, 'error', translate()('notices.clearedGone'));
  };
  // What was cleared or deleted last comes back, nothing before that.
  const undoOfClear = (t: Translate): NoticeAction => ({
    ...{ label: t('notices.undo'), run: () => void undoClear(), only: 'clear', undoes: true },
  });
  return {
    updateSettings,
    async changeSettings(patch) {
      const answer = await updateSettings(patch);
      tell(answer);
      return answer.ok;
    },
    async clearSession() {
      const answer = await api.request('session.clear', { keep: annotations.pinned().slice(0, MOST_NAMED) });
      tell(answer);
      const t = translate();
      const undo = undoOfClear(t);
      if (answer.ok) notify(session, 'info', t('notices.cleared'), undo);
    },
    async deleteRows(ids) {
      const t = translate();
      if (ids.length === 0) return notify(session, 'info', t('notices.nothingToDelete'));
      if (ids.length > MOST_NAMED) return notify(session, 'info', t('notices.deleteFewer', { count: MOST_NAMED }));
      const answer = await api.request('exchanges.delete', { ids });
      tell(answer);
      if (!answer.ok) return;
      const { deleted } = answer.value;
      const undo = undoOfClear(t);
      if (deleted === 0) notify(session, 'info', t('notices.deletedNothing'));
      else notify(session, 'info', t('notices.deleted', { count: deleted }), undo);
    },
    async sendSamples() {
      tell(await api.request('sample.send', undefined));
    },
    async purge(target) {
      const answer = await api.request('cache.purge', target);
      tell(answer);
      if (!answer.ok) return false;
      const { purged, restorable } = answer.value;
      const t = translate();
      const undo =
        'id' in target && restorable
          ? { label: t('notices.undo'), run: () => void restore(target.id), undoes: true as const }
          : undefined;
      notify(session, 'info', purgedWords(t, purged), undo);
      return true;
    },
  };
}

function purgedWords(t: Translate, purged: number): string {
  return purged === 0 ? t('notices.purgedNothing') : t('notices.purged', { count: purged });
}
