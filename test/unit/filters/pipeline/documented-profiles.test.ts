import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { filtersOptions } from '../../../../src/filters/options.ts'
import { verifies } from '../../../support/verifies.ts'

const page = readFileSync(resolve(import.meta.dirname, '../../../../docs/content-filters.md'), 'utf8')
const own = page.slice(page.indexOf('\n## Profiles'), page.indexOf('\n## What a caller sees'))
const examples = [...own.matchAll(/^```yaml\n(.*?)^```/gms)].map(([, text = '']) => text)

describe('the profiles of docs/content-filters.md', () => {
  it.each(examples)('are settings of the filters: %s', (text) => {
    verifies('content.examples')
    const { filters } = parse(text) as { readonly filters: unknown }
    expect(filtersOptions.safeParse(filters).error?.issues).toBeUndefined()
  })

  it('are some', () => {
    expect(examples.length).toBeGreaterThan(1)
  })
})
