/** The host whose requests this proxy answers itself, for every client that uses it. */
export const LOCAL_HOST = 'hopscope.local';
