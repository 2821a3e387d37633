import type { InspectorApi } from '../../shared/contract.ts';
import type { LanguageStore } from './language-store.ts';

/** The same contract, whose refusals speak the chosen language: whoever shows one need not think of it. */
export function speakingApi(api: InspectorApi, language: LanguageStore): InspectorApi {
  return {
    async request(name, params) {
      const answer = await api.request(name, params);
      if (answer.ok) return answer;
      const { code, message } = answer.error;
      return { ok: false, error: { code, message: language.getState().t.said(message) } };
    },
    on: (name, listener) => api.on(name, listener),
    onConnection: (listener) => api.onConnection(listener),
  };
}
