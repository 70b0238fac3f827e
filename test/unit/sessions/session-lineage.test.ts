import { describe, expect, it } from 'vitest'
import { fileThing, modelThing, sandboxThing } from '../../../src/provenance/lineage.ts'
import type { SessionFile } from '../../../src/sessions/session-file.ts'
import { Session } from '../../../src/sessions/session.ts'
import { RecordingSandbox } from '../../support/sandbox/recording-sandbox.ts'

const live = new AbortController().signal

function file(path: string, rest: Partial<SessionFile> = {}): SessionFile {
  const open = (): AsyncIterable<Uint8Array> => ReadableStream.from([Buffer.from('content')])
  return { path, kind: 'attached', description: '', bytes: 7, open, ...rest }
}

function session(): Session<RecordingSandbox> {
  return new Session({ id: 's', tenant: 't', limits: {}, claim: async () => new RecordingSandbox() })
}

/** Where a sandbox and what it makes came from, when the model has read what is the person's alone. */
async function originsAfter(work: (of: Session<RecordingSandbox>) => Promise<void>): Promise<readonly string[]> {
  await using of = session()
  of.lineage.read(modelThing, 'user')
  await work(of)
  await of.sandboxFor('1', live)
  of.lineage.make('made', 'artifact', [sandboxThing])
  return of.lineage.originsOf('made')
}

describe('what a session was made of', () => {
  it('is what the person wrote where nothing else has come in', async () => {
    expect(await originsAfter(async () => undefined)).toStrictEqual(['user'])
  })

  it('is the files that they gave, and the rows that were asked for, from when a sandbox has them', async () => {
    expect(await originsAfter((of) => of.addFile(file('a.csv'), live))).toStrictEqual(['file', 'user'])
    expect(await originsAfter((of) => of.addFile(file('r.parquet', { kind: 'result' }), live))).toStrictEqual([
      'row',
      'user',
    ])
  })

  it('is what is known of a file that was made elsewhere', async () => {
    const origins = ['row', 'unknown'] as const
    expect(await originsAfter(async (of) => of.holdFile(file('made.csv', { origins })))).toStrictEqual([
      'row',
      'unknown',
      'user',
    ])
  })

  it('is not known of a program that nobody has followed', async () => {
    await using of = session()
    await of.sandboxFor('1', live)
    expect(of.lineage.originsOf(sandboxThing)).toStrictEqual(['unknown'])
  })

  it('stays with a file whose name is taken by another one, and with what was made before a file was taken away', async () => {
    const origins = await originsAfter(async (of) => {
      await of.addFile(file('a.csv'), live)
      await of.sandbox(live)
      await of.removeFile('a.csv', live)
      await of.addFile(file('a.csv', { origins: ['user'] }), live)
    })
    expect(origins).toStrictEqual(['file', 'user'])
  })

  it('is begun anew with a sandbox that takes the place of one that died, but for the files that it is given again', async () => {
    await using of = session()
    of.lineage.read(modelThing, 'user')
    await of.addFile(file('r.parquet', { kind: 'result' }), live)
    const first = await of.sandboxFor('1', live)
    expect(of.lineage.originsOf(sandboxThing)).toStrictEqual(['row', 'user'])
    first.sandbox.alive = false
    await of.sandboxFor('1', live)
    expect(of.lineage.originsOf(sandboxThing)).toStrictEqual(['user'])
    await of.addFile(file('a.csv'), live)
    const second = await of.sandboxFor('1', live)
    second.sandbox.alive = false
    await of.sandboxFor('1', live)
    expect(of.lineage.originsOf(sandboxThing)).toStrictEqual(['file', 'user'])
  })

  it('goes along with the files of a sandbox that is begun anew', async () => {
    await using of = session()
    of.lineage.read(modelThing, 'row')
    const { sandbox } = await of.sandboxFor('1', live)
    Object.assign(sandbox.files, { list: async () => [{ path: 'made.txt', bytes: 4 }] })
    await of.restart(live)
    expect(of.lineage.originsOf(fileThing('made.txt'))).toStrictEqual(['row'])
    expect(of.lineage.originsOf(sandboxThing)).toStrictEqual(['row'])
  })
})
