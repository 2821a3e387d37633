import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import ts from 'typescript';

const renderer = join(import.meta.dirname, '../../renderer');

/** A source file of the interface, read as syntax. */
export interface Source {
  /** Its path below renderer/, with slashes. */
  readonly path: string;
  readonly file: ts.SourceFile;
}

/** Every source file of the interface but the catalogues themselves. */
export function rendererSources(): Source[] {
  return readdirSync(renderer, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.name.endsWith('.d.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path: relative(renderer, path).split(sep).join('/'), full: path }))
    .filter(({ path }) => !/^i18n\/(?:en|zh-CN)\//.test(path))
    .map(({ path, full }) => ({
      path,
      file: ts.createSourceFile(full, readFileSync(full, 'utf8'), ts.ScriptTarget.Latest, true),
    }));
}

/**
 * Patterns of all strings in `sources`: a literal is itself, a template has `.+` for each of its variables. Keys that are used
 * are among them, since keys are never put together in another way.
 */
export function stringPatterns(sources: readonly Source[]): {
  readonly whole: Set<string>;
  readonly templates: RegExp[];
} {
  const whole = new Set<string>();
  const templates: RegExp[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) whole.add(node.text);
    else if (ts.isTemplateExpression(node) && /^[a-zA-Z]+\./.test(node.head.text)) {
      const parts = [node.head.text, ...node.templateSpans.map((span) => span.literal.text)];
      templates.push(new RegExp(`^${parts.map((part) => escaped(part)).join('.+')}$`));
    }
    ts.forEachChild(node, visit);
  };
  for (const { file } of sources) visit(file);
  return { whole, templates };
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** Keys in calls `t('…')` and elements `<Rich of="…">`. */
export function askedKeys({ file }: Source): string[] {
  const keys: string[] = [];
  const visit = (node: ts.Node): void => {
    const asked =
      ts.isCallExpression(node) && node.expression.getText() === 't'
        ? node.arguments[0]
        : ts.isJsxAttribute(node) && node.name.getText() === 'of' && node.parent.parent.tagName.getText() === 'Rich'
          ? node.initializer
          : undefined;
    if (asked !== undefined && ts.isStringLiteralLike(asked)) keys.push(asked.text);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return keys;
}

/** Attributes whose text a person reads or hears. */
const READ =
  /^(?:title|alt|label|text|note|placeholder|heading|hint|what|\w+Label|aria-(?:label|description|valuetext|roledescription))$/;

/** Attributes that hold words for machines. */
const FOR_MACHINES =
  /^(?:className|command|d|viewBox|points|transform|style|sizes|rel|sandbox|allow|of|key|id|data-.*|aria-keyshortcuts)$/;

/**
 * Texts in a view that are no catalogue's: text between tags, in attributes that are read, and any string of several words.
 * Each comes with its line.
 */
export function rawTexts({ path, file }: Source, allowed: (text: string) => boolean): string[] {
  const found: string[] = [];
  const report = (node: ts.Node, text: string): void => {
    const words = text.replaceAll(/\s+/g, ' ').trim();
    if (!/\p{L}/u.test(words) || allowed(words)) return;
    found.push(`${path}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1} ${words}`);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isTypeNode(node) || isForMachines(node)) return;
    if (ts.isJsxText(node)) report(node, node.text);
    else if (ts.isStringLiteralLike(node) || isTemplatePart(node)) {
      if (isShown(node) || /\p{L}{2,}[,;:]? \p{L}{2,}/u.test(node.text)) report(node, node.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function isTemplatePart(node: ts.Node): node is ts.TemplateHead | ts.TemplateMiddle | ts.TemplateTail {
  return ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node);
}

/** Words of elements, selectors, errors that only developers see, and comparisons. */
function isForMachines(node: ts.Node): boolean {
  if (ts.isJsxElement(node)) return /^(?:code|kbd)$/.test(node.openingElement.tagName.getText());
  if (ts.isJsxAttribute(node)) return FOR_MACHINES.test(node.name.getText());
  if (ts.isNewExpression(node)) return /Error$/.test(node.expression.getText());
  if (!ts.isCallExpression(node)) return false;
  return /^(?:console\.\w+|.*\.(?:closest|querySelector(?:All)?|matches))$/.test(node.expression.getText());
}

/** Whether a string is drawn, or is what an attribute that is read says, as it stands or as one of the ends of a condition. */
function isShown(node: ts.Node): boolean {
  let from = node;
  let { parent } = node;
  for (;;) {
    if (ts.isJsxAttribute(parent)) return READ.test(parent.name.getText());
    if (ts.isJsxExpression(parent)) {
      if (!ts.isJsxAttribute(parent.parent)) return true;
    } else if (ts.isConditionalExpression(parent)) {
      if (parent.condition === from) return false;
    } else if (ts.isBinaryExpression(parent)) {
      if (!['&&', '||', '??', '+'].includes(parent.operatorToken.getText())) return false;
    } else if (
      !ts.isTemplateSpan(parent) &&
      !ts.isTemplateExpression(parent) &&
      !ts.isParenthesizedExpression(parent)
    ) {
      return false;
    }
    from = parent;
    ({ parent } = parent);
  }
}
