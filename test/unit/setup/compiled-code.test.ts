import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { boundCompiledCode } from '../../../setup/compiled-code.mjs'
import { temporaryFolder } from '../../support/temporary-folder.ts'

function folderOf(files: number): string {
  const folder = join(temporaryFolder('sallyport-compiled-'), 'compiled')
  mkdirSync(join(folder, 'version'), { recursive: true })
  for (let file = 1; file < files; file += 1) writeFileSync(join(folder, 'version', String(file)), '')
  return folder
}

it('compiled code of tests is kept up to a bound, and all of it goes beyond', () => {
  const [kept, removed] = [folderOf(5), folderOf(6)]
  expect([boundCompiledCode(kept, 5), boundCompiledCode(removed, 5)]).toEqual([false, true])
  expect(readdirSync(join(kept, 'version'))).toHaveLength(4)
  expect(existsSync(removed)).toBe(false)
  expect(boundCompiledCode(removed, 5)).toBe(false)
})
