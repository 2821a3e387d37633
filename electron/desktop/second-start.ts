import * as v from 'valibot';

/** What a second start of the app hands to the one that runs: its command line as it was, which Chromium's copy is not. */
export interface SecondStart {
  /** Without the program's own path. */
  readonly args: readonly string[];
  readonly cwd: string;
}

const schema = v.object({
  args: v.pipe(v.array(v.pipe(v.string(), v.maxLength(32_768))), v.maxLength(1_000)),
  cwd: v.pipe(v.string(), v.maxLength(4_096)),
});

/** Checks what came from another process; undefined for anything else, as from another version of the app. */
export function parseSecondStart(data: unknown): SecondStart | undefined {
  const parsed = v.safeParse(schema, data);
  return parsed.success ? parsed.output : undefined;
}
