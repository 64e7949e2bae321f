-- What keeps the rows of tables from being read, or would run somebody's code while they are: one row a table asked for.
--
-- %(schemas)s, %(tables)s  text[]  the tables, pairwise
-- %(column_tables)s int4[], %(columns)s text[]  the columns that are read, each with the place of its table (from 1)
--
-- Planning a query folds the constant parts of the index expressions, predicates, statistics and partition keys of every
-- table that it touches, and compares by the operator classes of its indexes: functions that are neither PostgreSQL's nor
-- a superuser's extension's nor the current role's own would run for us. CHECKs are left alone (constraint_exclusion is
-- off), and what is stored is read as it is.
WITH RECURSIVE asked AS MATERIALIZED (
    SELECT a.place, c.oid, c.relname, c.relkind, c.reltuples, n.oid AS schema_oid, n.nspname,
           c.relkind = 'p' OR c.relhassubclass AS branches
    FROM ROWS FROM (pg_catalog.unnest(%(schemas)s::pg_catalog.text[]), pg_catalog.unnest(%(tables)s::pg_catalog.text[]))
         WITH ORDINALITY AS a (schema, name, place)
    JOIN pg_catalog.pg_namespace AS n ON n.nspname = a.schema
    JOIN pg_catalog.pg_class AS c ON c.relnamespace = n.oid AND c.relname = a.name
),
-- only what has children is asked for them: leaves may be many, and pg_inherits has no statistics when it is new
tree (root, oid, branches) AS (
    SELECT oid, oid, branches FROM asked
    UNION
    SELECT tree.root, child.oid, child.branches
    FROM tree
    CROSS JOIN LATERAL (
        SELECT c.oid, c.relkind = 'p' OR c.relhassubclass AS branches
        FROM pg_catalog.pg_inherits AS i
        JOIN pg_catalog.pg_class AS c ON c.oid = i.inhrelid
        WHERE i.inhparent = tree.oid
        OFFSET 0
    ) AS child
    WHERE tree.branches
),
-- materialized, as the next ones: once, and not again for each table that is asked for
expression (root, classid, objid, words) AS MATERIALIZED (
    SELECT tree.root, 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid, x.indexrelid, 'index ' || c.relname
    FROM tree
    JOIN pg_catalog.pg_index AS x ON x.indrelid = tree.oid AND (x.indexprs IS NOT NULL OR x.indpred IS NOT NULL)
    JOIN pg_catalog.pg_class AS c ON c.oid = x.indexrelid
    UNION ALL
    SELECT tree.root, 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid, tree.oid, 'its partition key'
    FROM tree
    JOIN pg_catalog.pg_partitioned_table AS k ON k.partrelid = tree.oid
    UNION ALL
    SELECT tree.root, 'pg_catalog.pg_statistic_ext'::pg_catalog.regclass::pg_catalog.oid, s.oid, 'statistics ' || s.stxname
    FROM tree
    JOIN pg_catalog.pg_statistic_ext AS s ON s.stxrelid = tree.oid
    UNION ALL
    SELECT tree.root, 'pg_catalog.pg_attrdef'::pg_catalog.regclass::pg_catalog.oid, d.oid, 'generated column ' || a.attname
    FROM tree
    JOIN pg_catalog.pg_attrdef AS d ON d.adrelid = tree.oid
    JOIN pg_catalog.pg_attribute AS a ON a.attrelid = d.adrelid AND a.attnum = d.adnum AND a.attgenerated = 'v'
),
class (root, oid, words) AS MATERIALIZED (
    SELECT tree.root, u.opclass, 'index ' || c.relname
    FROM tree
    JOIN pg_catalog.pg_index AS x ON x.indrelid = tree.oid
    JOIN pg_catalog.pg_class AS c ON c.oid = x.indexrelid
    CROSS JOIN LATERAL pg_catalog.unnest(x.indclass::pg_catalog.oid[]) AS u (opclass)
    UNION ALL
    SELECT tree.root, u.opclass, 'its partition key'
    FROM tree
    JOIN pg_catalog.pg_partitioned_table AS k ON k.partrelid = tree.oid
    CROSS JOIN LATERAL pg_catalog.unnest(k.partclass::pg_catalog.oid[]) AS u (opclass)
),
called (root, words, proc) AS (
    SELECT e.root, e.words,
           CASE d.refclassid WHEN 'pg_catalog.pg_proc'::pg_catalog.regclass THEN d.refobjid ELSE o.oprcode::pg_catalog.oid END
    FROM expression AS e
    JOIN pg_catalog.pg_depend AS d ON d.classid = e.classid AND d.objid = e.objid AND d.refobjid >= 16384
    LEFT JOIN pg_catalog.pg_operator AS o
        ON o.oid = d.refobjid AND d.refclassid = 'pg_catalog.pg_operator'::pg_catalog.regclass
    WHERE d.refclassid IN ('pg_catalog.pg_proc'::pg_catalog.regclass, 'pg_catalog.pg_operator'::pg_catalog.regclass)
    UNION ALL
    SELECT k.root, k.words, s.amproc::pg_catalog.oid
    FROM class AS k
    JOIN pg_catalog.pg_opclass AS f ON f.oid = k.oid AND f.oid >= 16384
    JOIN pg_catalog.pg_amproc AS s ON s.amprocfamily = f.opcfamily
),
foreign_code AS MATERIALIZED (
    SELECT DISTINCT e.root, e.words || ' calls ' || pn.nspname || '.' || p.proname AS words
    FROM called AS e
    JOIN pg_catalog.pg_proc AS p ON p.oid = e.proc AND p.oid >= 16384
    JOIN pg_catalog.pg_namespace AS pn ON pn.oid = p.pronamespace
    JOIN pg_catalog.pg_roles AS r ON r.rolname = current_user
    WHERE p.proowner <> r.oid
      AND NOT EXISTS (
          SELECT FROM pg_catalog.pg_depend AS m JOIN pg_catalog.pg_roles AS o ON o.oid = p.proowner AND o.rolsuper
          WHERE m.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND m.objid = p.oid AND m.deptype = 'e'
      )
),
-- by those that a server has, which are few, and not by the partitions, which may be many
foreign_part AS MATERIALIZED (
    SELECT t.root, f.relname::pg_catalog.text
    FROM pg_catalog.pg_foreign_table AS k
    JOIN tree AS t ON t.oid = k.ftrelid AND t.oid <> t.root
    JOIN pg_catalog.pg_class AS f ON f.oid = t.oid
)
SELECT a.place::pg_catalog.int4, a.relkind::pg_catalog.text, a.reltuples::pg_catalog.int8,
       pg_catalog.has_schema_privilege(a.schema_oid, 'USAGE'),
       ARRAY(
           SELECT c.name
           FROM ROWS FROM (pg_catalog.unnest(%(column_tables)s::pg_catalog.int4[]), pg_catalog.unnest(%(columns)s::pg_catalog.text[]))
                WITH ORDINALITY AS c (place, name, turn)
           LEFT JOIN pg_catalog.pg_attribute AS t ON t.attrelid = a.oid AND t.attname = c.name AND NOT t.attisdropped
           WHERE c.place = a.place
             AND pg_catalog.has_table_privilege(a.oid, 'SELECT') IS NOT TRUE
             -- by its number: what is gone meanwhile is NULL and not an error
             AND pg_catalog.has_column_privilege(a.oid, t.attnum, 'SELECT') IS NOT TRUE
           ORDER BY c.turn
       ),
       CASE WHEN pg_catalog.has_table_privilege(a.oid, 'SELECT') IS NOT NULL THEN pg_catalog.row_security_active(a.oid) END,
       ARRAY(
           SELECT f.relname FROM foreign_part AS f WHERE f.root = a.oid ORDER BY f.relname
       ),
       ARRAY(SELECT f.words FROM foreign_code AS f WHERE f.root = a.oid ORDER BY f.words),
       current_user::pg_catalog.text
FROM asked AS a
ORDER BY a.place
