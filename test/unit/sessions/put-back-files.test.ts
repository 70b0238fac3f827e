import { describe, expect, it } from 'vitest'
import type { CellResult } from '../../../src/core/result.ts'
import type { SessionFile } from '../../../src/sessions/session-file.ts'
import { Session, type SessionSandbox } from '../../../src/sessions/session.ts'

const live = new AbortController().signal

/** A sandbox whose files are in memory: `written` is what a program has written since it was asked last. */
class MemorySandbox implements SessionSandbox {
  alive = true
  readonly content = new Map<string, string>()
  refuses: string | null = null

  readonly files = {
    put: async (path: string, content: AsyncIterable<Uint8Array>) => {
      if (path === this.refuses) throw new Error('there is a folder')
      const pieces: Uint8Array[] = []
      for await (const piece of content) pieces.push(piece)
      this.content.set(path, Buffer.concat(pieces).toString('utf8'))
    },
    list: async () => [...this.content.keys()].map((path) => ({ path })),
    get: (path: string) => ReadableStream.from([Buffer.from(this.content.get(path) ?? '')]),
    delete: async (path: string) => void this.content.delete(path),
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.alive = false
  }
}

type Cell = Pick<CellResult, 'artifacts' | 'truncated' | 'unlistedFiles'>

const changed = (...paths: readonly string[]): Cell => ({
  artifacts: paths.map((path) => ({ path, bytes: 1 })),
  truncated: [],
})

const file = (path: string, rest: Partial<SessionFile> = {}): SessionFile => ({
  path,
  kind: 'attached',
  description: '',
  bytes: 1,
  open: () => ReadableStream.from([Buffer.from(`given ${path}`)]),
  ...rest,
})

interface Lab {
  readonly session: Session<MemorySandbox>
  readonly sandboxes: MemorySandbox[]
  readonly sandbox: MemorySandbox
  /** After a program that has written these. */
  readonly after: (
    cell: Cell,
    mayChange?: (path: string, count: number) => boolean,
  ) => ReturnType<Session<MemorySandbox>['putBack']>
}

async function lab(...files: readonly SessionFile[]): Promise<Lab> {
  const sandboxes: MemorySandbox[] = []
  const claim = async () => {
    const sandbox = new MemorySandbox()
    sandboxes.push(sandbox)
    return sandbox
  }
  const session = new Session({ id: 's', tenant: 't', limits: {}, claim })
  for (const each of files) await session.addFile(each, live)
  const sandbox = await session.sandbox(live)
  const never = () => false
  return {
    session,
    sandboxes,
    sandbox,
    after: (cell, mayChange = never) => session.putBack({ cell, mayChange }, live),
  }
}

describe('files of the person after a program', () => {
  it('have their own content again, and what it wrote lies beside them', async () => {
    const { sandbox, after } = await lab(file('sales.csv'), file('other.csv'))
    sandbox.content.set('sales.csv', 'forged')
    expect(await after(changed('sales.csv', 'new.txt'))).toStrictEqual([
      { path: 'sales.csv', changedTo: 'sales.changed.csv' },
    ])
    expect([...sandbox.content]).toStrictEqual([
      ['sales.csv', 'given sales.csv'],
      ['other.csv', 'given other.csv'],
      ['sales.changed.csv', 'forged'],
    ])
  })

  it.each([
    ['have their own content again where nothing says that it was changed', 4 * 1024 * 1024, true],
    ['are known by what the sandbox says where they are large', 4 * 1024 * 1024 + 1, false],
  ])('%s', async (_what, bytes, isPutBack) => {
    const { sandbox, after } = await lab(file('sales.csv', { bytes }))
    sandbox.content.set('sales.csv', 'forged')
    expect(await after(changed())).toStrictEqual(
      isPutBack ? [{ path: 'sales.csv', changedTo: 'sales.changed.csv' }] : [],
    )
    expect(sandbox.content.get('sales.csv')).toBe(isPutBack ? 'given sales.csv' : 'forged')
    expect(sandbox.content.get('sales.changed.csv')).toBe(isPutBack ? 'forged' : undefined)
  })

  it('are left as they are where they are what they were', async () => {
    const { sandbox, after } = await lab(file('sales.csv'))
    sandbox.refuses = 'sales.csv'
    expect(await after(changed())).toStrictEqual([])
    expect([...sandbox.content]).toStrictEqual([['sales.csv', 'given sales.csv']])
  })

  it('are there again where it has taken them away', async () => {
    const { sandbox, after } = await lab(file('sales.csv'))
    sandbox.content.delete('sales.csv')
    expect(await after(changed())).toStrictEqual([{ path: 'sales.csv', changedTo: null }])
    expect(sandbox.content.get('sales.csv')).toBe('given sales.csv')
  })

  it('keep what an earlier program wrote under a name of its own each time', async () => {
    const { sandbox, after } = await lab(file('folder/sales.csv'))
    for (const text of ['one', 'two']) {
      sandbox.content.set('folder/sales.csv', text)
      await after(changed('folder/sales.csv'))
    }
    expect(Object.fromEntries(sandbox.content)).toStrictEqual({
      'folder/sales.csv': 'given folder/sales.csv',
      'folder/sales.changed.csv': 'one',
      'folder/sales.changed-2.csv': 'two',
    })
  })

  it('stay as they were written where the person asks for it, and where a program made them', async () => {
    const { sandbox, after } = await lab(file('sales.csv'), file('made.csv', { isMade: true }))
    sandbox.content.set('sales.csv', 'cleaned')
    sandbox.content.set('made.csv', 'again')
    expect(await after(changed('sales.csv', 'made.csv'), (path) => path === 'sales.csv')).toStrictEqual([])
    expect([...sandbox.content.values()]).toStrictEqual(['cleaned', 'again'])
  })

  it.each([
    ['the list of what was changed was cut', { artifacts: [], truncated: ['artifacts'] }],
    ['something else took the place of files', { artifacts: [], truncated: [], unlistedFiles: 1 }],
  ])('are put back all together where %s', async (_what, cell) => {
    const { sandbox, after } = await lab(file('a.csv'), file('b.csv'))
    sandbox.content.set('b.csv', 'forged')
    await after(cell)
    expect([...sandbox.content.values()]).toStrictEqual(['given a.csv', 'given b.csv'])
  })

  it('are in the next sandbox where they cannot be put back', async () => {
    const { session, sandbox, sandboxes, after } = await lab(file('sales.csv'))
    sandbox.refuses = 'sales.csv'
    await expect(after(changed('sales.csv'))).rejects.toMatchObject({ code: 'sandbox-lost' })
    expect(sandbox.alive).toBe(false)
    const next = await session.sandbox(live)
    expect(sandboxes).toHaveLength(2)
    expect(next.content.get('sales.csv')).toBe('given sales.csv')
  })
})
