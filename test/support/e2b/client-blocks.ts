import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'

/** The block of docs/clients.md under E2B in that language. */
export function e2bBlock(language: 'ts' | 'python' | 'yaml'): string {
  const page = readFileSync(resolve(import.meta.dirname, '../../../docs/clients.md'), 'utf8')
  const section = page.split(/^## /m).find((text) => text.startsWith('E2B\n')) ?? ''
  const text = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'ms').exec(section)?.[1]
  if (text === undefined) throw new Error(`docs/clients.md has no ${language} for E2B`)
  return text
}
