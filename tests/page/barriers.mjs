// What axe-core finds that would bar somebody from the page, whatever its weight.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/// One line for each violation; none is as it must be.
export async function barriersOf(page) {
  // Through the debugger, so that the page's own policy stays in force.
  await page.evaluate(axe);
  return page.evaluate(() =>
    window.axe
      .run(document, { resultTypes: ['violations'] })
      .then(({ violations }) =>
        violations.map(
          (one) => `${one.id} (${one.impact}): ${one.nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`,
        ),
      ),
  );
}
