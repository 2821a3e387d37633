import type { en } from '../en/catalogue.ts';
import type { Translated } from '../translate.ts';

export const phases: Translated<typeof en.phases> = {
  accept: '接收',
  deliver: '交付',
  tunnel: '隧道',
  websocket: 'WebSocket',
  pac: 'PAC 脚本',
  proxy: '代理',
  connection: '连接',
  dns: 'DNS 查找',
  connect: '建立连接',
  tls: 'TLS',
  send: '发送请求',
  wait: '等待',
  receive: '下载',
  queue: '排队',
  environ: 'environ',
  call: '调用',
  start_response: 'start_response',
  chunk: '块',
  close: 'close',
  setup: 'setup',
  handle: 'handle',
  finish: 'finish',
  paused: '暂停，等待人工处理',
  delayed: '延迟',
};
