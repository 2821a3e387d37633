import type { en } from '../en/catalogue.ts';
import type { Translated } from '../translate.ts';

export const common: Translated<typeof en.common> = {
  warnings: '警告',
  connectionLost: '与引擎的连接已断开。',
  reconnecting: '正在重新连接…',
  mayBeOld: '列出的内容可能已不是最新。',
  openNewAddress: '如果 Hopscope 已重新启动，请打开它当时打印的地址：其中有新的令牌。',
  dismissWarning: '忽略此警告',
  paused: '记录已暂停。流量照常通过，但不会列出新的请求。',
  resume: '继续',
  copied: '已复制',
  copyFailed: '无法复制到剪贴板。',
  copyFailedWhy: '无法复制到剪贴板。{{reason}}',
  copyCommand: '复制命令',
  save: '保存',
  cancel: '取消',
  close: '关闭',
  tryAgain: '重试',
  messages: '消息',
  dismiss: '忽略',
  statusAborted: '已中止',
  statusFailed: '失败',
  statusOpen: '已打开',
  statusTunnel: '隧道',
  statusPending: '进行中',
  comma: '，',
};
