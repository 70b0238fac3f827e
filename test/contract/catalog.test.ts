import type { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Catalog } from '../../src/core/catalog.ts'
import { readCatalog } from '../../src/databases/catalog.ts'
import { openPglite } from '../../src/databases/pglite/open-pglite.ts'
import { createPgliteSession } from '../../src/databases/pglite/pglite-session.ts'
import { testImages } from '../support/databases/database-images.ts'

const script = `
  CREATE DOMAIN filled AS text NOT NULL;
  CREATE DOMAIN short AS filled CHECK (length(VALUE) < 9);
  CREATE TABLE plain (required int NOT NULL, free int, of_domain filled, of_domain_over short, id int PRIMARY KEY);
  INSERT INTO plain VALUES (1, NULL, 'a', 'b', 1);
  ALTER TABLE plain ADD CONSTRAINT unproven NOT NULL free NOT VALID;
  CREATE TABLE validated (a int);
  ALTER TABLE validated ADD CONSTRAINT proven NOT NULL a NOT VALID;
  ALTER TABLE validated VALIDATE CONSTRAINT proven;
  CREATE TABLE parent (a int, CONSTRAINT own NOT NULL a NO INHERIT, b int NOT NULL);
  CREATE TABLE child (c int) INHERITS (parent);
  CREATE TABLE grandchild () INHERITS (child);
  CREATE VIEW outer_joined AS SELECT p.of_domain FROM validated v LEFT JOIN plain p ON false;
  CREATE TABLE measured (city text NOT NULL, at date, celsius int NOT NULL,
    kelvin int GENERATED ALWAYS AS (celsius + 273) VIRTUAL NOT NULL) PARTITION BY LIST (city);
  CREATE TABLE measured_rome PARTITION OF measured FOR VALUES IN ('Rome');
  CREATE INDEX ON measured (at);`

describe('the catalog of a PostgreSQL', () => {
  let database: PGlite
  let catalog: Catalog
  beforeAll(async () => {
    database = await openPglite(await testImages().image('empty', AbortSignal.timeout(240_000)))
    await database.exec(script)
    catalog = await readCatalog(createPgliteSession(database))
  })
  afterAll(() => database.close())

  const relation = (name: string) => catalog.relations.find((item) => item.name === name)
  const nullable = (name: string): Record<string, boolean> =>
    Object.fromEntries(relation(name)?.columns.map((column) => [column.name, column.nullable]) ?? [])

  it('C3: calls a column nullable whose NOT NULL was not validated, until it is', () => {
    expect(nullable('plain')).toMatchObject({ required: false, free: true, id: false })
    expect(nullable('validated')).toEqual({ a: false })
  })

  it('C3: knows the NOT NULL of a domain, and of one it rests on, and that an outer join gets around it', () => {
    expect(nullable('plain')).toMatchObject({ of_domain: false, of_domain_over: false })
    expect(nullable('outer_joined')).toEqual({ of_domain: true })
  })

  it('C3: calls a column of a parent nullable where a child may hold nulls', () => {
    expect(nullable('child')).toEqual({ a: true, b: false, c: true })
    expect(nullable('parent')).toEqual({ a: true, b: false })
  })

  it('L4: names the parents of partitions and children, and nothing of their indexes', () => {
    expect(relation('measured')?.parents).toBeUndefined()
    expect(relation('measured_rome')?.parents).toEqual(['public.measured'])
    expect(relation('grandchild')?.parents).toEqual(['public.child'])
    expect(nullable('measured_rome')).toEqual({ city: false, at: true, celsius: false, kelvin: false })
  })

  it('L4: changes its fingerprint when a table is attached or detached', async () => {
    await database.exec('CREATE TABLE measured_oslo (LIKE measured INCLUDING ALL)')
    const before = await readCatalog(createPgliteSession(database))
    await database.exec("ALTER TABLE measured ATTACH PARTITION measured_oslo FOR VALUES IN ('Oslo')")
    const after = await readCatalog(createPgliteSession(database))
    expect(after.fingerprint).not.toBe(before.fingerprint)
  })
})
