import type { en } from '../en/catalogue.ts';
import type { Translated } from '../translate.ts';

export const tour: Translated<typeof en.tour> = {
  name: '初次了解',
  step: '{{step}} / {{steps}}',
  way: '如顶栏所示，请求从左到右经过：先到 Hopscope 的地址，再经过缓存，最后发往上游。',
  first: '现在让一个请求通过：来自内置演示站点，或来自您的客户端。',
  came: '请求来了：<request>{{method}} {{target}}</request>。点击即可查看它经历的一切。',
  why: '时间线显示时间花在哪里。旁边的“缓存”说明响应是否存储、由哪条规则决定。',
  goOn: '继续',
  skip: '跳过导览',
  look: '查看',
  done: '明白了',
};
