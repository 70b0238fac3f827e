export interface MysqlGrantScriptOptions {
  readonly role: string
  /** What may be read: `schema.relation` → columns, or `*` for all there are now and later. */
  readonly relations: Readonly<Record<string, '*' | readonly string[]>>
  readonly connections: number
}

/**
 * SQL that makes the account a MySQL or MariaDB source is asked through, to be read and run by an administrator on the
 * primary. It can be run again after the policy has changed. The account is locked until it is given a password.
 */
export function mysqlGrantScript({ role, relations, connections }: MysqlGrantScriptOptions): string {
  const account = `${text(role)}@'%'`
  const viewed = Object.entries(relations)
    .filter(([, columns]) => columns === '*')
    .map(([name]) => `GRANT SHOW VIEW ON ${relation(name)} TO ${account};`)
  return [
    `-- Makes ${role.replaceAll(/[^\w.-]/g, '?')}, an account that can read what is listed here and do nothing else. Run as an administrator on the primary.`,
    `-- Afterwards give it a password:  ALTER USER ${account} IDENTIFIED BY '…' ACCOUNT UNLOCK;`,
    `CREATE USER IF NOT EXISTS ${account} ACCOUNT LOCK;`,
    `ALTER USER ${account} WITH MAX_USER_CONNECTIONS ${connections * 2};`,
    `REVOKE ALL PRIVILEGES, GRANT OPTION FROM ${account};`,
    '',
    '-- What it may read.',
    ...Object.entries(relations).map(([name, columns]) => {
      const list = columns === '*' ? '' : ` (${columns.map(identifier).join(', ')})`
      return `GRANT SELECT${list} ON ${relation(name)} TO ${account};`
    }),
    ...(viewed.length === 0
      ? []
      : ['', '-- To see what is behind it where it is a view: the rules of its tables count for it.', ...viewed]),
    '',
  ].join('\n')
}

function relation(name: string): string {
  const dot = name.indexOf('.')
  return `${identifier(name.slice(0, dot))}.${identifier(name.slice(dot + 1))}`
}

function text(value: string): string {
  return `'${value.replaceAll(/['\\]/g, (character) => (character === "'" ? "''" : '\\\\'))}'`
}

function identifier(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``
}
