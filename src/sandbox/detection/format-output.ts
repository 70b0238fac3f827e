/** Puts values where the output of a rule names their fields; `<NA>` where an event has none, as Falco does. */
export function formatOutput(output: string, values: Readonly<Record<string, string>>): string {
  return output.replaceAll(/%\*?([a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+)/g, (_, field: string) =>
    Object.hasOwn(values, field) ? (values[field] ?? '') : '<NA>',
  )
}
