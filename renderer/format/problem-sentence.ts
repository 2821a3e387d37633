import type { Translate } from '../i18n/translate.ts';

/** What is wrong with a value, as a sentence: elsewhere the schemas' phrases follow a path, beside a field they stand alone. */
export function problemSentence(t: Translate, problem: string): string {
  const said = t.said(problem.replace(/\.$/, ''));
  const begun = `${said.charAt(0).toLocaleUpperCase('en')}${said.slice(1)}`;
  if (begun === '' || /[.?!。？！]$/.test(begun)) return begun;
  return `${begun}${t.language === 'zh-CN' ? '。' : '.'}`;
}
