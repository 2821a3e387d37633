import * as v from 'valibot';
import type { AppRequestMap } from './app-contract.ts';
import { UPDATE_STEPS } from './app-contract.ts';

/** What the parameters of the requests about the application must look like. */
export const appSchemas: { readonly [N in keyof AppRequestMap]: v.GenericSchema<unknown, AppRequestMap[N]['params']> } =
  {
    'app.hello': v.strictObject({
      titles: v.exactOptional(
        v.pipe(
          v.record(v.string(), v.pipe(v.string(), v.maxLength(200))),
          v.check((titles) => Object.keys(titles).length <= 500, 'at most 500 titles'),
        ),
      ),
      language: v.pipe(v.string(), v.regex(/^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*$/)),
    }),
    'app.update': v.strictObject({ step: v.picklist(UPDATE_STEPS) }),
  };
