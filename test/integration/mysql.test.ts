import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Secret } from '../../src/core/secret.ts'
import { mysqlGrantScript } from '../../src/databases/mysql/grant-script.ts'
import { MysqlDatabase, type MysqlDatabaseOptions } from '../../src/databases/mysql/mysql-database.ts'
import { createMaskedDatabase } from '../../src/databases/masked-database.ts'
import { createMysqlGate } from '../../src/validators/sql/mysql/gate.ts'
import { bindPolicy } from '../../src/validators/sql/bind-policy.ts'
import { sqlPolicyOptions } from '../../src/validators/sql/options.ts'
import { vet } from '../../src/validators/vet.ts'
import { startMysql, type MysqlServer } from '../support/databases/mysql-server.ts'
import { describeVendors } from '../support/databases/mysql-vendors.ts'
import { verifies } from '../support/verifies.ts'

const schema = `${readFileSync(new URL('../attack/mysql-schema.sql', import.meta.url), 'utf8')}
  CREATE TABLE numbers (id int PRIMARY KEY, twice int GENERATED ALWAYS AS (id * 2) STORED);
  INSERT INTO numbers (id) VALUES ${Array.from({ length: 2000 }, (_, index) => `(${index + 1})`).join()};
  CREATE TABLE kinds (big bigint unsigned, exact decimal(25,1), single float, bits bit(10), bytes blob, doc json, span time,
    born year, at timestamp, day date, moment datetime(3), choice enum('a', 'b'), place point, nothing int);
  INSERT INTO kinds VALUES (18446744073709551615, 12345678901234567890.5, 1.1, b'1010101010', x'01ff',
    '{"a": [1, 9007199254740993]}', '-10:00:00', 2024, '2024-02-29 12:00:00', '2024-02-29', '2024-02-29 12:00:00.5', 'b',
    POINT(1, 2), NULL);
  CREATE TABLE heartbeat (at datetime(3));
  INSERT INTO heartbeat VALUES (UTC_TIMESTAMP(3) - INTERVAL 1 HOUR);`

const never = new AbortController().signal
const limits = { maximumRows: 100, maximumBytes: 1_000_000, timeoutMilliseconds: 30_000 }
const statement = (text: string, relations: readonly string[] = []) =>
  vet('sql', text, { source: 'shop', relations, columns: [], functions: [], rowLimit: 101 })
const allowed = {
  'shop.orders': ['id', 'total', 'status'],
  'shop.numbers': '*',
  'shop.kinds': '*',
  'shop.heartbeat': '*',
  'shop.big_orders': '*',
} as const
const endless =
  'SELECT COUNT(*) FROM shop.numbers a, shop.numbers b, shop.numbers c, shop.numbers d WHERE a.id + b.id + c.id > d.id * 9000'

describeVendors('a MySQL source over a real server', (vendor) => {
  let server: MysqlServer
  let database: MysqlDatabase
  const open = (url: string, own: Partial<MysqlDatabaseOptions> = {}): MysqlDatabase =>
    new MysqlDatabase({
      source: 'shop',
      url: new Secret(url),
      connections: 3,
      maximumLagMilliseconds: null,
      allowPrimary: false,
      acceptExcess: false,
      allowed: Object.keys(allowed),
      ...own,
    })
  const query = (text: string, own: Partial<typeof limits> = {}, signal = never) =>
    database.query(statement(text), { ...limits, ...own }, signal)
  const fault = async (running: Promise<unknown>): Promise<{ code: string; message: string }> => {
    const error: unknown = await running.then(
      () => null,
      (reason: unknown) => reason,
    )
    return error as { code: string; message: string }
  }

  beforeAll(async () => {
    server = await startMysql(vendor)
    await server.execute(schema)
    await server.execute(mysqlGrantScript({ role: 'analyst', relations: allowed, connections: 6 }))
    await server.execute("ALTER USER 'analyst'@'%' IDENTIFIED BY 'harmless' ACCOUNT UNLOCK; SET GLOBAL read_only = 1")
    database = open(server.url('analyst', 'harmless'))
  })
  afterAll(async () => {
    await database?.[Symbol.asyncDispose]()
    await server?.[Symbol.asyncDispose]()
  })

  it('makes, by the script it prints, an account that is proven harmless, and can be run again', async () => {
    await server.execute(mysqlGrantScript({ role: 'analyst', relations: allowed, connections: 6 }))
    expect(await database.prove(never)).toEqual({ role: 'analyst@%', inRecovery: true, excess: [] })
  })

  it('leaves the account that the script makes locked until it has a password', async () => {
    verifies('sources.mysql-locked')
    await server.execute(mysqlGrantScript({ role: 'fresh', relations: allowed, connections: 1 }))
    await using fresh = open(server.url('fresh', ''))
    expect((await fault(fresh.query(statement('SELECT 1'), limits, never))).code).toBe('database-unavailable')
  })

  it('answers rows with the types and the origin of their columns', async () => {
    const { columns, rows, truncated } = await query(
      'SELECT id, total + 1 AS more FROM shop.orders ORDER BY id LIMIT 2',
    )
    expect(columns).toEqual([
      { name: 'id', type: 'int', origin: { relation: 'shop.orders', column: 'id' } },
      { name: 'more', type: 'decimal', origin: null },
    ])
    expect([rows, truncated]).toEqual([
      [
        [1, 2.5],
        [2, 4],
      ],
      null,
    ])
  })

  it('names a view as an origin, and no subquery', async () => {
    const text = `WITH \`w1\` AS (SELECT \`t1\`.\`id\` AS \`id\` FROM \`shop\`.\`big_orders\` AS \`t1\`)
      SELECT \`t2\`.\`id\` AS \`a\`, \`t3\`.\`id\` AS \`b\` FROM \`w1\` AS \`t2\` INNER JOIN \`shop\`.\`big_orders\` AS \`t3\` ON (\`t2\`.\`id\` = \`t3\`.\`id\`) LIMIT 1`
    const { columns } = await database.query(statement(text, ['shop.big_orders']), limits, never)
    for (const { origin } of columns) if (origin !== null) expect(origin.relation).toBe('shop.big_orders')
    expect(columns[1]?.origin?.column).toBe('id')
  })

  it('D7, D9: gives values as JSON that loses nothing', async () => {
    const { rows } = await query(
      'SELECT big, exact, single, bits, bytes, doc, span, born, at, day, moment, choice, nothing FROM shop.kinds',
    )
    expect(rows).toEqual([
      [
        '18446744073709551615',
        '12345678901234567890.5',
        1.1,
        682,
        'Af8=',
        { a: [1, '9007199254740993'] },
        '-10:00:00',
        2024,
        '2024-02-29T12:00:00Z',
        '2024-02-29',
        '2024-02-29T12:00:00.500',
        'b',
        null,
      ],
    ])
    const numbers = await query(
      `SELECT CAST(1.123456789012345678 AS DECIMAL(30, 18)), CAST(1.10 AS DECIMAL(10, 2)),
       JSON_OBJECT('a', CAST(1.123456789012345678 AS DECIMAL(30, 18)), 'b', 1.50), CAST(0.1 AS FLOAT), 0.1e0 + 0.2e0`,
    )
    expect(numbers.rows).toEqual([['1.123456789012345678', 1.1, { a: '1.123456789012345678', b: 1.5 }, 0.1, 0.1 + 0.2]])
    expect((await fault(query('SELECT place FROM shop.kinds'))).message).toContain('shape on a map')
  })

  it('D12: tells days and moments in the time zone of the server, or of the source, and says which', async () => {
    const text = 'SELECT at, DATE(at), TIMESTAMPDIFF(HOUR, UTC_TIMESTAMP(), NOW()) FROM shop.kinds'
    await server.execute("SET GLOBAL time_zone = '-09:00'")
    try {
      await using own = open(server.url('analyst', 'harmless'))
      const { rows, dates } = await own.query(statement(text), limits, never)
      const [[at, day, hours] = []] = rows as string[][]
      expect(hours).toBe(-9)
      expect(at).not.toContain('Z')
      expect(day).toBe(at?.slice(0, 10))
      expect(dates).toEqual({ timeZone: '-09:00', dateOrder: null })
      expect((await own.catalog(never)).dates).toEqual(dates)
      await using utc = open(server.url('analyst', 'harmless'), { timeZone: 'UTC' })
      const other = await utc.query(statement(text), limits, never)
      const [[moment = ''] = []] = other.rows as string[][]
      expect(Date.parse(moment) - Date.parse(`${at}Z`)).toBe(9 * 3_600_000)
      expect(other.dates?.timeZone).toBe('UTC')
    } finally {
      await server.execute("SET GLOBAL time_zone = 'SYSTEM'")
    }
  })

  it('says "truncated" exactly when there was a row more, and stops at the byte that is too many', async () => {
    const text = 'SELECT id FROM shop.numbers ORDER BY id LIMIT 100'
    expect((await query(text)).truncated).toBeNull()
    const cut = await query(text, { maximumRows: 99 })
    expect([cut.rows.length, cut.truncated]).toEqual([99, 'rows'])
    const bytes = await query("SELECT REPEAT('x', 1000) FROM shop.numbers", { maximumBytes: 10_000 })
    expect([bytes.rows.length, bytes.truncated]).toEqual([9, 'bytes'])
    expect(
      (await fault(query("SELECT REPEAT('x', 16000000), REPEAT('x', 16000000)", { maximumBytes: 1000 }))).message,
    ).toContain('larger')
    expect((await query('SELECT 1')).rows).toEqual([[1]])
  })

  it.each([
    'INSERT INTO shop.orders (id) VALUES (-1)',
    'DELETE FROM shop.orders',
    'CREATE TABLE shop.mine (a integer)',
    'CREATE TEMPORARY TABLE shop.mine (a integer)',
    "SELECT 1 INTO OUTFILE '/tmp/sallyport-contract'",
    'SELECT 1; SELECT 2',
    'SELECT token FROM shop.secrets',
    'SELECT note FROM shop.orders',
    'SELECT * FROM mysql.user',
    'SELECT shop.secdef_read()',
    'SELECT secdef_read()',
    'LOCK TABLES shop.orders READ',
    'SELECT id FROM shop.orders FOR UPDATE',
    'SET ROLE owner',
  ])('does not run what the gate would have refused: %s', async (text) => {
    expect((await fault(query(text)))?.code).toBe('query-failed')
    expect((await query('SELECT COUNT(*) FROM shop.orders')).rows).toEqual([[300]])
  })

  it('changes no setting of the server', async () => {
    // What MySQL answers here the client cannot read, and gives the connection up.
    const codes = ['query-failed', 'database-unavailable']
    expect((await fault(query('SET GLOBAL max_connections = 5')))?.code).toBeOneOf(codes)
    expect(Number((await server.execute('SELECT @@GLOBAL.max_connections'))[0]?.[0])).toBeGreaterThan(5)
    expect((await query('SELECT 1')).rows).toEqual([[1]])
  })

  it('reads no file, whoever asks', async () => {
    expect((await query("SELECT LOAD_FILE('/etc/passwd')")).rows).toEqual([[null]])
  })

  it('tells nothing by the difference between forbidden and missing', async () => {
    const said = await Promise.all(
      [
        'SELECT token FROM shop.secrets',
        'SELECT x FROM shop.nowhere',
        'SELECT note FROM shop.orders',
        'SELECT nowhere FROM shop.orders',
      ].map((text) => fault(query(text))),
    )
    expect(new Set(said.map(({ message }) => message)).size).toBe(1)
  })

  it('keeps cell values out of its errors', async () => {
    const error = await fault(
      query("SELECT DATE_ADD(CONCAT('secret-', status), INTERVAL 1e400 DAY) + CAST('secret' AS JSON) FROM shop.orders"),
    )
    expect(error.message).not.toContain('secret')
  })

  it('ends a statement at its deadline and when the caller goes away, on the server too', async () => {
    expect((await fault(query(endless, { timeoutMilliseconds: 300 }))).code).toBe('deadline-exceeded')
    const controller = new AbortController()
    const running = fault(query(endless, {}, controller.signal))
    setTimeout(() => controller.abort(), 300)
    expect((await running).code).toBe('cancelled')
    const left =
      "SELECT COUNT(*) FROM performance_schema.threads WHERE PROCESSLIST_USER = 'analyst' AND PROCESSLIST_COMMAND IN ('Query', 'Execute')"
    await expect.poll(async () => (await server.execute(left))[0]).toEqual([0])
    expect((await query('SELECT 1')).rows).toEqual([[1]])
  })

  it('carries nothing from one statement to the next, and pins what a text means', async () => {
    await query('SELECT @carried := 1').catch(() => {})
    await query("SELECT GET_LOCK('carried', 1)")
    const { rows } = await query(
      "SELECT @carried, IS_FREE_LOCK('carried'), 'a\\' = 'a' || '\\', @@SESSION.time_zone, DATABASE()",
    )
    expect(rows).toEqual([[null, 1, 0, 'SYSTEM', null]])
  })

  it('answers many at once', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => query(`SELECT ${index}`)))
    expect(answers.map((answer) => answer.rows[0]?.[0])).toEqual(Array.from({ length: 20 }, (_, index) => index))
  })

  it('refuses a statement that was vetted for another source', async () => {
    const facts = { source: 'another', relations: [], columns: [], functions: [], rowLimit: 1 }
    expect((await fault(database.query(vet('sql', 'SELECT 1', facts), limits, never))).code).toBe('internal')
  })

  it('describes what the account may see, and no more', async () => {
    const catalog = await database.catalog(never)
    expect(catalog.dialect.name).toBe('mysql')
    expect(catalog.relations.map(({ name }) => name)).toEqual(['big_orders', 'heartbeat', 'kinds', 'numbers', 'orders'])
    expect(catalog.relations.find(({ name }) => name === 'orders')?.columns.map(({ name }) => name)).toEqual([
      'id',
      'total',
      'status',
    ])
    const numbers = catalog.relations.find(({ name }) => name === 'numbers')?.columns
    expect(numbers?.map(({ name, generatedFrom }) => [name, generatedFrom])).toEqual([
      ['id', undefined],
      ['twice', ['id']],
    ])
    expect((await database.catalog(never)).fingerprint).toBe(catalog.fingerprint)
  })

  it('says which of the tables that the account sees refer to which by a key, where the server tells an account that may only read', async () => {
    await server.execute(`
      CREATE TABLE shop.guests (id int PRIMARY KEY, invited_by int, FOREIGN KEY (invited_by) REFERENCES shop.guests (id));
      CREATE TABLE shop.stays (id int PRIMARY KEY, whose int, FOREIGN KEY (whose) REFERENCES shop.guests (id));
      CREATE TABLE shop.rumours (id int PRIMARY KEY, whose int, FOREIGN KEY (whose) REFERENCES shop.guests (id));
      CREATE TABLE shop.owners (id int PRIMARY KEY);
      CREATE TABLE shop.rooms (id int PRIMARY KEY, whose int, FOREIGN KEY (whose) REFERENCES shop.owners (id))`)
    const relations = { 'shop.guests': ['id'], 'shop.stays': ['id'], 'shop.rooms': ['id'] } as const
    await server.execute(mysqlGrantScript({ role: 'porter', relations, connections: 2 }))
    await server.execute("ALTER USER 'porter'@'%' IDENTIFIED BY 'harmless' ACCOUNT UNLOCK")
    await using porter = open(server.url('porter', 'harmless'), { allowed: Object.keys(relations) })
    const keys = [
      ['shop.guests', 'shop.guests'],
      ['shop.stays', 'shop.guests'],
    ]
    expect((await porter.catalog(never)).references).toEqual(vendor === 'mysql' ? keys : [])
    await server.execute('DROP TABLE shop.stays, shop.rumours, shop.rooms, shop.guests, shop.owners')
  })

  it('L7: lets the length of a masked value decide nothing, nor read more of it than its mask needs', async () => {
    await server.execute(`
      CREATE TABLE shop.bios (id int PRIMARY KEY, gone longtext, part longtext, pad text, hashed longtext);
      INSERT INTO shop.bios SELECT id, REPEAT('x', 2000), CONCAT(REPEAT('x', 2000), '1234'), 'p', CONCAT(id % 5, REPEAT('x', 2000)) FROM shop.numbers WHERE id <= 60;
      CREATE TABLE shop.memoirs (id int PRIMARY KEY, gone longtext, part longtext, pad text, hashed longtext);
      INSERT INTO shop.memoirs SELECT id, REPEAT('x', 3000000), CONCAT(REPEAT('x', 90000), '1234'), 'p', CONCAT(id % 5, REPEAT('x', 90000)) FROM shop.numbers WHERE id <= 60`)
    const relations = { 'shop.bios': '*', 'shop.memoirs': '*' } as const
    await server.execute(mysqlGrantScript({ role: 'hider', relations, connections: 6 }))
    await server.execute("ALTER USER 'hider'@'%' IDENTIFIED BY 'harmless' ACCOUNT UNLOCK")
    await using hider = open(server.url('hider', 'harmless'), { allowed: Object.keys(relations) })
    const catalog = await hider.catalog(never)
    const guarded = {
      columns: { gone: { mask: 'null' }, part: { mask: 'partial' }, hashed: { mask: 'hash' } },
      other_columns: 'allow',
    }
    const policy = bindPolicy(
      sqlPolicyOptions.parse({ search_path: ['shop'], relations: { bios: guarded, memoirs: guarded } }),
      catalog,
    )
    const masked = createMaskedDatabase(hider, Buffer.alloc(32))
    await using gate = createMysqlGate({ source: 'shop', catalog, policy })
    const ask = async (sql: string, maximumBytes: number) => {
      const verdict = await gate.validate(sql, never)
      if (verdict.kind === 'refused') throw new Error(JSON.stringify(verdict.findings))
      const { rows, truncated } = await masked.query(verdict.value, { ...limits, maximumBytes }, never)
      return { rows, truncated }
    }
    for (const maximumBytes of [700, 1_000, 1_500, 100_000]) {
      for (const columns of ['id, pad, gone', 'gone, pad', 'part, REPEAT(pad, 40) AS mine', 'id, part, gone']) {
        const [short, long] = await Promise.all(
          ['bios', 'memoirs'].map((name) => ask(`SELECT ${columns} FROM ${name} ORDER BY id`, maximumBytes)),
        )
        expect([columns, long]).toEqual([columns, short])
      }
    }
    for (const name of ['bios', 'memoirs']) {
      const hashes = (await ask(`SELECT hashed FROM ${name}`, 100_000)).rows.map((row) => JSON.stringify(row))
      expect([hashes.length, new Set(hashes).size, hashes.every((row) => /^\["[0-9a-f]{16}"\]$/.test(row))]).toEqual([
        60,
        5,
        true,
      ])
    }
    expect((await ask('SELECT gone, part FROM memoirs LIMIT 1', 1_000)).rows).toEqual([[null, '•••1234']])
    await server.execute('DROP TABLE shop.bios, shop.memoirs')
  })

  it('L6, L4: keeps the rules of a table in views, generated columns and defaults, as the server describes them', async () => {
    await server.execute(`
      CREATE TABLE shop.people (id int PRIMARY KEY, team varchar(20), email varchar(50), ssn varchar(20),
        low varchar(30) GENERATED ALWAYS AS (lower(ssn)) STORED, lower_still varchar(40) GENERATED ALWAYS AS (concat(low, 'x')) VIRTUAL,
        copied varchar(30) DEFAULT (concat(ssn, 'y')), made varchar(40) DEFAULT (concat('a', 'b')));
      CREATE VIEW shop.plain AS SELECT p.id, email AS mail, upper(ssn) AS u, concat(team, '!') AS t FROM shop.people p;
      CREATE VIEW shop.joined AS SELECT a.mail, b.id, trim(a.t) AS t FROM shop.plain a LEFT JOIN shop.people b ON a.id = b.id WHERE b.team IS NOT NULL;
      CREATE VIEW shop.chosen AS SELECT id FROM shop.people WHERE ssn LIKE '0%';
      CREATE VIEW shop.united AS SELECT id FROM shop.people UNION SELECT email FROM shop.people`)
    const names = ['people', 'plain', 'joined', 'chosen', 'united']
    const relations = Object.fromEntries(names.map((name) => [`shop.${name}`, '*' as const]))
    await server.execute(mysqlGrantScript({ role: 'viewer', relations, connections: 2 }))
    await server.execute("ALTER USER 'viewer'@'%' IDENTIFIED BY 'harmless' ACCOUNT UNLOCK")
    await using viewer = open(server.url('viewer', 'harmless'), { allowed: Object.keys(relations) })
    expect((await viewer.prove(never)).excess).toEqual([])
    const catalog = await viewer.catalog(never)
    const people = { columns: { email: { mask: 'partial' }, ssn: 'deny' }, other_columns: 'allow' }
    const bind = (policy: object) =>
      bindPolicy(sqlPolicyOptions.parse({ search_path: ['shop'], relations: policy }), catalog)
    const bound = bind({ people, plain: '*', joined: '*', chosen: '*', united: ['id'] })
    const rules = (name: string): Record<string, string> =>
      Object.fromEntries(
        [...(bound.relations.get(`shop.${name}`)?.columns ?? [])].map(([key, { kind }]) => [key, kind]),
      )
    const denied = { ssn: 'deny', low: 'deny', lower_still: 'deny', copied: 'deny' }
    expect(rules('people')).toEqual({ id: 'allow', team: 'allow', email: 'mask', ...denied, made: 'allow' })
    expect(rules('plain')).toEqual({ id: 'allow', mail: 'mask', u: 'deny', t: 'allow' })
    expect(rules('joined')).toEqual({ id: 'allow', mail: 'mask', t: 'allow' })
    expect(rules('chosen')).toEqual({ id: 'deny' })
    expect(rules('united')).toEqual({ id: 'allow' })
    expect(() => bind({ people, united: '*' })).toThrow(/view "united" cannot be followed/)
    await server.execute("REVOKE SHOW VIEW ON shop.plain FROM 'viewer'@'%'")
    const blind = { ...catalog, relations: (await viewer.catalog(never)).relations }
    const policy = sqlPolicyOptions.parse({ search_path: ['shop'], relations: { people, joined: '*' } })
    expect(() => bindPolicy(policy, blind)).toThrow(/view "joined" cannot be followed.* GRANT SHOW VIEW/)
    await server.execute('DROP VIEW shop.united, shop.chosen, shop.joined, shop.plain; DROP TABLE shop.people')
  })

  it('estimates a statement without running it, and names what it was not vetted for', async () => {
    const aliased = 'SELECT COUNT(*) AS `n` FROM `shop`.`numbers` AS `t1`, `shop`.`numbers` AS `t2`'
    const estimate = await database.estimate(statement(aliased), never)
    expect(estimate.relations).toEqual(['shop.numbers'])
    expect(estimate.cost).toBeGreaterThan(1_000_000)
    expect((await database.estimate(statement('SELECT id FROM shop.orders'), never)).relations).toEqual(['?.orders'])
  })

  it('refuses an account that can do more, with the list of what it can do', async () => {
    verifies('security.mysql-account')
    await server.execute(`DROP USER IF EXISTS careless@'%'; CREATE USER careless@'%' IDENTIFIED BY 'harmless';
      DROP ROLE IF EXISTS power; CREATE ROLE power; GRANT power TO careless@'%';
      GRANT SELECT, INSERT, DELETE ON shop.orders TO careless@'%'; GRANT SELECT ON shop.secrets TO careless@'%';
      GRANT FILE, PROCESS, SUPER${vendor === 'mariadb' ? ', READ_ONLY ADMIN' : ''} ON *.* TO careless@'%'; GRANT EXECUTE ON FUNCTION shop.secdef_read TO careless@'%';
      GRANT CREATE TEMPORARY TABLES ON shop.* TO careless@'%'; GRANT SELECT ON mysql.* TO careless@'%' WITH GRANT OPTION`)
    await using careless = open(server.url('careless', 'harmless'))
    const refusal = await fault(careless.query(statement('SELECT 1'), limits, never))
    expect(refusal.code).toBe('database-unavailable')
    for (const excess of [
      'has FILE',
      'has SUPER',
      'has PROCESS',
      'has INSERT on shop.orders',
      'can delete from shop.',
      'can read shop.secrets',
      'may take on another role',
      'can read everything in mysql.*',
      'can grant what it has',
      'created a temporary table',
      "can read the server's accounts",
      'can write files',
      'can read files',
      'can change settings',
    ])
      expect(refusal.message).toContain(excess)
    await using overridden = open(server.url('careless', 'harmless'), { acceptExcess: true })
    expect((await overridden.query(statement('SELECT 1'), limits, never)).rows).toEqual([[1]])
  })

  it('refuses a server that is not read-only unless it is allowed by name', async () => {
    verifies('sources.primary')
    await server.execute('SET GLOBAL read_only = 0')
    try {
      expect((await fault(query('SELECT 1'))).message).toContain('not read-only')
      await using primary = open(server.url('analyst', 'harmless'), { allowPrimary: true })
      expect((await primary.query(statement('SELECT 1'), limits, never)).rows).toEqual([[1]])
    } finally {
      await server.execute('SET GLOBAL read_only = 1')
    }
  })

  it('tells how far behind it is by heartbeat, and refuses when that is too far or not known', async () => {
    expect((await query('SELECT 1')).lagMilliseconds).toBeNull()
    const heartbeat = 'SELECT TIMESTAMPDIFF(MICROSECOND, MAX(at), UTC_TIMESTAMP(3)) / 1000 FROM shop.heartbeat'
    const url = server.url('analyst', 'harmless')
    await using measured = open(url, { heartbeat })
    const { lagMilliseconds, asOf } = await measured.query(statement('SELECT 1'), limits, never)
    expect(lagMilliseconds).toBeGreaterThanOrEqual(3_600_000)
    expect(Math.abs(Date.now() - asOf.getTime())).toBeLessThan(60_000)
    await using strict = open(url, { heartbeat, maximumLagMilliseconds: 60_000 })
    expect((await fault(strict.query(statement('SELECT 1'), limits, never))).message).toContain('behind')
    await using blind = open(url, { maximumLagMilliseconds: 60_000 })
    expect((await fault(blind.query(statement('SELECT 1'), limits, never))).message).toContain('an unknown time')
  })

  it("says that a server cannot be reached, or does not accept the account, without the server's words", async () => {
    await using nobody = open('mysql://analyst:harmless@127.0.0.1:1/shop')
    expect(await fault(nobody.query(statement('SELECT 1'), limits, never))).toMatchObject({
      code: 'database-unavailable',
      message: expect.stringContaining('ECONNREFUSED'),
    })
    await using wrong = open(server.url('analyst', 'wrong'))
    const refusal = await fault(wrong.query(statement('SELECT 1'), limits, never))
    expect([refusal.code, refusal.message.includes('denied')]).toEqual(['database-unavailable', false])
  })

  it('works again after the server has ended its connections', async () => {
    await query('SELECT 1')
    const connected = await server.execute(
      "SELECT PROCESSLIST_ID FROM performance_schema.threads WHERE PROCESSLIST_USER = 'analyst'",
    )
    // One that went by itself in between is as good as killed.
    for (const [id] of connected) await server.execute(`KILL ${String(id)}`).catch(() => {})
    await expect.poll(async () => (await query('SELECT 1').catch(() => null))?.rows).toEqual([[1]])
  })
})
