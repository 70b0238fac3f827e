import { extname } from 'node:path'
import type { DataFile } from './data-files.ts'

export interface NamedTable {
  readonly file: DataFile
  readonly table: string
  /** Is it the file's name without its ending? Otherwise the answer names the table. */
  readonly isPlain: boolean
}

const longestName = 63

/**
 * Tables named after their files: letters of any script with their marks, digits and `_` stay, the rest is `_`. Two
 * sheets of one workbook carry the sheet's name; names that would be equal are numbered.
 */
export function tableNames(files: readonly DataFile[]): readonly NamedTable[] {
  const taken = new Set<string>()
  return files.map((file) => {
    const stem = file.name.slice(0, file.name.length - extname(file.name).length)
    const isOneOfMany = files.filter((other) => other.path === file.path).length > 1
    const whole = isOneOfMany && file.reading.sheet !== null ? `${stem}_${file.reading.sheet}` : stem
    const table = freeName(cleanName(whole), taken)
    taken.add(table.toLowerCase())
    return { file, table, isPlain: table === stem }
  })
}

function cleanName(text: string): string {
  const plain = text.normalize('NFC').replaceAll(/[^\p{L}\p{M}\p{N}_]+/gu, '_')
  return shorten(/^[\p{L}_]/u.test(plain) ? plain : `_${plain}`, longestName)
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number += 1) {
    const ending = number === 1 ? '' : `_${number}`
    const candidate = `${shorten(name, longestName - ending.length)}${ending}`
    if (!taken.has(candidate.toLowerCase())) return candidate
  }
}

/** Counted in UTF-16 units, as the configuration counts; no character is cut in two. */
function shorten(text: string, most: number): string {
  let kept = ''
  for (const character of text) {
    if (kept.length + character.length > most) break
    kept += character
  }
  return kept
}
