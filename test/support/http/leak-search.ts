import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The part of a text in base64 that is the same whatever stands before it and behind it, for each of its three places. */
function base64Parts(bytes: Buffer): string[] {
  return [0, 1, 2].map((shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64url')
    return encoded.slice(Math.ceil((shift * 4) / 3), Math.floor(((shift + bytes.length) * 4) / 3))
  })
}

/** As a text is found in a file: as it is, in the ways in which it is commonly written, in bytes as characters. */
function spellings(text: string): string[] {
  const bytes = Buffer.from(text)
  const json = JSON.stringify(text).slice(1, -1)
  const codes = json.replaceAll(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
  const base64 = base64Parts(bytes)
  return [
    text,
    bytes.toString('latin1'),
    json,
    codes,
    JSON.stringify(json).slice(1, -1),
    JSON.stringify(codes).slice(1, -1),
    encodeURIComponent(text),
    encodeURIComponent(text).replaceAll('%20', '+'),
    bytes.toString('hex'),
    ...base64,
    ...base64.map((part) => part.replaceAll('-', '+').replaceAll('_', '/')),
  ]
}

/** Which of the secrets stand in which of the texts, in any spelling: `log: email`. */
export function found(
  texts: Readonly<Record<string, string>>,
  secrets: Readonly<Record<string, string>>,
): readonly string[] {
  const looked = Object.entries(secrets).map(([name, secret]) => [name, [...new Set(spellings(secret))]] as const)
  return Object.entries(texts).flatMap(([place, text]) =>
    looked
      .filter(([, written]) => written.some((spelling) => text.includes(spelling)))
      .map(([name]) => `${place}: ${name}`),
  )
}

/** Every file below the folders by its path, its bytes as characters. */
export function filesIn(folders: readonly string[]): Record<string, string> {
  const files: Record<string, string> = {}
  for (const folder of folders) {
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name)
      if (entry.isFile()) files[path] = readFileSync(path).toString('latin1')
    }
  }
  return files
}
