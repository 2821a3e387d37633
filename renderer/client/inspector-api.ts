import type { InspectorApi } from '../../shared/contract.ts';
import { takeSessionToken } from './session-token.ts';
import { WebSocketApi } from './web-socket-api.ts';

declare global {
  interface Window {
    /** Exposed by the desktop host's preload script; absent in a browser. */
    readonly hopscope?: InspectorApi;
  }
}

/** The engine this page belongs to: over IPC in the desktop app, over WebSocket from the page's own host in a browser. */
export function connectInspectorApi(): InspectorApi {
  if (window.hopscope !== undefined) return window.hopscope;
  const { protocol, host } = window.location;
  const scheme = protocol === 'https:' ? 'wss:' : 'ws:';
  return new WebSocketApi(`${scheme}//${host}/ws?token=${encodeURIComponent(takeSessionToken())}`);
}
