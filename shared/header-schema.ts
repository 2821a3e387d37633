import * as v from 'valibot';

const FIELD_NAME = /^[A-Za-z0-9!#$%&'*+\-.^_`|~]+$/;
// RFC 9110 §5.5, one character per byte.
const FIELD_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
const FIELD_RULE = 'a field has a token as its name and latin1 text without control characters as its value';

/** The name of a field (RFC 9110 §5.1). */
export const fieldNameSchema = v.pipe(v.string(), v.maxLength(200), v.regex(FIELD_NAME, "a field's name is a token"));

/** Fields from outside: what a header section can hold, with room to spare. */
export const headerListSchema = v.pipe(
  v.array(v.pipe(v.string(), v.maxLength(65_536))),
  v.maxLength(2_000, 'at most 1,000 fields'),
  v.check((list) => list.length % 2 === 0, 'fields are names and values in turn'),
  v.check((list) => list.every((text, index) => (index % 2 === 0 ? FIELD_NAME : FIELD_VALUE).test(text)), FIELD_RULE),
);
