import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { EngineStatus, LinkState } from '../../shared/contract.ts';
import type { Settings } from '../../shared/settings.ts';

/**
 * `lost`: there was a connection, and it is being re-established; `unreachable`: a few attempts have failed; `refused`: the
 * host does not know this page.
 */
export type Connection = 'connecting' | 'open' | 'lost' | 'unreachable' | 'refused';

/** A short message about something the person has just done, or that has just failed. */
export interface Notice {
  readonly id: number;
  /** `busy` goes when what it tells of is over. */
  readonly tone: 'info' | 'busy' | 'error';
  readonly text: string;
  /** What can be done about it, as in Undo; the notice stays longer then. */
  readonly action?: NoticeAction;
  /** How much of it is done, from 0 to 1. */
  readonly done?: number;
}

export interface NoticeAction {
  readonly label: string;
  readonly run: () => void;
  /** It undoes what the notice tells of, and is run by the key for that as well. */
  readonly undoes?: true;
  /** Of these only the newest can be run: it takes the place of the one before. */
  readonly only?: string;
}

/** The engine as a whole: connection, status, settings, and what to tell about them. */
export interface SessionState {
  readonly connection: Connection;
  readonly status: EngineStatus | undefined;
  readonly settings: Settings | undefined;
  readonly notices: readonly Notice[];
  /** Warnings of the status that the person has put away. */
  readonly dismissed: readonly string[];
}

export type SessionStore = StoreApi<SessionState>;

const NOTICES_SHOWN = 3;
/** Attempts that must fail before the page says that the engine cannot be reached: at first, and after a loss. */
const PATIENCE = 4;
const PATIENCE_AFTER_LOSS = 7;

export function createSessionStore(): SessionStore {
  return createStore<SessionState>()(() => ({
    connection: 'connecting',
    status: undefined,
    settings: undefined,
    notices: [],
    dismissed: [],
  }));
}

let lastNotice = 0;

/** Shows `text` until it is dismissed or pushed out; saying the same again replaces it. */
export function notify(store: SessionStore, tone: Notice['tone'], text: string, action?: NoticeAction): void {
  show(store, { tone, text, ...(action === undefined ? {} : { action }) });
}

/** What is told of something that takes its time. */
export interface BusyNotice {
  /** Tells how much is done, from 0 to 1; without it, that nobody knows and that there is no way back any more. */
  readonly progress: (done?: number) => void;
  readonly over: () => void;
}

/** Shows what is being done, until it is said to be over; with `cancel`, beside a way to stop it. */
export function notifyBusy(store: SessionStore, text: string, cancel?: NoticeAction): BusyNotice {
  const id = show(store, { tone: 'busy', text, ...(cancel === undefined ? {} : { action: cancel }) });
  return {
    progress: (done) =>
      store.setState(({ notices }) => ({
        notices: notices.map((notice) => {
          if (notice.id !== id) return notice;
          return done === undefined ? { id, tone: 'busy', text } : { ...notice, done };
        }),
      })),
    over: () => dismissNotice(store, id),
  };
}

function show(store: SessionStore, what: Omit<Notice, 'id'>): number {
  lastNotice++;
  const notice: Notice = { id: lastNotice, ...what };
  store.setState(({ notices }) => ({
    notices: [...notices.filter((other) => !replaces(notice, other)), notice].slice(-NOTICES_SHOWN),
  }));
  return notice.id;
}

function replaces({ text, action }: Notice, before: Notice): boolean {
  return before.text === text || (action?.only !== undefined && before.action?.only === action.only);
}

export function dismissNotice(store: SessionStore, id: number): void {
  store.setState(({ notices }) => ({ notices: notices.filter((notice) => notice.id !== id) }));
}

/** Runs the newest offer to undo something. Says whether there was one. */
export function undoNewest(store: SessionStore): boolean {
  const notice = store.getState().notices.findLast(({ action }) => action?.undoes === true);
  if (notice === undefined) return false;
  dismissNotice(store, notice.id);
  notice.action?.run();
  return true;
}

export function dismissWarning(store: SessionStore, text: string): void {
  store.setState(({ dismissed }) => ({ dismissed: [...dismissed, text] }));
}

/** Turns the transport's states into what people should read: a first attempt, a loss, or nothing there at all. */
export function trackConnection(store: SessionStore): (state: LinkState) => void {
  let wasOpen = false;
  let refused = false;
  let failures = 0;
  return (state) => {
    if (state === 'open') {
      wasOpen = true;
      failures = 0;
      store.setState({ connection: 'open' });
      return;
    }
    if (state !== 'connecting') refused = state === 'refused';
    if (refused) {
      store.setState({ connection: 'refused' });
      return;
    }
    if (state === 'closed') failures++;
    const gaveUp = failures >= (wasOpen ? PATIENCE_AFTER_LOSS : PATIENCE);
    store.setState({ connection: gaveUp ? 'unreachable' : wasOpen ? 'lost' : 'connecting' });
  };
}
