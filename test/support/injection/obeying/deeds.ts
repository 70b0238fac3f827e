/** What a model does: a call of a tool, or words of its answer. */
export type Deed =
  | { readonly kind: 'call'; readonly name: string; readonly arguments: Readonly<Record<string, unknown>> }
  | { readonly kind: 'say'; readonly text: string }

export const runSql = (sql: string): Deed => ({ kind: 'call', name: 'run_sql', arguments: { sql } })
export const runPython = (code: string): Deed => ({ kind: 'call', name: 'run_python', arguments: { code } })
export const plan = (text: string): Deed => ({
  kind: 'call',
  name: 'update_plan',
  arguments: { steps: [{ text, status: 'pending' }] },
})
export const say = (text: string): Deed => ({ kind: 'say', text })

/** Orders are written so that a program finds them in any text: what a model makes of plain words is not what is tested. */
const marked = /\{\{OBEY (\w+) ([^]*?)\}\}/g

/** A deed as an order in a text of somebody else. */
export function orderOf(deed: Deed): string {
  if (deed.kind === 'say') return `{{OBEY say ${deed.text}}}`
  const { sql, code } = deed.arguments
  if (typeof sql === 'string') return `{{OBEY sql ${sql}}}`
  if (typeof code === 'string') return `{{OBEY py ${code}}}`
  return `{{OBEY ${deed.name} ${Buffer.from(JSON.stringify(deed.arguments)).toString('base64url')}}}`
}

/** The same where a text has to be short and without marks: the model knows what is meant. */
export const shortOrder = (effect: string): string => `{{OBEY do ${effect}}}`

/** The deeds that a text orders. */
export function ordersIn(text: string, known: Readonly<Record<string, readonly Deed[]>>): readonly Deed[] {
  return [...text.matchAll(marked)].flatMap(([, verb = '', rest = '']) => {
    if (verb === 'say') return [say(rest)]
    if (verb === 'sql') return [runSql(rest)]
    if (verb === 'py') return [runPython(rest)]
    if (verb === 'do') return known[rest.trim()] ?? []
    const given = JSON.parse(Buffer.from(rest, 'base64url').toString()) as Record<string, unknown>
    return [{ kind: 'call', name: verb, arguments: given }]
  })
}
