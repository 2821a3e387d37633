/** The commands of `hopscope`, for those who only want to know whether there is one. */
export const COMMAND_NAMES: readonly string[] = [
  ...['serve', 'run', 'env', 'open', 'ca', 'cache', 'sessions', 'system-proxy', 'help'],
];
