import { bodyNature } from '../../format/media-type.ts';
import type { Translate } from '../../i18n/translate.ts';
import { graphqlRequests, mayBeGraphql } from './graphql-request.ts';
import { looksLikeText, sniffType } from './sniff.ts';

/** The ways to look at a body. */
export type BodyForm =
  'graphql' | 'tree' | 'pretty' | 'text' | 'parts' | 'image' | 'certificate' | 'messagepack' | 'protobuf' | 'hex';

/** What a form is called. */
export function formName(t: Translate, form: BodyForm): string {
  return t(`bodyForms.${form}`);
}

const MESSAGE_PACK = /[/+](?:x-|vnd\.)?msgpack$/;
const PROTOBUF = /[/+.](?:x-)?(?:google-)?protobuf$|^application\/grpc(?:-web)?(?:\+proto)?$/;
const CERTIFICATE = /^application\/(?:x-x509-(?:ca|user)-cert|pkix-cert|x-pem-file|pem-certificate-chain)$/;
const MARKUP = /[/+](?:xml|html|xhtml|graphql)$/;
const CODE = /(?:java|ecma)script$|\/css$/;

/**
 * The forms that suit a body, the fitting one first.
 *
 * @param type its media type in lower case, empty when unknown
 * @param head its first bytes, or all of them
 */
export function formsFor(type: string, head: Uint8Array): readonly BodyForm[] {
  const known = type === '' || type === 'application/octet-stream' ? (sniffType(head) ?? type) : type;
  if (CERTIFICATE.test(known)) return looksLikeText(head) ? ['certificate', 'text', 'hex'] : ['certificate', 'hex'];
  if (MESSAGE_PACK.test(known)) return ['messagepack', 'hex'];
  if (PROTOBUF.test(known)) return ['protobuf', 'hex'];
  if (known === 'application/x-www-form-urlencoded') return ['parts', 'text', 'hex'];
  if (known.startsWith('multipart/')) return ['parts', 'text', 'hex'];
  const nature = bodyNature(known);
  if (nature === 'image' || sniffType(head)?.startsWith('image/') === true) return imageForms(head);
  if (nature === 'json' && !mayBeJson(head)) return otherThanJson(head);
  if (nature === 'json' && isGraphql(head)) return ['graphql', 'tree', 'pretty', 'text', 'hex'];
  if (nature === 'json' || /[/+](?:x-ndjson|ndjson|jsonl)$/.test(known)) return ['tree', 'pretty', 'text', 'hex'];
  if (MARKUP.test(known) || CODE.test(known)) return ['pretty', 'text', 'hex'];
  if (nature === 'text') return ['text', 'hex'];
  if (!looksLikeText(head)) return ['hex', 'protobuf', 'messagepack', 'text'];
  return looksLikeJson(head) ? ['tree', 'pretty', 'text', 'hex'] : ['text', 'hex'];
}

function imageForms(head: Uint8Array): readonly BodyForm[] {
  if (!looksLikeText(head)) return ['image', 'hex'];
  // SVG is a document that may hold scripts: it is only ever text.
  if (sniffType(head) === 'image/svg+xml') return ['pretty', 'text', 'hex'];
  return looksLikeJson(head) ? ['tree', 'pretty', 'text', 'hex'] : ['text', 'hex'];
}

/** What servers send as JSON when they fail: a page, a sentence, bytes. A tree of its words would help nobody. */
function otherThanJson(head: Uint8Array): readonly BodyForm[] {
  if (!looksLikeText(head)) return ['hex', 'text'];
  return sniffType(head) === undefined ? ['text', 'tree', 'hex'] : ['pretty', 'text', 'hex'];
}

/** Whether a value may begin with these bytes, behind a byte order mark or without, in whatever encoding of Unicode. */
function mayBeJson(head: Uint8Array): boolean {
  const text = new TextDecoder('latin1').decode(head.subarray(0, 256));
  return /^(?:ï»¿|ÿþ|þÿ)?[\s\0]*(?:["[{\d-]|t\0*r|f\0*a|n\0*u)/.test(text);
}

/** GraphQL over HTTP is JSON with a document in it. */
function isGraphql(body: Uint8Array): boolean {
  const text = new TextDecoder().decode(body);
  return mayBeGraphql(text) && graphqlRequests(text) !== undefined;
}

function looksLikeJson(head: Uint8Array): boolean {
  return /^\s*[[{]/.test(new TextDecoder('latin1').decode(head.subarray(0, 256)));
}

/** Why the bytes are not what the type promises, as a sentence; undefined when nothing speaks against it. */
export function typeLie(t: Translate, type: string, head: Uint8Array): string | undefined {
  const seen = sniffType(head);
  if (type === '' || seen === undefined || seen === type) return undefined;
  const claimsImage = type.startsWith('image/');
  const isImage = seen.startsWith('image/');
  if (!claimsImage && !isImage && bodyNature(type) !== 'json') return undefined;
  // Icons go by two names, and so do XML and the SVG in it.
  if (type === 'image/vnd.microsoft.icon' && seen === 'image/x-icon') return undefined;
  if (type === 'image/jpg' && seen === 'image/jpeg') return undefined;
  if (type === 'image/apng' && seen === 'image/png') return undefined;
  if (seen === 'image/svg+xml' || (seen === 'application/xml' && type === 'image/svg+xml')) return undefined;
  if (type === 'application/octet-stream') return undefined;
  return t('body.typeLie', { type, seen });
}
