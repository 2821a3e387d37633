import type { CacheMode } from '../../shared/decision.ts';
import type { TraceState } from '../store/trace-store.ts';
import type { Theme } from '../store/ui-store.ts';
import { ROW_SETS } from '../views/request-list/row-sets.ts';
import { chooseFiles } from '../views/sessions/choose-files.ts';
import type { CommandAction, CommandActions, CommandContext } from './command-action.ts';

/** What is recorded. */
export const RECORDING_ACTIONS: CommandActions<'recording'> = {
  'recording.toggle': {
    enabled: hasSettings,
    run: ({ inspector: { session, changeSettings } }) => {
      const paused = session.getState().settings?.record.paused === true;
      void changeSettings({ record: { paused: !paused } });
    },
  },
  'recording.clear': {
    enabled: ({ inspector: { trace } }) => trace.getState().counts.total > 0,
    run: ({ inspector }) => void inspector.clearSession(),
  },
  'recording.clearListed': deleteSet('listed', ({ shown }) => shown > 0),
  'recording.clearHidden': deleteSet('hidden', ({ shown, counts }) => shown < counts.total),
  'recording.clearUnmarked': deleteSet('unmarked', ({ counts }) => counts.total > 0),
  'recording.sessions': { run: ({ inspector: { ui } }) => ui.setState({ sessionsOpen: true }) },
  'recording.openFile': { run: ({ inspector }) => chooseFiles(inspector) },
  'recording.samples': { enabled: hasSettings, run: ({ inspector }) => void inspector.sendSamples() },
  'recording.connect': { enabled: hasSettings, run: ({ inspector: { ui } }) => ui.setState({ connectOpen: true }) },
};

export const CACHE_ACTIONS: CommandActions<'cache'> = {
  'cache.off': setMode('off'),
  'cache.shared': setMode('shared'),
  'cache.private': setMode('private'),
  'cache.snapshot': setMode('snapshot'),
  'cache.offline': setMode('offline'),
};

/** How the window looks. */
export const VIEW_ACTIONS: CommandActions<'view'> = {
  'view.system': setTheme('system'),
  'view.light': setTheme('light'),
  'view.dark': setTheme('dark'),
  'view.contrast': {
    run: ({ inspector: { ui } }) =>
      ui.setState(({ contrast }) => ({ contrast: contrast === 'more' ? 'system' : 'more' })),
  },
  'view.density': {
    run: ({ inspector: { ui } }) =>
      ui.setState(({ density }) => ({ density: density === 'compact' ? 'comfortable' : 'compact' })),
  },
};

export const HELP_ACTIONS: CommandActions<'help'> = {
  'help.keys': { run: ({ inspector: { ui } }) => ui.setState({ shortcutsOpen: true }) },
  'help.tour': { run: ({ inspector: { ui } }) => ui.setState({ tourDone: false }) },
};

function deleteSet(set: keyof typeof ROW_SETS, enabled: (trace: TraceState) => boolean): CommandAction {
  return {
    enabled: ({ inspector: { trace } }) => enabled(trace.getState()),
    run: ({ inspector }) => void inspector.deleteRows(ROW_SETS[set](inspector)),
  };
}

function setMode(mode: CacheMode): CommandAction {
  return {
    enabled: (context) => hasSettings(context) && context.inspector.session.getState().settings?.cache.mode !== mode,
    run: ({ inspector }) => void inspector.changeSettings({ cache: { mode } }),
  };
}

function setTheme(theme: Theme): CommandAction {
  return { run: ({ inspector: { ui } }) => ui.setState({ theme }) };
}

function hasSettings({ inspector: { session } }: CommandContext): boolean {
  return session.getState().settings !== undefined;
}
