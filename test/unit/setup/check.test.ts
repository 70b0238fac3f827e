import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const check = fileURLToPath(new URL('../../../setup/check.mjs', import.meta.url))
const good = { lint: 'true', 'format:check': 'true', unused: 'true', 'test:unit': 'true' }

/** Runs the check in a project whose scripts are these. */
function checked(scripts: Record<string, string>, parameters: readonly string[] = []) {
  const folder = temporaryFolder('sallyport-check-')
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ scripts: { ...good, ...scripts } }))
  return spawnSync(process.execPath, [check, ...parameters], { cwd: folder, encoding: 'utf8' })
}

describe('the check', () => {
  it('is good where everything it runs is, and says nothing', () => {
    expect(checked({})).toMatchObject({ status: 0, stdout: '', stderr: '' })
  })

  it.each(Object.keys(good))('fails where %s does, and names it', (script) => {
    const { status, stderr } = checked({ [script]: 'exit 3' })
    expect(status).toBe(1)
    expect(stderr).toContain(`✖ Failed: ${script}.`)
  })

  it('shows what a reader said that failed, and nothing of those that did not', () => {
    const { stderr } = checked({ lint: 'echo "all fine"', unused: 'echo "a.ts is used nowhere"; exit 1' })
    expect(stderr).toContain('a.ts is used nowhere')
    expect(stderr).not.toContain('all fine')
  })

  it('goes on with the others where one fails, and gives the tests the parameters', () => {
    const { stdout, stderr } = checked(
      { lint: 'exit 1', unused: 'exit 1', 'test:unit': 'node -p "process.argv.slice(1).join()"' },
      ['one', 'two'],
    )
    expect(stdout.trim()).toBe('one,two')
    expect(stderr).toContain('✖ Failed: lint, unused.')
  })
})
