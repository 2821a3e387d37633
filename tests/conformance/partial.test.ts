import { conformance } from './harness.ts';
import { again, FRESH, OLD, part, range, stored, TAG, TEN, whole } from './partial-steps.ts';
import { cc, respond } from './scenario.ts';

/** RFC 9111 §3.3 and §3.4: partial responses stored, combined and completed. */

conformance(
  'partial responses',
  [
    { name: 'the same range', steps: [part(2, 5), stored('bytes=2-5', 2, 5)] },
    { name: 'a range inside it', steps: [part(2, 5), stored('bytes=3-4', 3, 4)] },
    { name: 'a suffix inside it', steps: [part(5, 9), stored('bytes=-2', 8, 9)] },
    { name: 'an open range inside it', steps: [part(5, 9), stored('bytes=6-', 6, 9)] },
    { name: 'a range partly outside', steps: [part(2, 5), part(4, 7)] },
    { name: 'the whole is not in it', steps: [part(2, 5), again()] },
    {
      name: 'the whole is not in it: HEAD',
      steps: [part(2, 5), { method: 'HEAD', response: { headers: FRESH }, reaches: true, status: 200, body: '' }],
    },
    {
      name: 'of an unknown length: ranges inside it that name both their ends',
      steps: [
        part(2, 5, TAG, '*'),
        stored('bytes=2-5', 2, 5, '*'),
        stored('bytes=3-4', 3, 4, '*'),
        part(4, 7, TAG, '*'),
        stored('bytes=2-7', 2, 7, '*'),
      ],
    },
    ...['bytes=4-', 'bytes=-1', 'bytes=4-6', 'bytes=20-21', 'bytes=2-3,-1'].map((value) => ({
      name: `of an unknown length: not ${value}`,
      steps: [part(2, 5, TAG, '*'), again(range(value))],
    })),
    {
      name: 'of an unknown length: not the whole, even from the beginning',
      steps: [
        part(0, 5, TAG, '*'),
        {
          response: { ...part(6, 9).response },
          reaches: true,
          request: { range: 'bytes=6-', 'if-range': '"abc"' },
          status: 200,
          body: TEN,
          expect: { 'content-length': '10', 'content-range': null },
        },
        { reaches: false, status: 200, body: TEN },
      ],
    },
    {
      name: 'of an unknown length: a part of a whole that is stored freshens it',
      steps: [
        { response: { headers: [...cc('max-age=0'), ...TAG], body: TEN }, reaches: true },
        part(0, 4, TAG, '*'),
        { reaches: false, status: 200, body: TEN },
      ],
    },
    {
      name: 'a 206 that is the whole is a 200 to others',
      steps: [part(0, 9), { reaches: false, status: 200, body: TEN, expect: { 'content-range': null } }],
    },
    {
      name: 'two parts without a gap make a whole',
      steps: [
        part(0, 4),
        part(5, 9),
        { reaches: false, status: 200, body: TEN, expect: { 'content-length': '10', 'content-range': null } },
      ],
    },
    {
      name: 'two parts in the other order make a whole',
      steps: [part(5, 9), part(0, 4), { reaches: false, status: 200, body: TEN }],
    },
    {
      name: 'parts that overlap make a whole',
      steps: [part(0, 6), part(4, 9), { reaches: false, status: 200, body: TEN }],
    },
    {
      name: 'two parts make a larger part',
      steps: [part(2, 4), part(5, 6), stored('bytes=3-6', 3, 6)],
    },
    {
      name: 'parts with a gap do not',
      steps: [part(0, 2), part(5, 9), again()],
    },
    {
      name: 'parts with weak tags are not joined',
      steps: [part(0, 4, [['ETag', 'W/"abc"']]), part(5, 9, [['ETag', 'W/"abc"']]), again()],
    },
    {
      name: 'parts without tags are not joined',
      steps: [part(0, 4, []), part(5, 9, []), again()],
    },
    {
      name: 'parts with the same date, which is strong, are joined',
      steps: [part(0, 4, OLD), part(5, 9, OLD), { reaches: false, status: 200, body: TEN }],
    },
    {
      name: 'parts with the same date, which is weak, are not joined',
      steps: [part(0, 4, [['Last-Modified', '{+60}']]), part(5, 9, [['Last-Modified', '{+60}']]), again()],
    },
    {
      name: 'parts with the same date and different tags are not joined',
      steps: [part(0, 4, [...TAG, ...OLD]), part(5, 9, [['ETag', '"other"'], ...OLD]), again()],
    },
    {
      name: 'a beginning with a strong date is completed with the rest',
      steps: [
        part(0, 4, OLD),
        {
          response: { status: 206, headers: [...FRESH, ...OLD, ['Content-Range', 'bytes 5-9/10']], body: '56789' },
          reaches: true,
          request: { range: 'bytes=5-', 'if-range': '{-5000}' },
          status: 200,
          body: TEN,
        },
        { reaches: false, status: 200, body: TEN },
      ],
    },
    {
      name: 'parts with different tags are not joined',
      steps: [part(0, 4), part(5, 9, [['ETag', '"other"']]), again()],
    },
    {
      name: 'parts of different lengths are not joined',
      steps: [part(0, 4), part(5, 9, TAG, 11), again()],
    },
    {
      name: 'the newer part brings its fields to the whole',
      steps: [
        part(0, 4, [...TAG, ['Test', 'A']]),
        part(5, 9, [...TAG, ['Test', 'B']]),
        { reaches: false, status: 200, body: TEN, expect: { test: 'B' } },
      ],
    },
    {
      name: 'a beginning is completed with the rest',
      steps: [
        part(0, 4),
        {
          response: { status: 206, headers: [...FRESH, ...TAG, ['Content-Range', 'bytes 5-9/10']], body: '56789' },
          reaches: true,
          request: { range: 'bytes=5-', 'if-range': '"abc"' },
          status: 200,
          body: TEN,
          expect: { 'content-length': '10', 'content-range': null },
        },
        { reaches: false, status: 200, body: TEN },
      ],
    },
    {
      name: 'a beginning of what has changed is replaced',
      steps: [
        part(0, 4),
        {
          response: { headers: [...FRESH, ['ETag', '"new"']], body: 'abcdefghij' },
          reaches: true,
          request: { range: 'bytes=5-' },
          status: 200,
          body: 'abcdefghij',
        },
        { reaches: false, status: 200, body: 'abcdefghij' },
      ],
    },
    {
      name: 'a part of a stale whole freshens it',
      steps: [
        { response: { headers: [...cc('max-age=0'), ...TAG, ['Test', 'A']], body: TEN }, reaches: true },
        part(0, 4, [...TAG, ['Test', 'B']]),
        {
          reaches: false,
          status: 200,
          body: TEN,
          expect: { test: 'B', 'content-range': null, 'content-length': '10' },
        },
        stored('bytes=3-6', 3, 6),
      ],
    },
    {
      name: 'a part of a stale whole with a weak tag does not freshen it',
      steps: [
        { response: { headers: [...cc('max-age=0'), ['ETag', 'W/"abc"']], body: TEN }, reaches: true },
        part(0, 4, [['ETag', 'W/"abc"']]),
        again(),
      ],
    },
    {
      name: 'a whole is not replaced by a part of it',
      steps: [
        whole(),
        { ...part(2, 5), headers: range('bytes=2-5', cc('no-cache')) },
        { reaches: false, status: 200, body: 0 },
      ],
    },
    {
      name: 'a part of something newer makes the older whole outdated',
      steps: [
        whole(),
        {
          headers: range('bytes=2-5', cc('no-cache')),
          response: {
            status: 206,
            headers: [...FRESH, ['ETag', '"new"'], ['Content-Range', 'bytes 2-5/10']],
            body: 'cdef',
          },
          reaches: true,
          status: 206,
          body: 'cdef',
        },
        { headers: range('bytes=2-5'), reaches: false, status: 206, body: 'cdef' },
        { response: { headers: FRESH, body: 'abcdefghij' }, reaches: true, status: 200, body: 'abcdefghij' },
      ],
    },
    {
      name: 'the rest that overlaps the beginning completes it',
      steps: [
        part(0, 4),
        { response: { ...part(3, 9).response }, reaches: true, request: { range: 'bytes=5-' }, status: 200, body: TEN },
        { reaches: false, status: 200, body: TEN },
      ],
    },
    {
      name: 'a stale beginning is completed with the rest',
      steps: [
        {
          ...part(0, 4),
          response: {
            ...part(0, 4).response,
            headers: [...cc('max-age=0'), ...TAG, ['Content-Range', 'bytes 0-4/10']],
          },
        },
        {
          response: { ...part(5, 9).response },
          reaches: true,
          request: { range: 'bytes=5-', 'if-range': '"abc"' },
          status: 200,
          body: TEN,
        },
        { reaches: false, status: 200, body: TEN },
      ],
    },
    {
      name: 'a 304 that nobody asked for is no rest: the whole is asked for once more',
      steps: [
        part(0, 4),
        // The origin of this scenario repeats itself; that passes then.
        {
          response: { status: 304, headers: TAG },
          status: 304,
          expect: { 'cache-status': /fwd-status=304/ },
          total: 3,
        },
        stored('bytes=0-4', 0, 4),
      ],
    },
    {
      name: 'only-if-cached gets what the part has, and 504 for the whole',
      steps: [
        part(0, 4),
        { headers: range('bytes=1-2', cc('only-if-cached')), reaches: false, status: 206, body: '12' },
        { headers: cc('only-if-cached'), reaches: false, status: 504 },
      ],
    },
    {
      name: 'an origin that fails leaves a part as it is',
      steps: [
        part(0, 4),
        { headers: range('bytes=8-9'), response: { status: 503 }, reaches: true, status: 503 },
        { response: { drop: true }, reaches: true, status: 502 },
        stored('bytes=0-4', 0, 4),
      ],
    },
    {
      name: 'multipart/byteranges passes and is not stored',
      steps: [
        {
          headers: range('bytes=0-0,2-2'),
          response: {
            status: 206,
            headers: [...FRESH, ...TAG, ['Content-Type', 'multipart/byteranges; boundary=x']],
            body: '--x--',
          },
          reaches: true,
          status: 206,
          body: '--x--',
        },
        again(range('bytes=0-0,2-2')),
      ],
    },
    {
      name: '206 without Content-Range is not stored',
      steps: [
        {
          headers: range('bytes=0-1'),
          response: { status: 206, headers: FRESH, body: '01' },
          reaches: true,
          status: 206,
        },
        again(),
      ],
    },
    {
      name: 'Content-Range beyond the length is not used',
      steps: [
        {
          headers: range('bytes=0-1'),
          response: { status: 206, headers: [...FRESH, ['Content-Range', 'bytes 0-11/10']], body: '01' },
          reaches: true,
          status: 206,
        },
        again(),
      ],
    },
    {
      name: '416 is not stored',
      steps: [
        {
          headers: range('bytes=50-'),
          response: { status: 416, headers: [...FRESH, ['Content-Range', 'bytes */10']] },
          reaches: true,
          status: 416,
        },
        again(),
      ],
    },
    {
      name: 'a 200 to a Range request is stored whole',
      steps: [
        {
          headers: range('bytes=0-1'),
          response: { headers: [...FRESH, ...TAG], body: TEN },
          reaches: true,
          status: 200,
          body: TEN,
        },
        { reaches: false, status: 200, body: TEN },
        { headers: range('bytes=0-1'), reaches: false, status: 206, body: '01' },
      ],
    },
    {
      name: 'a stale part is validated for the range it has',
      steps: [
        {
          headers: range('bytes=0-4'),
          response: {
            status: 206,
            headers: [...cc('max-age=0'), ...TAG, ['Content-Range', 'bytes 0-4/10']],
            body: '01234',
          },
          reaches: true,
        },
        {
          headers: range('bytes=0-4'),
          response: { status: 304, headers: [...FRESH, ...TAG] },
          reaches: true,
          request: { 'if-none-match': '"abc"', range: 'bytes=0-4' },
          status: 206,
          body: '01234',
        },
        { headers: range('bytes=0-4'), reaches: false, status: 206, body: '01234' },
      ],
    },
    {
      name: 'Range goes on as it came when nothing is stored',
      steps: [
        {
          headers: range('bytes=1-2', [['If-Range', '"z"']]),
          response: respond('no-store', [], { body: TEN }),
          reaches: true,
          request: { range: 'bytes=1-2', 'if-range': '"z"' },
          status: 200,
        },
      ],
    },
  ],
  { alsoPrivate: true },
);
