-- The whole structure plane in one statement: one row, one JSON document.
--
-- %(names)s  text[]  names of the tables that the contract speaks of
-- %(path)s   text[]  the schemas in which a name is looked for, in order
--
-- The wanted OIDs are resolved by name first and every other catalog is entered by an index on them, so that the
-- cost does not grow with the tables around. The session's search_path is empty: what PostgreSQL deparses is qualified
-- wherever it is not pg_catalog's. Of a text that is longer than 100,000 characters one more is pulled, which says so.
--
-- Columns that newer majors added to the catalogs are named without an alias inside a LATERAL subquery, so that they
-- fall back to the row `absent` where the catalog has no such column: conenforced (18), conperiod (18),
-- confdelsetcols (15), indnullsnotdistinct (15), inhdetachpending (14), tgparentid (13; before it, and up to 14, a
-- partition's copy of a trigger is tgisinternal without a constraint).
--
-- What hangs on partitions and inheriting tables alone is read by the same scans: their OIDs stand among the wanted
-- ones, and what they have from their parent is left out.
WITH RECURSIVE
absent (conenforced, conperiod, confdelsetcols, indnullsnotdistinct, inhdetachpending, tgparentid) AS (
    VALUES (true, false, NULL::pg_catalog.int2[], false, false, 0::pg_catalog.oid)
),
named AS MATERIALIZED (
    SELECT c.oid, c.relname, n.nspname, c.relkind, c.relowner, c.relrowsecurity, c.relhassubclass, c.relhasrules, c.relispartition,
           c.reloptions, c.relhastriggers, n.oid AS relnamespace,
           CASE WHEN c.relispartition THEN pg_catalog.pg_get_expr(c.relpartbound, c.oid) END AS bound,
           -- PostgreSQL passes over a schema that the role may not use; where no other has the name, it is looked at
           pg_catalog.array_position(%(path)s::pg_catalog.text[], n.nspname::pg_catalog.text)
               + CASE WHEN pg_catalog.has_schema_privilege(n.oid, 'USAGE') THEN 0 ELSE 10000 END AS place
    FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    WHERE c.relname = ANY (%(names)s::pg_catalog.name[])
      AND c.relpersistence <> 't'
),
-- what the name means, which may be a sequence, an index or a composite type
meant AS MATERIALIZED (
    SELECT DISTINCT ON (relname) * FROM named WHERE place IS NOT NULL ORDER BY relname, place
),
wanted AS MATERIALIZED (
    SELECT * FROM meant WHERE relkind IN ('r', 'p', 'v', 'm', 'f')
),
-- views that PostgreSQL writes through by itself: of these, a column that is computed cannot be written
plain_view AS (
    SELECT oid FROM wanted WHERE relkind = 'v' AND pg_catalog.pg_relation_is_updatable(oid, false) & 28 = 28
),
-- each wanted table, its partitions and the tables that inherit from it, at any depth; a partition of which DETACH
-- CONCURRENTLY was begun and not ended takes no row any more, and shows none
part (root, oid, parent, relname, relkind, relispartition, relhastriggers, bound, branches) AS (
    SELECT oid, oid, 0::pg_catalog.oid, relname, relkind, relispartition, relhastriggers, bound,
           relkind = 'p' OR relhassubclass
    FROM wanted
    UNION
    SELECT part.root, child.oid, part.oid, child.relname, child.relkind, child.relispartition, child.relhastriggers,
           child.bound, child.branches
    FROM part
    CROSS JOIN absent
    CROSS JOIN LATERAL (
        SELECT c.oid, c.relname, c.relkind, c.relispartition, c.relhastriggers,
               CASE WHEN c.relispartition THEN pg_catalog.pg_get_expr(c.relpartbound, c.oid) END AS bound,
               c.relkind = 'p' OR c.relhassubclass AS branches
        FROM pg_catalog.pg_inherits AS i
        JOIN pg_catalog.pg_class AS c ON c.oid = i.inhrelid
        WHERE i.inhparent = part.oid AND NOT inhdetachpending
        OFFSET 0
    ) AS child
    WHERE part.branches
),
attribute AS MATERIALIZED (
    SELECT a.attrelid, a.attnum, a.attname, a.atttypid, a.atttypmod, a.attnotnull, a.attidentity, a.attgenerated,
           a.attcollation, a.attinhcount
    FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid = ANY (ARRAY(SELECT oid FROM part)) AND a.attnum > 0 AND NOT a.attisdropped
),
attribute_default AS MATERIALIZED (
    SELECT d.oid, d.adrelid, d.adnum, d.adbin, pg_catalog.substr(COALESCE(pg_catalog.pg_get_expr(d.adbin, d.adrelid), ''), 1, 100001) AS text
    FROM pg_catalog.pg_attrdef AS d
    WHERE d.adrelid = ANY (ARRAY(SELECT oid FROM wanted))
),
type_used (oid) AS (
    SELECT DISTINCT atttypid FROM attribute
    UNION
    SELECT part.oid
    FROM type_used
    -- OFFSET 0 keeps the look-up an index scan for each type, however many types there are
    CROSS JOIN LATERAL (
        SELECT t.typbasetype, CASE WHEN t.typcategory = 'A' THEN t.typelem END AS element
        FROM pg_catalog.pg_type AS t
        WHERE t.oid = type_used.oid
        OFFSET 0
    ) AS own
    CROSS JOIN LATERAL (VALUES (own.typbasetype), (own.element)) AS part (oid)
    WHERE part.oid <> 0
),
table_constraint AS MATERIALIZED (
    SELECT con.*
    FROM absent
    CROSS JOIN LATERAL (
        SELECT oid, conrelid, conname, contype, conparentid, condeferrable, convalidated, connoinherit, conkey, confrelid, confkey,
               confdeltype, confupdtype, confmatchtype, conbin, conindid, conexclop, conenforced, conperiod, confdelsetcols,
               coninhcount
        FROM pg_catalog.pg_constraint
        WHERE conrelid = ANY (ARRAY(SELECT oid FROM part))
    ) AS con
    WHERE con.coninhcount = 0 AND con.conparentid = 0 OR con.conrelid = ANY (ARRAY(SELECT oid FROM wanted))
),
foreign_key AS MATERIALIZED (
    SELECT c.*, tn.nspname, target.relname, target.relkind, w.relkind = 'p' OR target.relkind = 'p' AS parted,
           (w.relhastriggers OR bare.roots AND w.relkind = 'p')
               AND (target.relhastriggers OR bare.roots AND target.relkind = 'p') AS awake
    FROM table_constraint AS c
    -- not by way of `part`, which has a table twice that was asked for beside the one above it
    JOIN pg_catalog.pg_class AS w ON w.oid = c.conrelid
    JOIN pg_catalog.pg_class AS target ON target.oid = c.confrelid
    -- up to 14 a key's triggers are on the partitions alone, and none is on a partitioned table itself
    CROSS JOIN (VALUES (pg_catalog.current_setting('server_version_num')::pg_catalog.int4 < 150000)) AS bare (roots)
    JOIN pg_catalog.pg_namespace AS tn ON tn.oid = target.relnamespace
    WHERE c.contype = 'f'
        -- the rows for each partition of a partitioned target say nothing that the first does not
        AND NOT EXISTS (SELECT FROM table_constraint AS p WHERE p.oid = c.conparentid AND p.conrelid = c.conrelid)
),
-- what a partition's own key was made from, up to the first
key_above (root, oid, parent, relation) AS (
    SELECT c.oid, c.oid, c.conparentid, c.conrelid FROM foreign_key AS c WHERE c.conparentid <> 0
    UNION ALL
    SELECT k.root, above.oid, above.conparentid, above.conrelid
    FROM key_above AS k
    CROSS JOIN LATERAL (
        SELECT c.oid, c.conparentid, c.conrelid FROM pg_catalog.pg_constraint AS c WHERE c.oid = k.parent OFFSET 0
    ) AS above
    WHERE k.parent <> 0
),
-- a foreign key of or to a partitioned table is kept by the triggers of all its partitions, and where the table is
-- itself a partition, at the other end by those of the first key alone, which are of no `relation` but that end
key_part (root, oid, parted, relation) AS (
    SELECT oid, oid, parted, NULL::pg_catalog.oid FROM foreign_key
    UNION ALL
    SELECT k.root, k.oid, true, k.relation FROM key_above AS k WHERE k.parent = 0
    UNION ALL
    SELECT key_part.root, part.oid, true, key_part.relation
    FROM key_part
    CROSS JOIN LATERAL (
        -- that a parent is not 0 goes without saying, but not for the planner, which then expects few
        SELECT c.oid FROM pg_catalog.pg_constraint AS c
        WHERE c.conparentid = key_part.oid AND c.conparentid <> 0
            AND (key_part.relation IS NULL OR c.conrelid = key_part.relation)
        OFFSET 0
    ) AS part
    WHERE key_part.parted
),
key_guard AS MATERIALIZED (
    SELECT k.root, pg_catalog.count(*) AS triggers,
           pg_catalog.count(*) FILTER (WHERE t.tgenabled NOT IN ('O', 'A')) AS asleep,
           pg_catalog.json_agg(t.tgrelid::pg_catalog.int8) AS watched
    FROM pg_catalog.pg_trigger AS t
    JOIN key_part AS k ON k.oid = t.tgconstraint
    WHERE t.tgconstraint = ANY (ARRAY(SELECT oid FROM key_part)) AND t.tgisinternal
        AND (k.relation IS NULL OR k.relation <> t.tgrelid)
    GROUP BY k.root
),
domain_constraint AS MATERIALIZED (
    SELECT con.oid, con.contypid, con.conname, con.convalidated, con.conbin
    FROM pg_catalog.pg_constraint AS con
    WHERE con.contypid = ANY (ARRAY(SELECT u.oid FROM type_used AS u WHERE u.oid >= 16384)) AND con.contype = 'c'
),
table_index AS MATERIALIZED (
    SELECT x.*, ic.relname, ic.relispartition, am.amname
    FROM absent
    CROSS JOIN LATERAL (
        SELECT indexrelid, indrelid, indkey, indclass, indcollation, indoption, indnkeyatts, indnatts, indpred,
               indexprs, indisunique, indisprimary, indimmediate, indisvalid, indisready, indislive,
               indnullsnotdistinct, indisexclusion
        FROM pg_catalog.pg_index
        WHERE indrelid = ANY (ARRAY(SELECT oid FROM part))
    ) AS x
    JOIN pg_catalog.pg_class AS ic ON ic.oid = x.indexrelid
    JOIN pg_catalog.pg_am AS am ON am.oid = ic.relam
    WHERE (x.indisunique OR x.indisexclusion OR x.indexprs IS NOT NULL OR x.indpred IS NOT NULL) AND NOT ic.relispartition
       OR x.indrelid = ANY (ARRAY(SELECT oid FROM wanted))
),
-- Only expressions that are more than a constant or one of the usual calls are taken apart: the rest is understood by
-- its text, which is unambiguous under an empty search_path.
expression AS MATERIALIZED (
    SELECT 'check' AS kind, 'pg_catalog.pg_constraint'::pg_catalog.regclass AS class, oid,
           conbin::pg_catalog.text AS tree
    FROM table_constraint WHERE contype = 'c'
    UNION ALL
    SELECT 'check', 'pg_catalog.pg_constraint'::pg_catalog.regclass, oid, conbin::pg_catalog.text
    FROM domain_constraint
    UNION ALL
    SELECT 'index', 'pg_catalog.pg_class'::pg_catalog.regclass, indexrelid,
           pg_catalog.concat(indpred::pg_catalog.text, indexprs::pg_catalog.text)
    FROM table_index WHERE indpred IS NOT NULL OR indexprs IS NOT NULL
    UNION ALL
    SELECT 'default', 'pg_catalog.pg_attrdef'::pg_catalog.regclass, oid, adbin::pg_catalog.text
    FROM attribute_default
    WHERE text NOT IN ('now()', 'gen_random_uuid()', 'CURRENT_TIMESTAMP', 'true', 'false')
      AND text !~ '^(''[^'']*''::(text|jsonb|character varying|text\[\])|-?[0-9]+|nextval\(''[^'']*''::regclass\))$'
    UNION ALL
    SELECT 'domain', 'pg_catalog.pg_type'::pg_catalog.regclass, t.oid, t.typdefaultbin::pg_catalog.text
    FROM pg_catalog.pg_type AS t
    WHERE t.oid = ANY (ARRAY(SELECT u.oid FROM type_used AS u WHERE u.oid >= 16384))
      AND t.typtype = 'd' AND t.typdefaultbin IS NOT NULL
      AND pg_catalog.pg_get_expr(t.typdefaultbin, 0)
          !~ '^(''[^'']*''::(text|jsonb|character varying|text\[\])|-?[0-9]+|true|false|CURRENT_TIMESTAMP|now\(\)|gen_random_uuid\(\))$'
),
-- A parse tree prints as `{NODE :field value :field value}`; cut at ` :`, each piece begins with a field and may end with
-- the next node. Strings in it are printed as bytes and names with escaped blanks, so that no text of theirs is cut.
piece AS MATERIALIZED (
    SELECT e.kind, e.oid, p.field, p.node,
           CASE WHEN p.refers THEN pg_catalog.rtrim(pg_catalog.split_part(p.text, ' ', 2), '})')::pg_catalog.oid
           END AS referred
    FROM expression AS e
    CROSS JOIN LATERAL (
        SELECT cut.text, named.field, pg_catalog.split_part(cut.text, '{', 2) AS node,
               named.field IN ('funcid', 'opfuncid', 'opno', 'consttype', 'resulttype', 'vartype', 'array_typeid',
                               'element_typeid', 'opresulttype', 'funcresulttype', 'minmaxtype', 'coalescetype',
                               'casetype', 'typeId') AS refers
        FROM pg_catalog.unnest(pg_catalog.string_to_array(e.tree, ' :')) AS cut (text)
        CROSS JOIN LATERAL (VALUES (pg_catalog.split_part(cut.text, ' ', 1))) AS named (field)
        OFFSET 0
    ) AS p
    WHERE p.refers OR p.node <> ''
),
operator_used AS MATERIALIZED (
    SELECT o.oid, o.oprcode::pg_catalog.oid AS function
    FROM pg_catalog.pg_operator AS o
    WHERE o.oid = ANY (ARRAY(SELECT referred FROM piece WHERE field = 'opno'))
)
-- What is larger than any schema needs to be would cost whoever looks more memory than it is worth.
SELECT CASE WHEN pg_catalog.pg_column_size(whole.catalog) > 16777216 THEN '{"large": true}' ELSE whole.catalog END AS catalog
FROM (SELECT pg_catalog.json_build_object(
    'relations', (
        SELECT pg_catalog.json_agg(pg_catalog.json_build_array(
            w.oid::pg_catalog.int8, w.nspname, w.relname, w.relkind, pg_catalog.pg_get_userbyid(w.relowner),
            w.relrowsecurity,
            pg_catalog.has_schema_privilege(w.relnamespace, 'USAGE')
                AND pg_catalog.has_table_privilege(w.oid, 'SELECT'),
            pg_catalog.has_table_privilege(w.oid, 'INSERT'),
            CASE WHEN w.relhasrules THEN (
                SELECT pg_catalog.json_agg(pg_catalog.json_build_array(r.rulename, r.ev_type, r.is_instead,
                           r.ev_qual::pg_catalog.text = '<>' AND pg_catalog.pg_get_ruledef(r.oid) LIKE '%% DO INSTEAD NOTHING;')
                                           ORDER BY r.rulename)
                FROM pg_catalog.pg_rewrite AS r
                WHERE r.ev_class = w.oid AND r.ev_type <> '1' AND r.ev_enabled NOT IN ('D', 'R'))
            END,
            w.bound, w.relhastriggers,
            -- null where a view's own condition decides, by its check option, which rows can be inserted
            CASE WHEN w.relkind = 'v' THEN
                CASE WHEN pg_catalog.pg_relation_is_updatable(w.oid, true) & 8 <> 8 THEN false
                     WHEN w.reloptions::pg_catalog.text LIKE '%%check_option=%%' THEN NULL ELSE true END
            ELSE w.relkind <> 'm' END
        ) ORDER BY w.relname)
        FROM wanted AS w),
    'parts', (
        SELECT pg_catalog.json_agg(pg_catalog.json_build_array(
            p.root::pg_catalog.int8, p.oid::pg_catalog.int8, p.parent::pg_catalog.int8, p.relname, p.relkind,
            p.relispartition, p.relhastriggers, p.bound) ORDER BY p.root, p.relname, p.oid, p.parent)
        FROM part AS p
        WHERE p.parent <> 0),
    'part_columns', (
        SELECT pg_catalog.json_agg(pg_catalog.json_build_array(
            a.attrelid::pg_catalog.int8, a.attnum, a.attname, a.attnotnull) ORDER BY a.attrelid, a.attnum)
        FROM attribute AS a
        WHERE a.attrelid <> ALL (ARRAY(SELECT oid FROM wanted))),
    -- what those have from above of which both they and a table above them were asked for
    'handed_down', (
        SELECT pg_catalog.json_agg(pg_catalog.json_build_array(h.relation::pg_catalog.int8, h.kind, h.name))
        FROM (
            SELECT c.conrelid, CASE c.contype WHEN 'c' THEN 'checks' ELSE 'foreign_keys' END, c.conname FROM table_constraint AS c
            WHERE c.contype IN ('c', 'f') AND (c.coninhcount > 0 OR c.conparentid <> 0)
            UNION ALL
            SELECT i.indrelid, 'indexes', i.relname FROM table_index AS i WHERE i.relispartition
        ) AS h (relation, kind, name)
        WHERE h.relation = ANY (ARRAY(SELECT oid FROM part WHERE parent <> 0))),
    'partition_keys', (
        SELECT pg_catalog.json_agg(pg_catalog.json_build_array(
            p.partrelid::pg_catalog.int8, p.partstrat, EXISTS (SELECT FROM part WHERE part.oid = p.partdefid),
            -- a 0 stands for what is computed, and for a column that is not compared as it is elsewhere
            CASE WHEN EXISTS (
                SELECT
                FROM ROWS FROM (pg_catalog.unnest(p.partclass::pg_catalog.oid[]),
                                pg_catalog.unnest(p.partcollation::pg_catalog.oid[]),
                                pg_catalog.unnest(p.partattrs::pg_catalog.int2[])) AS k (opclass, collation_, attnum)
                JOIN pg_catalog.pg_opclass AS o ON o.oid = k.opclass
                LEFT JOIN pg_catalog.pg_attribute AS a ON a.attrelid = p.partrelid AND a.attnum = k.attnum
                WHERE NOT o.opcdefault OR o.oid >= 16384 OR a.attcollation <> k.collation_)
            THEN p.partattrs::pg_catalog.int2[] || 0::pg_catalog.int2 ELSE p.partattrs::pg_catalog.int2[] END))
        FROM pg_catalog.pg_partitioned_table AS p
        WHERE p.partrelid = ANY (ARRAY(SELECT oid FROM part WHERE relkind = 'p'))),
    'elsewhere', (
        SELECT pg_catalog.json_agg(pg_catalog.json_build_array(n.relname, n.nspname) ORDER BY n.relname, n.place, n.nspname)
        FROM named AS n
        WHERE n.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT EXISTS (SELECT FROM wanted AS w WHERE w.oid = n.oid)),
    'taken', (
        SELECT pg_catalog.json_agg(pg_catalog.json_build_array(n.relname, n.relkind, n.nspname) ORDER BY n.relname)
        FROM meant AS n
        WHERE n.relkind NOT IN ('r', 'p', 'v', 'm', 'f')),
    'columns', (
        SELECT pg_catalog.json_build_array(
            pg_catalog.json_agg(a.attrelid::pg_catalog.int8), pg_catalog.json_agg(a.attnum), pg_catalog.json_agg(a.attname), pg_catalog.json_agg(a.atttypid::pg_catalog.int8), pg_catalog.json_agg(a.atttypmod),
            pg_catalog.json_agg(CASE WHEN a.atttypid >= 16384 OR a.atttypmod >= 0 THEN pg_catalog.format_type(a.atttypid, a.atttypmod) END),
            pg_catalog.json_agg(a.attnotnull), pg_catalog.json_agg(a.attidentity), pg_catalog.json_agg(a.attgenerated),
            pg_catalog.json_agg(CASE WHEN a.attcollation NOT IN (0, 100) THEN a.attcollation::pg_catalog.int8 END),
            pg_catalog.json_agg(a.attinhcount > 0), pg_catalog.json_agg(d.text), pg_catalog.json_agg(d.oid::pg_catalog.int8),
            pg_catalog.json_agg(a.attrelid <> ALL (ARRAY(SELECT v.oid FROM plain_view AS v))
                OR pg_catalog.pg_column_is_updatable(a.attrelid, a.attnum, false)))
        FROM attribute AS a
        LEFT JOIN attribute_default AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE a.attrelid = ANY (ARRAY(SELECT oid FROM wanted))),
    'types', (
        SELECT pg_catalog.json_object_agg(t.oid, pg_catalog.json_build_array(
            n.nspname, t.typname, t.typtype,
            CASE WHEN t.typcategory = 'A' THEN t.typelem::pg_catalog.int8 ELSE 0 END,
            t.typbasetype::pg_catalog.int8, t.typtypmod, t.typnotnull,
            CASE WHEN t.oid < 16384 OR t.typtype = 'd' THEN pg_catalog.format_type(t.oid, NULL) END,
            CASE WHEN t.typtype = 'd' THEN pg_catalog.pg_get_expr(t.typdefaultbin, 0) END,
            CASE WHEN t.typtype = 'e' THEN (
                SELECT pg_catalog.json_agg(e.enumlabel ORDER BY e.enumsortorder)
                FROM pg_catalog.pg_enum AS e WHERE e.enumtypid = t.oid)
            END,
            CASE WHEN t.typtype = 'd' THEN (
                SELECT pg_catalog.json_agg(pg_catalog.json_build_array(
                    c.conname, pg_catalog.pg_get_expr(c.conbin, 0), c.convalidated, c.oid::pg_catalog.int8) ORDER BY c.conname)
                FROM domain_constraint AS c
                WHERE c.contypid = t.oid)
            END))
        FROM pg_catalog.pg_type AS t
        JOIN pg_catalog.pg_namespace AS n ON n.oid = t.typnamespace
        WHERE t.oid = ANY (ARRAY(SELECT u.oid FROM type_used AS u))),
    'collations', (
        SELECT pg_catalog.json_object_agg(c.oid, pg_catalog.json_build_array(
            n.nspname, c.collname, c.collisdeterministic, c.oid < 16384))
        FROM pg_catalog.pg_collation AS c
        JOIN pg_catalog.pg_namespace AS n ON n.oid = c.collnamespace
        WHERE c.oid = ANY (ARRAY(SELECT attcollation FROM attribute WHERE attcollation NOT IN (0, 100)
                                 UNION SELECT pg_catalog.unnest(indcollation) FROM table_index))
          AND c.oid NOT IN (0, 100)),
    'not_nulls', (
        SELECT pg_catalog.json_agg(pg_catalog.json_build_array(c.conrelid::pg_catalog.int8, c.conkey[1], c.convalidated)
                                   ORDER BY c.conrelid, c.conkey)
        FROM table_constraint AS c WHERE c.contype = 'n' AND NOT c.convalidated),
    'checks', (
        SELECT pg_catalog.json_agg(pg_catalog.json_build_array(
            c.conrelid::pg_catalog.int8, c.conname, pg_catalog.substr(COALESCE(pg_catalog.pg_get_expr(c.conbin, c.conrelid), ''), 1, 100001), c.conkey,
            c.convalidated, c.conenforced, c.connoinherit, c.oid::pg_catalog.int8) ORDER BY c.conrelid, c.conname)
        FROM table_constraint AS c
        WHERE c.contype = 'c'),
    'foreign_keys', (
        SELECT pg_catalog.json_agg(pg_catalog.json_build_array(
            c.conrelid::pg_catalog.int8, c.conname, c.conkey, c.nspname, c.relname,
            CASE WHEN c.confkey[2] IS NULL THEN ARRAY[(  -- most keys have one column, and are not worth a join
                SELECT a.attname FROM pg_catalog.pg_attribute AS a
                WHERE a.attrelid = c.confrelid AND a.attnum = c.confkey[1])]
            ELSE ARRAY(
                SELECT a.attname
                FROM pg_catalog.unnest(c.confkey) WITH ORDINALITY AS k (attnum, place)
                JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.confrelid AND a.attnum = k.attnum
                ORDER BY k.place)
            END,
            c.confdeltype, c.confupdtype, c.confmatchtype, c.confdelsetcols, c.convalidated, c.conenforced,
            c.condeferrable, c.conperiod, c.relkind, COALESCE(guard.triggers, 0), COALESCE(guard.asleep, 0),
            c.confrelid::pg_catalog.int8, c.awake, CASE WHEN c.parted OR guard.triggers <> 4 THEN guard.watched END
        ) ORDER BY c.conrelid, c.conname)
        FROM foreign_key AS c
        LEFT JOIN key_guard AS guard ON guard.root = c.oid),
    'indexes', (
        SELECT pg_catalog.json_build_array(
            pg_catalog.json_agg(i.indrelid::pg_catalog.int8), pg_catalog.json_agg(i.relname),
            pg_catalog.json_agg(i.amname), pg_catalog.json_agg(i.indkey::pg_catalog.int2[]),
            pg_catalog.json_agg(i.indnkeyatts), pg_catalog.json_agg(i.indoption::pg_catalog.int2[]),
            pg_catalog.json_agg(i.indcollation::pg_catalog.int8[]), pg_catalog.json_agg(i.indclass::pg_catalog.int8[]),
            pg_catalog.json_agg(
                CASE WHEN i.indexprs IS NOT NULL THEN
                    ARRAY(SELECT pg_catalog.pg_get_indexdef(i.indexrelid, k, true)
                          FROM pg_catalog.generate_series(1, i.indnkeyatts::pg_catalog.int4) AS k)
                END),
            pg_catalog.json_agg(
                CASE WHEN i.indpred IS NOT NULL THEN COALESCE(pg_catalog.pg_get_expr(i.indpred, i.indrelid), '') END),
            pg_catalog.json_agg(i.indexrelid::pg_catalog.int8), pg_catalog.json_agg(i.indisunique),
            pg_catalog.json_agg(i.indisprimary), pg_catalog.json_agg(i.indimmediate),
            pg_catalog.json_agg(i.indisvalid), pg_catalog.json_agg(i.indisready AND i.indislive),
            pg_catalog.json_agg(i.indnullsnotdistinct), pg_catalog.json_agg(c.conname),
            pg_catalog.json_agg(c.conexclop::pg_catalog.regoperator[]::pg_catalog.text[]))
        FROM table_index AS i
        LEFT JOIN table_constraint AS c ON c.conindid = i.indexrelid AND c.contype IN ('p', 'u', 'x')),
    'pieces', (
        SELECT pg_catalog.json_build_array(
            pg_catalog.json_agg(p.kind), pg_catalog.json_agg(p.oid::pg_catalog.int8), pg_catalog.json_agg(p.field),
            pg_catalog.json_agg(p.node), pg_catalog.json_agg(p.referred::pg_catalog.int8))
        FROM piece AS p),
    'operators', (
        SELECT pg_catalog.json_object_agg(o.oid, o.function::pg_catalog.int8) FROM operator_used AS o),
    'functions', (
        SELECT pg_catalog.json_object_agg(f.oid, pg_catalog.json_build_array(
            n.nspname, f.proname, f.provolatile,
            CASE WHEN f.oid >= 16384 THEN (
                SELECT e.extname
                FROM pg_catalog.pg_depend AS d
                JOIN pg_catalog.pg_extension AS e ON e.oid = d.refobjid
                WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.objid = f.oid AND d.deptype = 'e')
            END))
        FROM pg_catalog.pg_proc AS f
        JOIN pg_catalog.pg_namespace AS n ON n.oid = f.pronamespace
        WHERE f.oid = ANY (ARRAY(SELECT referred FROM piece WHERE field IN ('funcid', 'opfuncid')
                                 UNION ALL SELECT function FROM operator_used))),
    'strangers', (
        SELECT pg_catalog.json_object_agg(t.oid, pg_catalog.json_build_array(n.nspname, t.typname))
        FROM pg_catalog.pg_type AS t
        JOIN pg_catalog.pg_namespace AS n ON n.oid = t.typnamespace
        WHERE t.oid = ANY (ARRAY(SELECT referred FROM piece
                                 WHERE referred >= 16384 AND field NOT IN ('funcid', 'opfuncid', 'opno')))),
    -- of each role, or of all where the name is empty, what a session here begins with: a setting for one database wins
    'replicas', (
        SELECT pg_catalog.json_agg(setting.role ORDER BY setting.role)
        FROM (
            SELECT DISTINCT ON (s.setrole) COALESCE(r.rolname, '') AS role, pg_catalog.lower(c.text) AS text
            FROM pg_catalog.pg_db_role_setting AS s
            CROSS JOIN LATERAL pg_catalog.unnest(s.setconfig) AS c (text)
            LEFT JOIN pg_catalog.pg_roles AS r ON r.oid = s.setrole
            WHERE (s.setdatabase = 0 OR s.setdatabase = (SELECT oid FROM pg_catalog.pg_database
                                                         WHERE datname = pg_catalog.current_database()))
              AND pg_catalog.starts_with(pg_catalog.lower(c.text), 'session_replication_role=')
            ORDER BY s.setrole, s.setdatabase DESC
        ) AS setting
        WHERE setting.text = 'session_replication_role=replica'),
    'depends', (
        SELECT pg_catalog.json_agg(pg_catalog.json_build_array(e.kind, e.oid::pg_catalog.int8, d.description))
        FROM expression AS e
        CROSS JOIN LATERAL (
            SELECT pg_catalog.pg_describe_object(d.refclassid, d.refobjid, d.refobjsubid) AS description
            FROM pg_catalog.pg_depend AS d
            WHERE d.classid = e.class AND d.objid = e.oid
              AND d.refclassid IN ('pg_catalog.pg_proc'::pg_catalog.regclass,
                                   'pg_catalog.pg_operator'::pg_catalog.regclass,
                                   'pg_catalog.pg_collation'::pg_catalog.regclass,
                                   'pg_catalog.pg_opclass'::pg_catalog.regclass)
              AND d.deptype = 'n'
            OFFSET 0
        ) AS d
        WHERE e.kind <> 'index'),
    'opclasses', (
        SELECT pg_catalog.json_object_agg(o.oid, pg_catalog.json_build_array(
            o.opcname, o.opcdefault,
            o.oid < 16384 OR EXISTS (
                SELECT FROM pg_catalog.pg_depend AS d
                WHERE d.classid = 'pg_catalog.pg_opclass'::pg_catalog.regclass AND d.objid = o.oid AND d.deptype = 'e')))
        FROM pg_catalog.pg_opclass AS o
        WHERE o.oid = ANY (ARRAY(SELECT pg_catalog.unnest(indclass) FROM table_index))),
    'triggers', (
        SELECT pg_catalog.json_agg(pg_catalog.json_build_array(
            t.tgrelid::pg_catalog.int8, t.tgname, t.tgtype, t.tgattr::pg_catalog.int2[],
            CASE WHEN t.tgqual IS NOT NULL THEN COALESCE(pg_catalog.pg_get_triggerdef(t.oid), '') END,
            fn.nspname, f.proname, l.lanname, pg_catalog.substr(f.prosrc, 1, 100001), t.tgnargs, t.tgenabled, f.proconfig,
            t.tgparentid <> 0 OR t.tgisinternal
        ) ORDER BY t.tgrelid, t.tgname)
        FROM absent
        CROSS JOIN LATERAL (
            SELECT oid, tgrelid, tgname, tgtype, tgattr, tgqual, tgfoid, tgnargs, tgenabled, tgisinternal, tgparentid
            FROM pg_catalog.pg_trigger
            WHERE tgrelid = ANY (ARRAY(SELECT oid FROM part)) AND (NOT tgisinternal OR tgconstraint = 0)
        ) AS t
        JOIN pg_catalog.pg_proc AS f ON f.oid = t.tgfoid
        JOIN pg_catalog.pg_namespace AS fn ON fn.oid = f.pronamespace
        JOIN pg_catalog.pg_language AS l ON l.oid = f.prolang
        WHERE t.tgrelid = ANY (ARRAY(SELECT oid FROM wanted))
           OR t.tgtype & 1 = 1 AND (t.tgenabled NOT IN ('O', 'A') OR NOT (t.tgparentid <> 0 OR t.tgisinternal)))
) AS catalog OFFSET 0) AS whole
