import { crc32, deflateSync } from 'node:zlib';

const width = 480;
const height = 180;

type Colour = readonly [red: number, green: number, blue: number];

/** Rows of hops under an evening sky, as a PNG of 480 × 180 pixels. Drawn in code, so that the demo ships no binary file. */
export function fieldPicture(): Buffer {
  const raw = Buffer.alloc((width * 3 + 1) * height);
  for (let column = 0; column < width; column++) {
    const x = column / width;
    const horizons = [horizonAt(x, 2), horizonAt(x, 1), horizonAt(x, 0)] as const;
    for (let line = 0; line < height; line++) {
      // Every scanline starts with its filter type; 0 is "none" (PNG, section 9).
      raw.set(colourAt(x, line / height, horizons), line * (width * 3 + 1) + 1 + column * 3);
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // Eight bits a sample, RGB; deflate, adaptive filtering, no interlace.
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(raw)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(typed.length + 8);
  framed.writeUInt32BE(data.length, 0);
  typed.copy(framed, 4);
  framed.writeUInt32BE(crc32(typed), typed.length + 4);
  return framed;
}

/** The colour at `x`, `y`, both from 0 (left, top) to 1; `horizons` are the hills' tops at `x`, nearest first. */
function colourAt(x: number, y: number, horizons: readonly [number, number, number]): Colour {
  for (const [i, hill] of hills.entries()) {
    if (y > (horizons[i] ?? 1)) return rows(x, y, hill, hills.length - 1 - i);
  }
  const sunDistance = Math.hypot((x - 0.72) * (width / height), y - 0.42);
  if (sunDistance < 0.09) return [255, 226, 160];
  const glow = Math.max(0, 0.5 - sunDistance) * 120;
  return mix([70, 92, 140], [246, 176, 122], Math.min(1, y / 0.55), glow);
}

/** The hills' colours from the nearest to the farthest, in which order near hills hide far ones. */
const hills: readonly Colour[] = [
  [42, 92, 46],
  [62, 112, 66],
  [96, 134, 104],
];

/** How far from the top hill number `hill` begins; 0 is the farthest. */
function horizonAt(x: number, hill: number): number {
  return 0.52 + hill * 0.14 + 0.035 * Math.sin(x * (7 + hill * 3) + hill * 2) + 0.015 * Math.sin(x * 19 + hill);
}

/** Darkens a hill where the rows of plants run towards a vanishing point. */
function rows(x: number, y: number, colour: Colour, hill: number): Colour {
  const depth = Math.max(0.05, y - 0.38);
  const line = Math.abs(Math.sin(((x - 0.55) / depth) * (6 + hill * 2)));
  return mix(colour, [24, 56, 32], line > 0.72 ? 0.55 : 0.1, 0);
}

function mix(from: Colour, to: Colour, share: number, light: number): Colour {
  return [
    channel(from[0], to[0], share, light),
    channel(from[1], to[1], share, light),
    channel(from[2], to[2], share, light),
  ];
}

function channel(from: number, to: number, share: number, light: number): number {
  return Math.max(0, Math.min(255, Math.round(from + (to - from) * share + light)));
}
