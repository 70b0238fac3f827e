import { randomBytes } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import { expect, it } from 'vitest'
import { restoreBackup } from '../../src/storage/backup/restore-backup.ts'
import { newId } from '../../src/core/new-id.ts'
import type { ShareContent, ShareFacts } from '../../src/core/shares.ts'
import { KeyRing } from '../../src/sealed/key-ring.ts'
import { ShareVault } from '../../src/sealed/share-vault.ts'
import type { OpenedStorage } from '../../src/storage/open-storage.ts'
import { verifies } from '../support/verifies.ts'
import { bytesIn, fileNamed, filesOf, whole } from './storage-files-contract.ts'
import { contents, runIn, vaultOf, wellEnded } from './storage-history-contract.ts'
import { backUp } from './storage-restore-contract.ts'

const roomy = { files: 100, bytes: 100_000_000, fileBytes: 50_000_000 }
const words = { title: 'Sales', metadata: {} }
const said = (content: string) => ({ type: 'message', role: 'user', content }) as const

/** What a backup has of conversations and files, and what a restore makes of it. */
export function restoredHistory(open: () => Promise<OpenedStorage>): void {
  it('has conversations and files, which come back where they are gone', async () => {
    verifies('history.backup')
    const storage = await open()
    const [vault, files] = [vaultOf(storage), filesOf(storage)]
    const running = await vault.begin('alice', runIn(null, { words }))
    const content = randomBytes(600_000)
    const kept = await files.keep(fileNamed('a.csv'), bytesIn(content), roomy)
    const twin = await files.keep(fileNamed('b.csv'), bytesIn(content), roomy)
    const path = await backUp(storage)
    await running.end('completed', wellEnded)
    const { db } = storage.database
    for (const table of ['conversations', 'conversation_runs', 'conversation_items'] as const) {
      await db.deleteFrom(table).execute()
    }
    for (const table of ['stored_files', 'file_contents', 'content_pieces'] as const) {
      await db.deleteFrom(table).execute()
    }
    const report = await restoreBackup(storage, path)
    expect(report).toMatchObject({ addedConversations: 1, addedFiles: 2 })
    expect(contents(await vault.runItems('alice', running.run.id))).toEqual(['how many?'])
    expect(await vault.showRun('alice', running.run.id)).toMatchObject({ state: 'interrupted' })
    expect(await whole(await files.open('alice', kept.id))).toEqual(content)
    await files.delete('alice', kept.id)
    expect(await whole(await files.open('alice', twin.id))).toEqual(content)
    expect(await restoreBackup(storage, path)).toMatchObject({ addedConversations: 0, addedFiles: 0 })
    await files.delete('alice', twin.id)
    expect(await restoreBackup(storage, path)).toMatchObject({ addedFiles: 0 })
    expect(await db.selectFrom('content_pieces').select('place').execute()).toEqual([])
  })

  it('brings back nothing of them that was deleted, or changed, since', async () => {
    verifies('history.backup')
    const storage = await open()
    const [vault, files] = [vaultOf(storage), filesOf(storage)]
    const [gone, kept] = [await vault.create('alice', words, [said('one')]), await vault.create('alice', words, [])]
    const file = await files.keep(fileNamed('a.csv'), bytesIn(randomBytes(9)), roomy)
    const path = await backUp(storage)
    await vault.delete('alice', gone.id)
    await files.delete('alice', file.id)
    await vault.add('alice', kept.id, [said('since')])
    expect(await restoreBackup(storage, path)).toMatchObject({ addedConversations: 0, addedFiles: 0 })
    expect(await vault.show('alice', gone.id)).toBeNull()
    expect(await files.show('alice', file.id)).toBeNull()
    expect(contents(await vault.items('alice', kept.id, { most: 9, order: 'asc' }))).toEqual(['since'])
  })

  it('has shares, which come back with their conversations, and none of them that was revoked since', async () => {
    verifies('shares.sealed')
    const storage = await open()
    const vault = vaultOf(storage)
    const ring = new KeyRing(randomBytes(32), [])
    const shares = new ShareVault(storage.shares, async () => ring)
    const { id: conversation } = await vault.create('alice', words, [])
    const factsOf = (): ShareFacts => ({
      id: newId('shr', 1),
      principal: 'alice',
      conversation,
      audience: 'group',
      group: 'team',
      secretDigest: null,
      made: new Date(storage.now()),
      expires: new Date(storage.now() + 86_400_000),
    })
    const [revoked, kept] = [factsOf(), factsOf()]
    const content: ShareContent = { title: null, items: [{ type: 'message', role: 'user', text: 'x'.repeat(600_000) }] }
    for (const facts of [revoked, kept]) await shares.add(facts, content, 9)
    const path = await backUp(storage)
    await shares.delete('alice', revoked.id)
    const { db } = storage.database
    for (const table of ['conversations', 'shares', 'share_pieces'] as const) await db.deleteFrom(table).execute()
    await restoreBackup(storage, path)
    expect(await shares.content(kept.id)).toEqual(content)
    const rows = await db.selectFrom('shares').select('id').execute()
    expect(rows.map(({ id }) => id)).toEqual([kept.id])
    const pieces = await db.selectFrom('share_pieces').select('share').execute()
    expect(pieces.map(({ share }) => share)).toEqual([kept.id, kept.id, kept.id])
  })

  it('changes nothing where a row of theirs is of another form', async () => {
    const storage = await open()
    const [vault, files] = [vaultOf(storage), filesOf(storage)]
    await vault.create('alice', words, [said('one')])
    await files.keep(fileNamed('a.csv'), bytesIn(randomBytes(9)), roomy)
    for (const wrong of [
      "UPDATE conversations SET id = 'conv_x'",
      "UPDATE conversation_items SET sealed = ''",
      'UPDATE content_pieces SET sealed = zeroblob(2000000)',
      "UPDATE file_contents SET owner = 'somebody'",
      "INSERT INTO share_pieces VALUES ('shr_x', 0, 'x')",
      'CREATE INDEX stored_files_made_again ON stored_files (abs(bytes))',
    ]) {
      const path = await backUp(storage)
      const copy = new DatabaseSync(path)
      copy.exec(wrong)
      copy.close()
      await expect(restoreBackup(storage, path)).rejects.toMatchObject({ code: 'invalid-file' })
    }
    expect(await vault.list('alice', { most: 9 })).toHaveLength(1)
  })
}
