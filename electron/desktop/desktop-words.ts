/** What the desktop says outside of its page: in menus, at the tray, in dialogs and notifications. */
export interface DesktopWords {
  readonly menu: Readonly<Record<MenuWord, string>>;
  readonly mode: Readonly<Record<'off' | 'shared' | 'private' | 'snapshot' | 'offline', string>>;
  readonly attention: string;
  readonly staysInTray: string;
  readonly engineRestarted: string;
  readonly pageDiedTwice: Question;
  readonly engineDiedTwice: Question;
  readonly openFile: { readonly title: string; readonly sessions: string };
}

/** A question with the answer that goes on first. */
export interface Question {
  readonly message: string;
  readonly detail: string;
  readonly goOn: string;
  readonly stop: string;
}

type MenuWord =
  | 'file'
  | 'go'
  | 'list'
  | 'filter'
  | 'details'
  | 'rules'
  | 'recording'
  | 'cache'
  | 'view'
  | 'open'
  | 'restart'
  | 'update'
  | 'show'
  | 'record'
  | 'upstream'
  | 'quit';

const en: DesktopWords = {
  menu: {
    file: 'File',
    go: 'Go',
    list: 'List',
    filter: 'Filter',
    details: 'Details',
    rules: 'Rules',
    recording: 'Recording',
    cache: 'Cache',
    view: 'View',
    open: 'Open a session or HAR file…',
    restart: 'Restart the engine',
    update: 'Check for updates…',
    show: 'Show Hopscope',
    record: 'Record traffic',
    upstream: 'Upstream',
    quit: 'Quit Hopscope',
  },
  mode: { off: 'Off', shared: 'Shared', private: 'Private', snapshot: 'Snapshot', offline: 'Offline' },
  attention: 'Hopscope needs your attention',
  staysInTray: 'Hopscope goes on at the tray: clients still use the proxy. Quit it there.',
  engineRestarted: 'The engine failed and was started anew.',
  pageDiedTwice: {
    message: 'The window’s page ended twice in a row.',
    detail: 'The proxy still runs. The page can be loaded once more; what was recorded is shown again.',
    goOn: 'Load it again',
    stop: 'Quit',
  },
  engineDiedTwice: {
    message: 'The engine failed, and starting it anew did not help.',
    detail: 'Clients cannot use the proxy until it is started again. What was recorded is kept on disk.',
    goOn: 'Start it again',
    stop: 'Quit',
  },
  openFile: { title: 'Open a session', sessions: 'Sessions' },
};

const zhCN: DesktopWords = {
  menu: {
    file: '文件',
    go: '转到',
    list: '列表',
    filter: '筛选',
    details: '详情',
    rules: '规则',
    recording: '录制',
    cache: '缓存',
    view: '视图',
    open: '打开会话或 HAR 文件…',
    restart: '重启引擎',
    update: '检查更新…',
    show: '显示 Hopscope',
    record: '录制流量',
    upstream: '上游',
    quit: '退出 Hopscope',
  },
  mode: { off: '关闭', shared: '共享', private: '私有', snapshot: '快照', offline: '离线' },
  attention: 'Hopscope 需要您的注意',
  staysInTray: 'Hopscope 仍在托盘中运行：客户端继续使用代理。可在托盘中退出。',
  engineRestarted: '引擎出现故障，已重新启动。',
  pageDiedTwice: {
    message: '窗口页面连续两次意外结束。',
    detail: '代理仍在运行。可以再次加载页面，已录制的内容会重新显示。',
    goOn: '再次加载',
    stop: '退出',
  },
  engineDiedTwice: {
    message: '引擎出现故障，重新启动未能解决。',
    detail: '重新启动之前客户端无法使用代理。已录制的内容保存在磁盘上。',
    goOn: '重新启动',
    stop: '退出',
  },
  openFile: { title: '打开会话', sessions: '会话' },
};

/** The words for a language, as BCP 47 has it; English where there are none. */
export function desktopWords(language: string): DesktopWords {
  return language.toLowerCase().split('-')[0] === 'zh' ? zhCN : en;
}
