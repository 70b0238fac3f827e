import type { NamedRelation } from '../sources/source.ts'
import { ServiceError } from '../core/errors.ts'

const word = String.raw`(?:"(?:[^"]|"")+"|[\p{L}_][\p{L}\p{N}_$]*)`
const entry = new RegExp(String.raw`^\s*(${word}(?:\.${word})?)\s*\(\s*(\*|[^()]*)\s*\)\s*$`, 'u')

/**
 * What `--allow` says: `orders(*)`, `public.orders(id, total)`, several separated by commas or semicolons. Names follow
 * SQL: unquoted ones in lower case, quoted ones as they are. Throws `invalid-request`.
 */
export function parseAllowed(texts: readonly string[]): readonly NamedRelation[] {
  return texts.flatMap(split).map((text) => {
    const match = entry.exec(text)
    const [, relation = '', columns = ''] = match ?? []
    const names = columns.trim() === '*' ? [] : columns.split(',').map((name) => name.trim())
    if (match === null || (columns.trim() !== '*' && !names.every((name) => new RegExp(`^${word}$`, 'u').test(name)))) {
      throw new ServiceError(
        'invalid-request',
        `--allow ${JSON.stringify(text.trim())} is not a relation with its columns`,
        {
          advice: 'Write --allow "orders(*)" or --allow "orders(id, total)".',
        },
      )
    }
    return {
      relation: relation
        .split(/\.(?=(?:[^"]*"[^"]*")*[^"]*$)/)
        .map(plainName)
        .join('.'),
      columns: columns.trim() === '*' ? '*' : names.map(plainName),
    }
  })
}

/** Cuts at commas and semicolons outside parentheses and quotes. */
function split(text: string): string[] {
  return text.split(/[,;\s]\s*(?=(?:[^()]*\([^()]*\))*[^()]*$)/).filter((part) => part.trim() !== '')
}

function plainName(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name.toLowerCase()
}
