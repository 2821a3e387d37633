/** Numbers as people read them. Every function is pure; a missing number becomes an en dash, never `NaN`. */

/** A span of time given in milliseconds: `84 µs`, `1.24 ms`, `312 ms`, `4.20 s`, `2 min 03 s`. */
export function formatDuration(ms: number | undefined): string {
  if (ms === undefined || !Number.isFinite(ms)) return '–';
  if (ms < 0) return `-${formatDuration(-ms)}`;
  if (ms === 0) return '0 ms';
  if (ms < 0.9995) return `${Math.max(1, Math.round(ms * 1000))} µs`;
  if (ms < 999.5) return `${threeDigits(ms)} ms`;
  const seconds = ms / 1000;
  if (seconds < 59.95) return `${threeDigits(seconds)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${padTwo(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${padTwo(Math.floor((whole % 3600) / 60))} min`;
}

/**
 * A time that is a multiple of `step` milliseconds, as exact as that: `500 µs`, `5 ms`, `2.5 s`, `1 min 30 s`, `2 h`.
 */
export function formatTick(ms: number, step: number): string {
  if (ms < 0) return `-${formatTick(-ms, step)}`;
  if (ms < 0.9995) return `${Math.round(ms * 1000)} µs`;
  if (ms < 999.9995) return `${decimalsOf(ms, step)} ms`;
  if (ms < 59_999.9995) return `${decimalsOf(ms / 1000, step / 1000)} s`;
  const minutes = Math.floor((ms + 0.0005) / 60_000);
  const seconds = decimalsOf(Math.max(0, ms / 1000 - minutes * 60), step / 1000);
  const parts = [[Math.floor(minutes / 60), 'h'] as const, [minutes % 60, 'min'] as const, [seconds, 's'] as const];
  return parts.flatMap(([value, unit]) => (Number(value) === 0 ? [] : `${value} ${unit}`)).join(' ');
}

/** A multiple of `step` without digits that say nothing. */
function decimalsOf(value: number, step: number): string {
  return String(Number(value.toFixed(Math.min(20, Math.max(0, -Math.floor(Math.log10(step) + 1e-9))))));
}

/** Three significant digits, without an exponent: 1.24, 12.4, 124. */
function threeDigits(value: number): string {
  if (value < 9.995) return value.toFixed(2);
  if (value < 99.95) return value.toFixed(1);
  return value.toFixed(0);
}

function padTwo(value: number): string {
  return String(value).padStart(2, '0');
}

const SIZE_UNITS = ['kB', 'MB', 'GB', 'TB'] as const;

/** A size in decimal units, as browsers' tools show it: `0 B`, `312 B`, `4.2 kB`, `1.24 MB`. */
export function formatBytes(bytes: number | undefined): string {
  if (bytes === undefined || !Number.isFinite(bytes)) return '–';
  if (bytes < 1000) return `${bytes} B`;
  let value = bytes;
  let unit = -1;
  while (value >= 999.5 && unit < SIZE_UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = value < 9.995 && unit > 0 ? 2 : value < 99.95 ? 1 : 0;
  return `${value.toFixed(digits)} ${SIZE_UNITS[unit] ?? ''}`;
}

const counter = new Intl.NumberFormat('en');

/** A whole number with thousands separated. */
export function formatCount(count: number): string {
  return counter.format(count);
}

/** A share between 0 and 1 as a percentage; `–` when there is nothing to divide. */
export function formatShare(part: number, whole: number): string {
  if (whole <= 0) return '–';
  const percent = (part / whole) * 100;
  if (percent > 0 && percent < 0.05) return '< 0.1 %';
  if (percent > 99.95 && percent < 100) return '> 99.9 %';
  // Near nothing and near everything a decimal tells the difference.
  const decimals = (percent > 0 && percent < 9.95) || (percent > 99 && percent < 100) ? 1 : 0;
  return `${percent.toFixed(decimals)} %`;
}

/** A lifetime in whole seconds, as caches count: `60 s`, `5 min`, `1 h 30 min`, `365 d`; negative ones keep their sign. */
export function formatSeconds(seconds: number): string {
  if (seconds < 0) return `-${formatSeconds(-seconds)}`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7200) return joinParts(seconds, 60, 'min', 's');
  if (seconds < 172_800) return joinParts(Math.round(seconds / 60), 60, 'h', 'min');
  return joinParts(Math.round(seconds / 3600), 24, 'd', 'h');
}

function joinParts(value: number, base: number, big: string, small: string): string {
  const rest = Math.round(value % base);
  return rest === 0 ? `${Math.floor(value / base)} ${big}` : `${Math.floor(value / base)} ${big} ${rest} ${small}`;
}

/** Local wall-clock time with milliseconds, `14:03:07.042`. @param wall milliseconds since 1970. */
export function formatClock(wall: number): string {
  const date = new Date(wall);
  const time = `${padTwo(date.getHours())}:${padTwo(date.getMinutes())}:${padTwo(date.getSeconds())}`;
  return `${time}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

/** Local date and time, for tooltips and facts. @param wall milliseconds since 1970. */
export function formatDateTime(wall: number): string {
  const date = new Date(wall);
  const day = `${date.getFullYear()}-${padTwo(date.getMonth() + 1)}-${padTwo(date.getDate())}`;
  return `${day} ${formatClock(wall)}`;
}
