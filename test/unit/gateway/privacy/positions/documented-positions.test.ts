import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { positionsOf } from '../../../../../src/gateway/privacy/positions/api-positions.ts'
import type { Positions } from '../../../../../src/gateway/privacy/positions/position.ts'
import { callForms, positionCounts } from '../../../../support/privacy/positions/position-cases.ts'
import { verifies } from '../../../../support/verifies.ts'

const root = resolve(import.meta.dirname, '../../../../..')
const document = readFileSync(join(root, 'docs/pii.md'), 'utf8')

/** What docs/pii.md calls what stands at a position. */
const names = {
  text: 'words',
  identifier: 'names for programs',
  json: 'JSON for a tool',
  'tool-text': 'other text for a tool',
  schema: 'JSON Schema',
  'file-name': 'names of files',
  data: 'files',
  media: 'pictures, sounds, addresses of files',
  place: 'where somebody is',
  'token-ids': 'text, never ids of tokens',
  sealed: 'sealed by the provider',
  kept: 'left as it is',
} as const

function tableOf(positions: Positions): string {
  const byKind = Map.groupBy(Object.entries(positions), ([, kind]) => kind)
  const rows = Object.entries(names).flatMap(([kind, name]) => {
    const places = byKind.get(kind as keyof typeof names)?.map(([path]) => `\`${path}\``)
    return places === undefined ? [] : [`| ${name} | ${places.join(' ')} |`]
  })
  return ['| what | where |', '|---|---|', ...rows].join('\n')
}

describe('the tables of docs/pii.md', () => {
  it.each([
    ['Chat Completions', positionsOf['chat-completions']],
    ['Responses', positionsOf.responses],
    ['Messages', positionsOf.messages],
    ['Embeddings', positionsOf.embeddings],
  ])('have every position of a request of %s, and none that there is not', (api, { request }) => {
    verifies('pii.positions')
    const [, section = ''] = document.split(`\n### ${api}\n`)
    expect(section.split('\n#')[0]?.trim()).toBe(tableOf(request))
  })

  it('are behind a count of the positions at which values were put to the test', () => {
    verifies('pii.every-position')
    const titles = ['Chat Completions', 'Responses', 'Messages', 'Embeddings']
    const rows = callForms.map((form, index) => {
      const { rows: known, unknown } = positionCounts(form)
      expect(known + unknown).toBeGreaterThanOrEqual(form.api === 'embeddings' ? 10 : 18)
      return `| ${titles[index]} | ${known} | ${unknown} |`
    })
    expect(document).toContain(['| | rows | other members |', '|---|---|---|', ...rows].join('\n'))
  })

  it('say what becomes of everything that stands at a position', () => {
    const [, section = ''] = document.split('\n## Positions\n')
    for (const name of Object.values(names)) expect(section.split('\n### ')[0]).toContain(`| ${name} |`)
  })
})
