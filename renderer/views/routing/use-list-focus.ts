import { useEffect } from 'react';
import type { RefObject } from 'react';
import { useKeptFocus } from '../common/use-kept-focus.ts';
import type { ListProblem } from './list-problems.ts';

/** Where the keyboard is in the form of a list: at what is wrong in it, and not outside when an item of it goes. */
export function useListFocus(problems: readonly ListProblem[]): RefObject<HTMLFormElement | null> {
  const form = useKeptFocus<HTMLFormElement>();
  useEffect(() => form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus(), [form, problems]);
  return form;
}
