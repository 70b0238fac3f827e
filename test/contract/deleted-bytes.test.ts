import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { keptHistory } from '../support/history/kept-history.ts'
import { openTemporaryStorage } from '../support/storage/open-temporary.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { verifies } from '../support/verifies.ts'

it('what was deleted, and its key, are in no byte of the storage', async () => {
  verifies('files.forgotten')
  verifies('history.forgotten')
  const folder = temporaryFolder('deleted-')
  const storage = await openTemporaryStorage(folder)
  const { conversations, files } = keptHistory(storage)
  const item = { type: 'message', role: 'user', content: 'x' } as const
  const { id } = await conversations.create('alice', { title: null, metadata: {} }, [item])
  const later = async () => ({ purpose: 'user_data', expires: null })
  const given = {
    principal: 'alice',
    name: 'a',
    mediaType: 'text/plain',
    preview: null,
    run: null,
    conversation: null,
    later,
  }
  const content = (async function* () {
    yield randomBytes(600_000)
  })()
  const file = await files.keep(given, content, { files: 9, bytes: 1e9, fileBytes: 1e9 })
  const [conversation, stored] = [
    await storage.conversations.show('alice', id),
    await storage.files.show('alice', file.id),
  ]
  const held = await storage.files.content(stored?.content ?? '')
  const piece = await storage.files.piece(stored?.content ?? '', 0)
  const secrets = [conversation?.wrappedKey, conversation?.sealed, stored?.wrappedKey, stored?.sealed, held?.wrappedKey]
  const needles = [
    ...secrets.map((text) => Buffer.from(text ?? 'missing')),
    Buffer.from(piece ?? []).subarray(100, 164),
  ]
  const found = () => {
    const paths = ['', '-wal'].map((ending) => join(folder, `sallyport.db${ending}`)).filter((path) => existsSync(path))
    return needles.map((needle) => paths.some((path) => readFileSync(path).includes(needle)))
  }
  expect(found()).toEqual(needles.map(() => true))
  await conversations.delete('alice', id)
  await files.delete('alice', file.id)
  expect(found()).toEqual(needles.map(() => false))
})
