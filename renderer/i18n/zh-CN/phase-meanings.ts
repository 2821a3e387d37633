import type { en } from '../en/catalogue.ts';
import type { Translated } from '../translate.ts';

export const phaseMeanings: Translated<typeof en.phaseMeanings> = {
  accept: '请求头已到达并解析。',
  deliver: '响应已发送给客户端。',
  tunnel: '字节双向通过，不读取内容。',
  websocket: '帧双向通过；消息列表中可查看。',
  pac: '询问脚本通往该 URL 的代理。',
  proxy: '请求途中的代理建立到服务器的连接。',
  connection: '等待到上游的连接，或取用已打开的连接。',
  dns: '解析上游的名称。',
  connect: '打开到上游的 TCP 连接。',
  tls: '保护连接：出示证书并协商密钥。',
  send: '把请求写给上游。',
  wait: '等待上游开始响应。',
  receive: '上游的正文到达。',
  queue: '等待应用的空闲工作进程。',
  environ: '工作进程读取请求并准备 environ。',
  call: '调用应用，应用返回结果。',
  start_response: '应用给出状态与首部字段。',
  chunk: '应用产生正文的一块。',
  close: '应用在响应之后清理。',
  setup: '处理器做准备。',
  handle: '处理器工作，或等待其内部的处理器。',
  finish: '在响应交付、失败或中止之后，处理器清理。',
  paused: '规则将其暂停，直到有人让它继续。',
  delayed: '规则让它等待。',
};
