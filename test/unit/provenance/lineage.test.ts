import { describe, expect, it } from 'vitest'
import { Lineage } from '../../../src/provenance/lineage.ts'

/** A file that somebody sent is read, and what comes of it goes on through everything that a session makes. */
function laundering(): Lineage {
  const lineage = new Lineage()
  lineage.read('question', 'user')
  lineage.read('guests.csv', 'file')
  lineage.enter('sandbox-1', ['question', 'guests.csv'])
  lineage.make('frame', 'variable', ['sandbox-1'])
  lineage.make('chart-title', 'artifact', ['frame'])
  lineage.make('later-cell', 'variable', ['sandbox-1'])
  lineage.make('summary', 'summary', ['chart-title', 'question'])
  return lineage
}

describe('what things were made of', () => {
  it.each(['frame', 'chart-title', 'later-cell', 'summary'])('is not washed off: %s', (id) => {
    expect(laundering().originsOf(id)).toStrictEqual(['file', 'user'])
    expect(laundering().isTainted(id)).toBe(true)
  })

  it('is still there the next day and in what is exported then', () => {
    const kept: unknown = JSON.parse(JSON.stringify(laundering().things))
    const nextDay = new Lineage(kept as ConstructorParameters<typeof Lineage>[0])
    nextDay.make('turn-2', 'turn', ['summary'])
    nextDay.make('notebook', 'export', ['turn-2'])
    expect(nextDay.originsOf('notebook')).toStrictEqual(['file', 'user'])
    expect(nextDay.things.find(({ id }) => id === 'notebook')?.from).toStrictEqual(['turn-2'])
  })

  it('stays with a variable that is written again of something clean', () => {
    const lineage = laundering()
    lineage.make('frame', 'variable', ['question'])
    expect(lineage.originsOf('frame')).toStrictEqual(['file', 'user'])
  })

  it('stays with a sandbox until it is another one', () => {
    const lineage = laundering()
    lineage.enter('sandbox-1', ['question'])
    lineage.make('clean-looking', 'variable', ['sandbox-1'])
    expect(lineage.isTainted('clean-looking')).toBe(true)
    lineage.renew('sandbox-1')
    lineage.enter('sandbox-1', ['question'])
    lineage.make('new', 'variable', ['sandbox-1'])
    expect(lineage.isTainted('new')).toBe(false)
  })

  it('is unknown, and not trusted, for what nobody has named or followed', () => {
    const lineage = new Lineage()
    lineage.make('turn', 'turn', ['history-of-the-client'])
    lineage.make('from-nothing', 'file', [])
    expect(lineage.originsOf('turn')).toStrictEqual(['unknown'])
    for (const id of ['turn', 'from-nothing', 'never-heard-of']) expect(lineage.isTainted(id)).toBe(true)
  })

  it('is cleared by a confirmation for the value that was shown, and not for where it stood', () => {
    const lineage = laundering()
    lineage.make('recipient', 'variable', ['frame'])
    lineage.confirm('recipient')
    expect(lineage.isTainted('recipient')).toBe(false)
    expect(lineage.isTainted('frame')).toBe(true)
    lineage.make('mail', 'export', ['recipient', 'frame'])
    expect(lineage.isTainted('mail')).toBe(true)
  })
})
