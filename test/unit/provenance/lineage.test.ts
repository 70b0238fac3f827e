import { describe, expect, it } from 'vitest'
import { Lineage } from '../../../src/provenance/lineage.ts'

/** A file that somebody sent is read, and what comes of it goes on through everything that a session makes. */
function laundering(): Lineage {
  const lineage = new Lineage()
  lineage.read('question', 'user')
  lineage.read('guests.csv', 'file')
  lineage.enter('sandbox-1', ['question', 'guests.csv'])
  lineage.make('frame', 'artifact', ['sandbox-1'])
  lineage.make('chart-title', 'artifact', ['frame'])
  lineage.make('later-cell', 'artifact', ['sandbox-1'])
  lineage.make('summary', 'turn', ['chart-title', 'question'])
  return lineage
}

describe('what things were made of', () => {
  it.each(['frame', 'chart-title', 'later-cell', 'summary'])('is not washed off: %s', (id) => {
    expect(laundering().originsOf(id)).toStrictEqual(['file', 'user'])
  })

  it('is still there the next day, where what was kept is brought', () => {
    const nextDay = new Lineage()
    nextDay.bring('before', 'turn', laundering().originsOf('summary'))
    nextDay.make('turn-2', 'turn', ['before'])
    expect(nextDay.originsOf('turn-2')).toStrictEqual(['file', 'user'])
    expect(nextDay.things.find(({ id }) => id === 'turn-2')?.from).toStrictEqual(['before'])
  })

  it('stays with a variable that is written again of something clean', () => {
    const lineage = laundering()
    lineage.make('frame', 'artifact', ['question'])
    expect(lineage.originsOf('frame')).toStrictEqual(['file', 'user'])
  })

  it('stays with a sandbox until it is another one', () => {
    const lineage = laundering()
    lineage.enter('sandbox-1', ['question'])
    lineage.make('clean-looking', 'artifact', ['sandbox-1'])
    expect(lineage.originsOf('clean-looking')).toStrictEqual(['file', 'user'])
    lineage.renew('sandbox-1')
    lineage.enter('sandbox-1', ['question'])
    lineage.make('new', 'artifact', ['sandbox-1'])
    expect(lineage.originsOf('new')).toStrictEqual(['user'])
  })

  it('is unknown, and not trusted, for what nobody has named or followed', () => {
    const lineage = new Lineage()
    lineage.make('turn', 'turn', ['history-of-the-client'])
    lineage.make('from-nothing', 'file', [])
    for (const id of ['turn', 'from-nothing', 'never-heard-of'])
      expect(lineage.originsOf(id)).toStrictEqual(['unknown'])
  })
})
