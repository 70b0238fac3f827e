import { Option, type Command } from 'commander'
import { readingOption, sourceOption, textOrJson, type Act } from './command-line.ts'
import { collect, positiveInteger } from './option-values.ts'

const tableOption = () =>
  new Option('--data <file>', 'a CSV, JSON, Parquet or Excel file (FILE#SHEET) to ask, as a table (repeatable)')
    .argParser(collect)
    .default([], 'none')

export function addSql(program: Command, act: Act): void {
  const sql = program
    .command('sql [statement]')
    .description('run one read-only statement through the gate; "-" reads it from standard input')
    .addOption(tableOption())
    .addOption(readingOption())
    .addOption(sourceOption())
    .addOption(
      new Option('--output <format>', 'how rows are written').choices(['table', 'text', 'json', 'markdown', 'csv']),
    )
    .action(async (statement: string | undefined, options) => {
      const { sql } = await import('./commands/sql.ts')
      return act((context) => sql(context, statement, options))
    })
  addCheck(sql, act)
  sql
    .command('explain [statement]')
    .description('say what a statement touches and what the planner expects of it, without running it')
    .addOption(tableOption())
    .addOption(readingOption())
    .addOption(sourceOption())
    .addOption(textOrJson())
    .action(async (statement: string | undefined, options) => {
      const { sqlExplain } = await import('./commands/sql-explain.ts')
      return act((context) => sqlExplain(context, statement, options))
    })
  sql
    .command('describe')
    .description('list the tables and columns a group may see')
    .addOption(tableOption())
    .addOption(readingOption())
    .addOption(sourceOption())
    .option('--group <name>', 'group whose policy counts (default: operator, the command line)')
    .addOption(textOrJson())
    .action(async (options) => {
      const { sqlDescribe } = await import('./commands/sql-describe.ts')
      return act((context) => sqlDescribe(context, options))
    })
  sql
    .command('grant-script')
    .description('print the SQL that makes the read-only role of a PostgreSQL or MySQL source; changes nothing')
    .addOption(sourceOption())
    .option('--role <name>', 'name of the role (default: the one in the address of the source)')
    .addOption(textOrJson())
    .action(async (options) => {
      const { sqlGrantScript } = await import('./commands/sql-grant-script.ts')
      return act((context) => sqlGrantScript(context, options))
    })
}

function addCheck(sql: Command, act: Act): void {
  sql
    .command('check [statement]')
    .description('say what the gate thinks of a statement, without running it')
    .option('--jsonl', 'read {"id","sql"} lines from standard input')
    .option('--concurrency <number>', 'checks at a time (with --jsonl)', positiveInteger, 4)
    .option('--schema <file>', 'check against the tables of this DDL instead of a configured source')
    .addOption(
      new Option('--allow <relations>', 'with --schema: what may be read, like "orders(*)" (repeatable)')
        .argParser(collect)
        .default([], 'everything'),
    )
    .addOption(tableOption())
    .addOption(readingOption())
    .addOption(sourceOption())
    .addOption(textOrJson())
    .action(async (statement: string | undefined, options) => {
      const { sqlCheck } = await import('./commands/sql-check.ts')
      return act((context) => sqlCheck(context, statement, options))
    })
}
