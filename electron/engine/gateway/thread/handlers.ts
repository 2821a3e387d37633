// What `import … from 'hopscope/handlers'` gives to files of the user's: the only file here that gathers names.
import { fileWrapper } from './application-interface.ts';
import { MethodHandler } from './method-handler.ts';
import { RequestHandler } from './request-handler.ts';
import { StreamHandler } from './stream-handler.ts';
import { validator } from './validator.ts';

export { fileWrapper, MethodHandler, RequestHandler, StreamHandler, validator };
export type {
  ApplicationEnviron,
  ApplicationResult,
  JavaScriptApplication,
  StartResponse,
} from './application-interface.ts';
export type { ChainReply } from './thread-exchange.ts';
