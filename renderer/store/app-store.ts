import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { AppFacts, UpdateStatus } from '../../shared/app-contract.ts';
import type { Health } from '../../shared/health-contract.ts';

/** The application around the page, and how it is. */
export interface AppState {
  readonly host: AppFacts['host'];
  readonly update: UpdateStatus;
  /** Undefined while nobody has looked. */
  readonly health: Health | undefined;
}

export type AppStore = StoreApi<AppState>;

export function createAppStore(): AppStore {
  return createStore<AppState>()(() => ({
    host: 'web',
    update: { state: 'off', why: 'web' },
    health: undefined,
  }));
}
