/** The oldest Node that has all that this needs; package.json's `engines` says the same, to which npm only adds a warning. */
const OLDEST = [22, 13] as const;

/** Why this program cannot run on a Node of a version such as `22.13.1`; undefined when it can. */
export function nodeObstacle(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [wanted, least] = OLDEST;
  if (major > wanted || (major === wanted && minor >= least)) return undefined;
  return `Node ${OLDEST.join('.')} or newer is needed, and this is ${version}; see https://nodejs.org/`;
}
