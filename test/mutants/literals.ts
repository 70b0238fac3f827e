/** Another number, as close as can be. */
export function flipped(value: number): string {
  return String(Number.isInteger(value) ? value + 1 : value * 2)
}

/** The source of an empty text, or of one that is not where this one is. */
export function emptied(text: string): string {
  return text === '' ? "'mutant'" : "''"
}

/** The same pattern without its first `^`, and without its last `$`. */
export function withoutAnchors(pattern: string): readonly string[] {
  const closing = pattern.lastIndexOf('/')
  const [body, flags] = [pattern.slice(1, closing), pattern.slice(closing)]
  const changed: string[] = []
  if (body.startsWith('^') && body.length > 1) changed.push(`/${body.slice(1)}${flags}`)
  if (body.endsWith('$') && !body.endsWith('\\$') && body.length > 1) changed.push(`/${body.slice(0, -1)}${flags}`)
  return changed
}
