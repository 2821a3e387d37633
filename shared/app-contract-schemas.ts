import * as v from 'valibot';
import type { AppRequestMap } from './app-contract.ts';

/** What the parameters of the requests about the application must look like. */
export const appSchemas: { readonly [N in keyof AppRequestMap]: v.GenericSchema<unknown, AppRequestMap[N]['params']> } =
  {
    'app.hello': v.strictObject({ language: v.pipe(v.string(), v.regex(/^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*$/)) }),
  };
