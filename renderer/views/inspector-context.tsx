import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { Translate } from '../i18n/translate.ts';
import type { AppState } from '../store/app-store.ts';
import type { ClientsState } from '../store/clients-store.ts';
import type { DetailState } from '../store/detail-store.ts';
import type { Inspector } from '../store/inspector.ts';
import type { SessionState } from '../store/session-store.ts';
import type { TraceState } from '../store/trace-store.ts';
import type { UiState } from '../store/ui-store.ts';

const InspectorContext = createContext<Inspector | undefined>(undefined);

export const InspectorProvider = InspectorContext.Provider;

/** The inspector that this page shows. */
export function useInspector(): Inspector {
  const inspector = useContext(InspectorContext);
  if (inspector === undefined) throw new Error('useInspector needs an InspectorProvider above it.');
  return inspector;
}

/** Makes the texts of the chosen language; the component is drawn again when another one is chosen. */
export function useT(): Translate {
  return useStore(useInspector().language, (state) => state.t);
}

/** A value of the trace's state, or of the index, which changes only with that state. */
export function useTrace<T>(selector: (state: TraceState) => T): T {
  return useStore(useInspector().trace, selector);
}

export function useUi<T>(selector: (state: UiState) => T): T {
  return useStore(useInspector().ui, selector);
}

export function useSession<T>(selector: (state: SessionState) => T): T {
  return useStore(useInspector().session, selector);
}

export function useDetail<T>(selector: (state: DetailState) => T): T {
  return useStore(useInspector().detail, selector);
}

export function useApp<T>(selector: (state: AppState) => T): T {
  return useStore(useInspector().app, selector);
}

export function useClients<T>(selector: (state: ClientsState) => T): T {
  return useStore(useInspector().clients.store, selector);
}
