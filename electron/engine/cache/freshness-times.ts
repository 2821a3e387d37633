import type { FreshnessTimes } from '../../../shared/freshness-times.ts';
import type { ResponsePolicy, StoredHead } from './stored-response.ts';

/** The moments in a stored response's life under the settings that `policy` was derived with. */
export function freshnessTimes(head: StoredHead, policy: ResponsePolicy): FreshnessTimes {
  const { lifetime, initialAge: arrival, noCache, date, staleForbiddenBy } = policy;
  const born = head.responseTime - arrival.milliseconds;
  const expires = born + lifetime.seconds * 1000;
  const { staleWhileRevalidate, staleIfError } = policy.governing.directives;
  const windows = staleForbiddenBy === undefined ? { staleWhileRevalidate, staleIfError } : {};
  return {
    ...{ date, received: head.responseTime, born, expires, noCache },
    ...{ lifetimeFrom: lifetime.evidence, ageFrom: arrival.evidence },
    ...(windows.staleWhileRevalidate === undefined
      ? {}
      : { staleWhileRevalidate: expires + windows.staleWhileRevalidate * 1000 }),
    ...(windows.staleIfError === undefined ? {} : { staleIfError: expires + windows.staleIfError * 1000 }),
    ...(staleForbiddenBy === undefined ? {} : { staleForbiddenBy }),
  };
}
