import type { en } from '../en/catalogue.ts';
import type { Translated } from '../translate.ts';

export const desktop: Translated<typeof en.desktop> = {
  linkTitle: '一个链接请求 Hopscope 执行操作',
  linkLead: '它可能来自网页或消息。目前尚未执行任何操作。',
  linkSession: '它会打开已保存的会话 <name>{{session}}</name> 并加入列表。',
  linkFilter: '它会按 <code>{{filter}}</code> 筛选列表。',
  linkGo: '执行',
  linkCancel: '取消',
  unknownLink: 'Hopscope 无法识别此链接：{{link}}',
  unknownSession: '没有名为“{{name}}”的已保存会话。',
  opened_other: '已从“{{name}}”加入 {{count, number}} 个请求。',
  lost_other: '“{{name}}”中有 {{count, number}} 个请求无法读取。',
  endedEarly: '“{{name}}”：{{problem}}',
  notOpened: '未能打开“{{name}}”。{{reason}}',
  pageRestarted: '此页面曾意外结束，现已重新加载。已录制的内容没有丢失。',
  engineRestarted: '引擎已重新启动。之前录制的内容可在“会话”中找到。',
  engineFailed: '引擎出现故障（{{reason}}），已重新启动。之前录制的内容可在“会话”中找到。',
  flagsIgnored: 'Hopscope 已在运行：{{flags}} 仅在启动时有效。',
};
