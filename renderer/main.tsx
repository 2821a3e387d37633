// Before the views, whose own rules build on these.
import './theme/tokens.css';
import './theme/base.css';
import './theme/controls.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { connectInspectorApi } from './client/inspector-api.ts';
import { trustOwnScripts } from './client/trusted-scripts.ts';
import { createFrameScheduler } from './store/frame-scheduler.ts';
import { createInspector } from './store/inspector.ts';
import { workerPort } from './store/query/row-port.ts';
// Behind the views, over whose own rules these stand.
import './theme/forced-colors.css';

// Served by a development server, the page has no policy that asks for it, and scripts elsewhere.
if (import.meta.env.PROD) trustOwnScripts();

const root = document.querySelector('#root');
if (root === null) throw new Error('The page has no #root element.');

const inspector = createInspector({
  api: connectInspectorApi(),
  schedule: createFrameScheduler(),
  storage: window.localStorage,
  rows: workerPort(),
  languages: navigator.languages,
});

// Not before the texts are there, or the page would be seen in two languages.
await inspector.ready;
createRoot(root).render(
  <StrictMode>
    <App inspector={inspector} />
  </StrictMode>,
);
