import type { TestSpecification } from 'vitest/node';
import { BaseSequencer } from 'vitest/node';

/**
 * Starts the tests of the desktop app before all others. Where no earlier run has told how long files take, vitest begins with the
 * largest ones. These are small, since their journeys are elsewhere, and long: the last one would have the machine for itself.
 */
export class DesktopFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const { desktop = [], other = [] } = Object.groupBy(sorted, ({ moduleId }) =>
      moduleId.includes('/tests/desktop/') ? 'desktop' : 'other',
    );
    return [...desktop, ...other];
  }
}
