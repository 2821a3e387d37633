import type { Catalogue } from '../translate.ts';
import { bodyForms } from './body-forms.ts';
import { body } from './body.ts';
import { cache } from './cache.ts';
import { cacheRules } from './cache-rules.ts';
import { columns } from './columns.ts';
import { common } from './common.ts';
import { compare } from './compare.ts';
import { connect } from './connect.ts';
import { conversation } from './conversation.ts';
import { decision } from './decision.ts';
import { desktop } from './desktop.ts';
import { details } from './details.ts';
import { fieldNotes } from './field-notes.ts';
import { filterBar } from './filter-bar.ts';
import { filterKeys } from './filter-keys.ts';
import { gateway } from './gateway.ts';
import { health } from './health.ts';
import { held } from './held.ts';
import { list } from './list.ts';
import { message } from './message.ts';
import { messages } from './messages.ts';
import { nearMissNames } from './near-miss-names.ts';
import { notices } from './notices.ts';
import { overview } from './overview.ts';
import { phaseMeanings } from './phase-meanings.ts';
import { phases } from './phases.ts';
import { resend } from './resend.ts';
import { routing } from './routing.ts';
import { rules } from './rules.ts';
import { sessions } from './sessions.ts';
import { start } from './start.ts';
import { statusBar } from './status-bar.ts';
import { timeline } from './timeline.ts';
import { topBar } from './top-bar.ts';
import { tour } from './tour.ts';
import { commands, commandTitles } from './commands.ts';
import { settingAbouts, settings, settingTitles } from './settings.ts';

/**
 * Every text in Simplified Chinese. Words that recur, so that they stay the same:
 * request 请求 · response 响应 · exchange 请求（记录） · header field 首部字段 · body 正文 · message 消息 · frame 帧 · cache 缓存 · entry 缓存条目 ·
 * variant 变体 · cache hit 命中 · miss 未命中 · stale 过期 · fresh 新鲜 · freshness lifetime 新鲜期 · age 年龄（Age） · revalidate 重新验证 ·
 * validator 验证器 · store 存储 · purge 清除 · verdict 判定 · decision 决策 · overlay 覆盖规则 · upstream 上游 · origin 源站 · route 路由 ·
 * proxy 代理 · tunnel 隧道 · handler 处理器 · chain 处理链 · span 跨度 · gap 空隙 · recording 记录 · session 会话 · filter 筛选 · list 列表 ·
 * timeline 时间线 · details 详情 · certificate 证书 · authority 证书颁发机构 · worker 工作进程 · gateway 网关 · application 应用 ·
 * pin 固定 · comment 备注 · settings 设置.
 * Names of fields, directives, methods, codings and verdicts stay as they are on the wire. A space stands between Chinese and
 * Latin letters or digits; punctuation is full-width.
 */
export const zhCN: Catalogue = {
  tour,
  health,
  held,
  bodyForms,
  body,
  cacheRules,
  cache,
  columns,
  commands,
  commandTitles,
  common,
  compare,
  connect,
  conversation,
  desktop,
  decision,
  details,
  fieldNotes,
  filterBar,
  filterKeys,
  gateway,
  list,
  message,
  messages,
  nearMissNames,
  notices,
  overview,
  resend,
  routing,
  rules,
  sessions,
  settingAbouts,
  settings,
  settingTitles,
  phaseMeanings,
  phases,
  start,
  statusBar,
  timeline,
  topBar,
};
