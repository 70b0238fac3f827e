import { readdir } from 'node:fs/promises'
import { createTestRunscEngine } from '../support/runsc-sandbox.ts'
import { attackSettings, describeAttacks } from './sandbox-attacks.ts'

const own = new Set<string>()

describeAttacks({
  name: 'the runsc driver',
  start: () =>
    createTestRunscEngine({
      settings: attackSettings,
      warm: true,
      onEvent: (event) => {
        if (event.type === 'sandbox-start') own.add(event.id)
      },
    }),
  leftovers: async () => {
    const folders = ['/run/sallyport/runsc/bundles', '/sys/fs/cgroup/memory/sallyport', '/sys/fs/cgroup/sallyport']
    const names = await Promise.all(folders.map((folder) => readdir(folder).catch(() => [])))
    return names.flat().filter((name) => own.has(name))
  },
})
