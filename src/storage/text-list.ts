import { type RawBuilder, sql } from 'kysely'

/**
 * Texts as the rows of a subquery, `(select value from …)`, from one value, a list in JSON: a statement is the same
 * however many there are, and takes any number of them.
 */
export type TextList = (json: string) => RawBuilder<string>

export const embeddedTextList: TextList = (json) => sql`(select value from json_each(${json}))`

export const postgresTextList: TextList = (json) =>
  sql`(select value from json_array_elements_text(cast(${json} as json)) as list (value))`

/**
 * Lists of values as the rows of a subquery, `(select value from …)`, from one value, a list of lists in JSON. What stands at a
 * place of a row is `value ->> 0`, to be cast to its type: a server has it as a text.
 */
export type JsonRows = (json: string) => RawBuilder<{ readonly value: string }>

export const embeddedRows: JsonRows = (json) => sql`(select value from json_each(${json}))`

export const postgresRows: JsonRows = (json) =>
  sql`(select value from json_array_elements(cast(${json} as json)) as list (value))`
