import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { sallyportHere } from '../cli/sallyport-here.ts'
import { cleanEnvironment } from '../cli/sallyport-process.ts'
import { ScannedUpstream } from '../waf/scanned-upstream.ts'
import { wafFolder, wafProgram } from '../waf/waf-program.ts'
import { WafServer } from '../waf/waf-server.ts'

/** Runs the line but for where its output goes: it prints the file that the proxy is shipped with, or rules of others. */
export async function expectExclusions(words: readonly string[]): Promise<void> {
  const ended = await sallyportHere(words.slice(0, words.includes('>') ? words.indexOf('>') : words.length), {
    environment: cleanEnvironment(),
  })
  expect(ended.code).toBe(0)
  const isOther = words.includes('aws') || words.includes('cloudflare')
  if (!isOther) expect(ended.stdout).toBe(readFileSync(join(wafFolder, 'exclusions.conf'), 'utf8'))
  else expect(Object.keys(JSON.parse(ended.stdout) as object)).toEqual([words.includes('aws') ? 'Rules' : 'rules'])
}

/** Builds the proxy, or starts it with the flags of the line, but for the addresses. */
export async function expectWaf(line: string): Promise<void> {
  const program = wafProgram()
  if ('missing' in program) {
    process.stderr.write(`SKIPPED: ${line}: ${program.missing}\n`)
    return
  }
  expect(line).toMatch(
    /^go build -C deploy\/waf -buildvcs=false -tags no_fs_access -trimpath -o \S+ \.$|^\.\/sallyport-waf( -(listen|upstream|exclusions) \S+)+$/,
  )
  const exclusions = /-exclusions (\S+)/.exec(line)?.[1]
  if (exclusions === undefined) return
  await using upstream = await ScannedUpstream.start()
  await using waf = await WafServer.start(program.path, upstream.url, {
    exclusions: join(wafFolder, '../..', exclusions),
  })
  expect((await fetch(`${waf.url}/v1/models`)).status).toBe(200)
}
