import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, it } from 'vitest'
import { SqliteThread } from '../../../../src/storage/embedded/sqlite-thread.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'

it('has the time of the disk begin when the code of its thread is loaded', async () => {
  const path = join(temporaryFolder('sqlite-thread-'), 'a.db')
  new DatabaseSync(path).close()
  const first = async (): Promise<boolean> => {
    // Loading takes several times as long.
    await using thread = new SqliteThread({ path, readOnly: true, patienceMilliseconds: 5, outlives: 'kill' }, 10)
    return await thread.single({ sql: 'SELECT 1', parameters: [] }).then(
      () => true,
      () => false,
    )
  }
  // A busy machine may leave a thread waiting for as long, but not each of many.
  const came: boolean[] = []
  while (came.length < 20 && came.at(-1) !== true) came.push(await first())
  expect(came.at(-1)).toBe(true)
})

it('carries out what was sent before its end, also where its thread is not loaded by then', async () => {
  const path = join(temporaryFolder('sqlite-thread-'), 'a.db')
  new DatabaseSync(path).close()
  const last = async (): Promise<string> => {
    const thread = new SqliteThread({ path, readOnly: true, patienceMilliseconds: 5, outlives: 'kill' }, 10)
    const answer = thread.single({ sql: 'SELECT 1', parameters: [] }).then(
      () => 'came',
      (error: unknown) => (error as Error).message,
    )
    await thread[Symbol.asyncDispose]()
    return answer
  }
  // On a busy machine the disk may take longer than it has, and the thread is ended no sooner for it.
  const seen: string[] = []
  while (seen.length < 20 && seen.at(-1) !== 'came') seen.push(await last())
  expect(seen.at(-1)).toBe('came')
})
