import { restoreBackup } from '../../../src/storage/backup/restore-backup.ts'
import { openStorage } from '../../../src/storage/open-storage.ts'
import { storageOptions } from '../../../src/storage/options.ts'

// Restores a backup into the storage of these options, once the storage is open.

const [options = '{}', folder = '', path = ''] = process.argv.slice(2)
const config = { storage: storageOptions.parse(JSON.parse(options)), state_directory: folder }
await using storage = await openStorage(config, { for: 'command' })
process.stdout.write('open\n')
await restoreBackup(storage, path)
process.stdout.write('restored\n')
