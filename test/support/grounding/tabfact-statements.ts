import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { corpus } from '../corpora/corpora.ts'
import { factTable } from './fact-table.ts'
import type { FreeSentence } from './free-sentence.ts'
import { isLookedAt } from './generate/corpus-tables.ts'
import { sourceTable, type SourceTable } from './generate/source-table.ts'

export interface Statement {
  readonly tables: readonly SourceTable[]
  readonly text: string
  readonly right: boolean
}

const examples = z.record(z.string(), z.tuple([z.array(z.string()), z.array(z.number()), z.string()]))

/**
 * TabFact's own statements, which hundreds of people wrote for its tables and which it has as lemmas ("the team have 3 win"), of tables that
 * none of our sets is about; those with a figure alone. By a hash of their ids one half of the tables is looked at. Some of its labels are wrong.
 */
export function tabfactStatements(
  half: 'looked at' | 'counted alone',
  sets: readonly FreeSentence[],
): readonly Statement[] {
  const folder = corpus('grounding')
  if (folder === null) return []
  const used = new Set(sets.map(({ table }) => table))
  const all = examples.parse(JSON.parse(readFileSync(join(folder, 'tabfact-val.json'), 'utf8')))
  return Object.entries(all).flatMap(([file, [texts, labels, caption]]) => {
    const id = file.replace('.html.csv', '')
    const facts = used.has(id) || isLookedAt(`tabfact/${id}`) !== (half === 'looked at') ? null : factTable(id)
    if (facts === null) return []
    const title = caption === 'none' ? id : caption
    const tables = [sourceTable(id, 'tabfact', { title, columns: facts.columns, cells: facts.rows })]
    return texts.flatMap((text, at): Statement[] =>
      /\d/.test(text)
        ? [{ tables, text: `${text.charAt(0).toUpperCase()}${text.slice(1)}.`, right: labels[at] === 1 }]
        : [],
    )
  })
}
