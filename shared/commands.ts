/** What a command is about: the headings of the keyboard sheet, and roughly the menus of an application. */
export const COMMAND_SECTIONS = [
  'go',
  'list',
  'filter',
  'details',
  'rules',
  'recording',
  'cache',
  'view',
  'help',
] as const;
export type CommandSection = (typeof COMMAND_SECTIONS)[number];

export interface CommandFacts {
  readonly section: CommandSection;
  /** What it does, in English. */
  readonly title: string;
  /**
   * The keys that run it, the usual ones first: names as in `KeyboardEvent.key`, letters in lower case, joined by `+`.
   * `Mod` is Command on a Mac and Control elsewhere. What has neither `Mod` nor is a function key belongs to the page
   * alone: a menu may show it and must not register it, since it would be taken from whoever is typing.
   */
  readonly keys?: readonly string[];
}

/**
 * Every command of the interface. Palette, keyboard sheet, tooltips, menus and the dispatch of keys all read this one table, and
 * renderer/commands/ says what each does and when it can be done.
 */
export const COMMANDS = {
  'go.traffic': { section: 'go', title: 'Traffic', keys: ['t', 'Mod+1'] },
  'go.cache': { section: 'go', title: 'Cache: what is stored', keys: ['c', 'Mod+2'] },
  'go.cacheRules': { section: 'go', title: 'Cache: rules of your own' },
  'go.rules': { section: 'go', title: 'Rules: answer, redirect, change, pause requests', keys: ['m', 'Mod+3'] },
  'go.routing': { section: 'go', title: 'Routing: upstreams, routes, proxies and TLS', keys: ['r', 'Mod+4'] },
  'go.settings': { section: 'go', title: 'Settings', keys: ['Mod+,', 'Mod+5'] },
  'go.palette': { section: 'go', title: 'Find a command, a page, a request…', keys: ['Mod+k'] },
  'go.nextRegion': { section: 'go', title: 'Next part of the window', keys: ['F6'] },
  'go.previousRegion': { section: 'go', title: 'Previous part of the window', keys: ['Shift+F6'] },
  'go.back': { section: 'go', title: 'Step back: to the list, then close the details', keys: ['Escape'] },

  'list.next': { section: 'list', title: 'Next row', keys: ['j', 'ArrowDown'] },
  'list.previous': { section: 'list', title: 'Previous row', keys: ['k', 'ArrowUp'] },
  'list.pageDown': { section: 'list', title: 'A screen down', keys: ['PageDown'] },
  'list.pageUp': { section: 'list', title: 'A screen up', keys: ['PageUp'] },
  'list.first': { section: 'list', title: 'First row', keys: ['Home'] },
  'list.last': { section: 'list', title: 'Last row', keys: ['End'] },
  'list.selectAll': { section: 'list', title: 'Select all that are listed', keys: ['Mod+a'] },
  'list.pin': { section: 'list', title: 'Pin or unpin: pinned requests survive a clear', keys: ['p'] },
  'list.strike': { section: 'list', title: 'Strike out, or take the line away', keys: ['-'] },
  'list.copyUrl': { section: 'list', title: 'Copy the URL', keys: ['u'] },
  'list.copyCurl': { section: 'list', title: 'Copy as cURL', keys: ['Shift+u'] },
  'list.resend': { section: 'list', title: 'Send again', keys: ['Shift+r'] },
  'list.editResend': { section: 'list', title: 'Edit and send again…', keys: ['e'] },
  'list.repeat': { section: 'list', title: 'Send again several times…', keys: ['Shift+e'] },
  'list.copyRows': { section: 'list', title: 'Copy all columns', keys: ['Shift+c'] },
  'list.exportHar': { section: 'list', title: 'Export the selected as HAR…' },
  'list.createRule': { section: 'list', title: 'Create a cache rule for this URL…' },
  'list.selectParent': { section: 'list', title: 'Select what caused it, or what it repeats', keys: ['['] },
  'list.selectChildren': { section: 'list', title: 'Select what it caused, and what repeats it', keys: [']'] },
  'list.selectDuplicates': { section: 'list', title: 'Select its duplicates: the same method and URL', keys: ['='] },
  'list.delete': { section: 'list', title: 'Delete the selected', keys: ['Delete', 'Backspace'] },
  'list.deleteOthers': { section: 'list', title: 'Delete all but the selected' },
  'list.deleteHost': { section: 'list', title: 'Delete all of this host' },
  'list.compare': { section: 'list', title: 'Compare the two selected', keys: ['x'] },
  'list.collect': { section: 'list', title: 'Add to the compare group, or take out of it', keys: ['Shift+x'] },
  'list.compareGroup': { section: 'list', title: 'Compare what is in the group', keys: ['g'] },

  'filter.focus': { section: 'filter', title: 'Go to the filter', keys: ['/', 'Mod+f'] },
  'filter.clear': { section: 'filter', title: 'Clear the filter' },
  'filter.save': { section: 'filter', title: 'Save the filter, or forget it' },

  'details.open': { section: 'details', title: 'Open the details and go there', keys: ['Enter'] },
  'details.toggle': { section: 'details', title: 'Show or hide the details', keys: ['d'] },
  'details.dock': { section: 'details', title: 'Details at the right or at the bottom', keys: ['Shift+d'] },
  'details.timeline': { section: 'details', title: 'Timeline', keys: ['1'] },
  'details.request': { section: 'details', title: 'Request', keys: ['2'] },
  'details.response': { section: 'details', title: 'Response', keys: ['3'] },
  'details.cache': { section: 'details', title: 'Cache decision', keys: ['4'] },
  'details.conversation': { section: 'details', title: 'Conversation', keys: ['5'] },
  'details.messages': { section: 'details', title: 'Messages', keys: ['6'] },
  'details.gateway': { section: 'details', title: 'Gateway', keys: ['7'] },

  'rules.answer': { section: 'rules', title: 'Rule: mock this answer…' },
  'rules.file': { section: 'rules', title: 'Rule: answer this from a file…' },
  'rules.redirect': { section: 'rules', title: 'Rule: send this to another server…' },
  'rules.headers': { section: 'rules', title: 'Rule: change header fields of this…' },
  'rules.delay': { section: 'rules', title: 'Rule: delay this…' },
  'rules.block': { section: 'rules', title: 'Rule: block this' },
  'rules.pause': { section: 'rules', title: 'Rule: pause here' },
  'rules.nextPaused': { section: 'rules', title: 'Go to the next paused request', keys: ['F9'] },
  'rules.continue': { section: 'rules', title: 'Continue the paused request', keys: ['F8'] },
  'rules.continueAll': { section: 'rules', title: 'Continue all paused requests', keys: ['Shift+F8'] },

  'recording.toggle': { section: 'recording', title: 'Pause or resume recording', keys: ['Mod+e'] },
  'recording.clear': {
    section: 'recording',
    title: 'Clear the list',
    keys: ['Mod+Shift+Delete', 'Mod+Shift+Backspace'],
  },
  'recording.clearListed': { section: 'recording', title: 'Delete what is listed' },
  'recording.clearHidden': { section: 'recording', title: 'Delete what the filter hides' },
  'recording.clearUnmarked': { section: 'recording', title: 'Delete what has no pin, mark or comment' },
  'recording.sessions': { section: 'recording', title: 'Sessions: save what is recorded, open what was', keys: ['s'] },
  'recording.openFile': { section: 'recording', title: 'Open a file: .hopscope or HAR…', keys: ['Mod+o'] },
  'recording.samples': { section: 'recording', title: 'Send sample traffic' },
  'recording.connect': { section: 'recording', title: 'Connect a client' },

  'cache.off': { section: 'cache', title: 'Cache mode: off' },
  'cache.shared': { section: 'cache', title: 'Cache mode: shared' },
  'cache.private': { section: 'cache', title: 'Cache mode: private' },
  'cache.snapshot': { section: 'cache', title: 'Cache mode: snapshot' },
  'cache.offline': { section: 'cache', title: 'Cache mode: offline' },

  'view.system': { section: 'view', title: 'Theme: like the system' },
  'view.light': { section: 'view', title: 'Theme: light' },
  'view.dark': { section: 'view', title: 'Theme: dark' },
  'view.contrast': { section: 'view', title: 'High contrast, on or off' },
  'view.density': { section: 'view', title: 'Comfortable or compact rows' },

  'help.keys': { section: 'help', title: 'Keyboard shortcuts', keys: ['?', 'Mod+/'] },
  'help.tour': { section: 'help', title: 'Take the tour' },
} as const satisfies Readonly<Record<string, CommandFacts>>;

export type CommandId = keyof typeof COMMANDS;
export const COMMAND_IDS = Object.keys(COMMANDS) as readonly CommandId[];

/** What the table says of a command, with the keys as a list that may be empty. */
export function commandFacts(id: CommandId): CommandFacts & { readonly keys: readonly string[] } {
  const facts: CommandFacts = COMMANDS[id];
  return { ...facts, keys: facts.keys ?? [] };
}

/** Says whether `id`, which came from outside, is a command. */
export function isCommandId(id: unknown): id is CommandId {
  return typeof id === 'string' && Object.hasOwn(COMMANDS, id);
}
