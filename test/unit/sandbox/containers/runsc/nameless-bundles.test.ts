import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import {
  clearNamelessBundles,
  labelsName,
  readLabels,
} from '../../../../../src/sandbox/containers/runsc/nameless-bundles.ts'
import { readOwner, toLabels } from '../../../../../src/sandbox/engine/owner.ts'
import { temporaryFolder } from '../../../../support/temporary-folder.ts'

const names = ['sbx-00000000000000aa', 'sbx-00000000000000bb', 'sbx-00000000000000cc', 'sbx-00000000000000dd'] as const

it('removes the bundles that a service left before it wrote down whose they are, once they have had their time', async () => {
  const folder = temporaryFolder('bundles-')
  const [labelled, empty, torn, foreign] = names
  for (const name of [...names, 'notes']) await mkdir(join(folder, name))
  const labels = toLabels(labelled, await readOwner())
  await writeFile(join(folder, labelled, labelsName), JSON.stringify(labels))
  await writeFile(join(folder, torn, labelsName), JSON.stringify(labels).slice(0, 20))
  await writeFile(join(folder, foreign, labelsName), '{"whose": "nobody\'s"}')
  // The time of the last change is the kernel's: nobody makes a folder older than it is.
  await utimes(join(folder, empty), new Date(0), new Date(0))
  await clearNamelessBundles(folder, 60_000)
  expect(await readdir(folder)).toHaveLength(5)
  await clearNamelessBundles(folder, 0)
  expect((await readdir(folder)).toSorted()).toEqual(['notes', labelled])
  expect(await readLabels(join(folder, labelled))).toMatchObject({ id: labelled })
})

it('removes nothing where there is no folder', async () => {
  await expect(clearNamelessBundles('/nowhere/bundles', 0)).resolves.toBeUndefined()
})
