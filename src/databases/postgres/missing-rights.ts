import type { Vetted } from '../../core/vetted.ts'
import { ServiceError } from '../../core/errors.ts'
import type { Session } from '../session.ts'
import { textArray } from '../text-array.ts'

/** Functions of the statement ('own') or called by a view that it reads ('view'), which the role may not run. */
const lackingStatement = `
  WITH RECURSIVE behind (oid) AS (
    SELECT c.oid FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE pg_catalog.format('%s.%s', n.nspname, c.relname) = ANY ($1::pg_catalog.text[])
    UNION
    SELECT d.refobjid FROM behind b JOIN pg_catalog.pg_rewrite r ON r.ev_class = b.oid
      JOIN pg_catalog.pg_depend d ON d.objid = r.oid
    WHERE d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass
          AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
  ), named AS (
    SELECT p.oid, p.pronamespace, pg_catalog.format('%s.%s(%s)', n.nspname, p.proname,
           pg_catalog.oidvectortypes(p.proargtypes)) AS signature
    FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
    WHERE n.nspname <> 'pg_catalog'
          AND NOT (pg_catalog.has_function_privilege(p.oid, 'EXECUTE') AND pg_catalog.has_schema_privilege(n.oid, 'USAGE'))
  )
  SELECT 'own', signature FROM named WHERE signature = ANY ($2::pg_catalog.text[])
  UNION ALL
  SELECT 'view', '' FROM named f JOIN pg_catalog.pg_depend d ON d.refobjid = f.oid
    JOIN pg_catalog.pg_rewrite r ON r.oid = d.objid JOIN behind b ON b.oid = r.ev_class
  WHERE d.refclassid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass
  ORDER BY 1, 2`

const advice = 'Let the owner of the database run what "sallyport sql grant-script" prints, again after each change.'

/**
 * Why the server denied a right (SQLSTATE 42501) to a statement whose relations and columns policy allows, where it is a
 * function that the role may not run; null where it is something else. What a view calls has no name to the reader.
 */
export async function findMissingRight(
  session: Session,
  { relations, functions }: Pick<Vetted<'sql'>, 'relations' | 'functions'>,
): Promise<ServiceError | null> {
  await session.run('BEGIN READ ONLY')
  await session.run(`SET LOCAL search_path = ''`)
  const own = functions.filter((signature) => !signature.startsWith('pg_catalog.'))
  const { rows } = await session.run(lackingStatement, [textArray(relations), textArray(own)])
  const [kind, signature] = rows[0] ?? []
  if (kind === undefined && own.length === 0) return null
  const what =
    kind === 'own'
      ? `The role of the data source may not run the function ${signature}.`
      : kind === 'view'
        ? 'A view that the statement reads calls a function that the role of the data source may not run.'
        : 'A function of the statement uses something that the role of the data source may not read or run.'
  return new ServiceError('query-failed', what, { advice })
}
