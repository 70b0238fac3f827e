import type { Session } from './session.ts'

/** Objects outside the system's own schemas and not members of an extension's own. */
const ours = (namespace: string): string =>
  `${namespace}.nspname <> 'information_schema' AND ${namespace}.nspname !~ '^pg_'`

const schemas = `
  SELECT pg_catalog.format('CREATE SCHEMA IF NOT EXISTS %I', n.nspname)
  FROM pg_catalog.pg_namespace n WHERE ${ours('n')} ORDER BY n.nspname COLLATE "C"`

/**
 * A type of an extension has no counterpart in the shadow: it becomes a composite type without members, which can be
 * selected and compared with nothing, so what would need its functions fails to resolve and is refused.
 */
const extensionTypes = `
  SELECT pg_catalog.format('CREATE TYPE %I.%I AS ()', n.nspname, t.typname)
  FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
  WHERE ${ours('n')} AND t.typtype IN ('b', 'r') AND t.typcategory <> 'A' AND t.typisdefined
  ORDER BY n.nspname COLLATE "C", t.typname COLLATE "C"`

const enums = `
  SELECT pg_catalog.format('CREATE TYPE %I.%I AS ENUM (%s)', n.nspname, t.typname,
           (SELECT pg_catalog.string_agg(pg_catalog.quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder)
            FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid))
  FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
  WHERE ${ours('n')} AND t.typtype = 'e'
  ORDER BY n.nspname COLLATE "C", t.typname COLLATE "C"`

/** Without their CHECK constraints: a shadow holds no values to check. By oid, since a domain can rest on another. */
const domains = `
  SELECT pg_catalog.format('CREATE DOMAIN %I.%I AS %s', n.nspname, t.typname,
           pg_catalog.format_type(t.typbasetype, t.typtypmod))
  FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
  WHERE ${ours('n')} AND t.typtype = 'd' ORDER BY t.oid`

const composites = `
  SELECT pg_catalog.format('CREATE TYPE %I.%I AS (%s)', n.nspname, t.typname,
           (SELECT pg_catalog.string_agg(pg_catalog.format('%I %s', a.attname,
                     pg_catalog.format_type(a.atttypid, a.atttypmod)), ', ' ORDER BY a.attnum)
            FROM pg_catalog.pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped))
  FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
       JOIN pg_catalog.pg_class c ON c.oid = t.typrelid
  WHERE ${ours('n')} AND t.typtype = 'c' AND c.relkind = 'c' ORDER BY t.oid`

/**
 * Every relation as a table: to the analyzer a view is its columns, and what a statement reads is the view itself. The
 * primary key goes with it, since GROUP BY on it lets the other columns stand ungrouped.
 */
const relations = `
  SELECT pg_catalog.format('CREATE TABLE %I.%I (%s%s)', n.nspname, c.relname,
           (SELECT pg_catalog.string_agg(pg_catalog.format('%I %s', a.attname,
                     pg_catalog.format_type(a.atttypid, a.atttypmod)), ', ' ORDER BY a.attnum)
            FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
           (SELECT pg_catalog.format(', PRIMARY KEY (%s)', pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', '
                     ORDER BY k.position))
            FROM pg_catalog.pg_constraint p
                 CROSS JOIN LATERAL pg_catalog.unnest(p.conkey) WITH ORDINALITY AS k(number, position)
                 JOIN pg_catalog.pg_attribute a ON a.attrelid = p.conrelid AND a.attnum = k.number
            WHERE p.conrelid = c.oid AND p.contype = 'p' GROUP BY p.oid))
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE ${ours('n')} AND c.relkind IN ('r', 'v', 'm', 'f', 'p')
  ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"`

/** Signatures only: a shadow analyzes calls and never makes one. Aggregates and window functions are left out. */
const functions = `
  SELECT pg_catalog.format('CREATE FUNCTION %I.%I(%s) RETURNS %s LANGUAGE plpgsql %s AS %L', n.nspname, p.proname,
           pg_catalog.pg_get_function_arguments(p.oid), pg_catalog.pg_get_function_result(p.oid),
           CASE p.provolatile WHEN 'i' THEN 'IMMUTABLE' WHEN 's' THEN 'STABLE' ELSE 'VOLATILE' END, 'BEGIN END')
  FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
       JOIN pg_catalog.pg_type r ON r.oid = p.prorettype
  WHERE ${ours('n')} AND p.prokind = 'f' AND r.typname NOT IN ('trigger', 'event_trigger')
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass
                        AND d.objid = p.oid AND d.deptype = 'e')
  ORDER BY p.oid`

/**
 * DDL that remakes a schema without its rows, in an order that works. The session's search_path must be empty, so that
 * every type prints with its schema.
 */
export async function schemaStatements(session: Session): Promise<string[]> {
  const statements: string[] = []
  for (const query of [schemas, extensionTypes, enums, domains, composites, relations, functions]) {
    const { rows } = await session.run(query)
    statements.push(...rows.map((row) => row[0] ?? ''))
  }
  return statements
}
