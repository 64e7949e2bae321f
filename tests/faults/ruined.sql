-- Everything departs: no constraint, index, default or trigger is left, and the rows are what they must not be.
-- What was not seen and is called a pass is then a verdict that the database does not have.
SET session_replication_role = replica;

DO $$
DECLARE
    line record;
    another text;
BEGIN
    FOR line IN SELECT format('%I', relname) AS name FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') LOOP
        EXECUTE format('CREATE TABLE public.ruined AS SELECT * FROM public.%s', line.name);
        EXECUTE format('DROP TABLE public.%s CASCADE', line.name);
        EXECUTE format('ALTER TABLE public.ruined RENAME TO %s', line.name);
        EXECUTE format('INSERT INTO public.%s SELECT * FROM public.%s', line.name, line.name);
    END LOOP;
    FOR line IN SELECT format('public.%I', c.relname) AS name, format('%I', a.attname) AS field, a.atttypid AS type
        FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 LOOP
        another := CASE line.type
            WHEN 'text'::regtype THEN '''?'''
            WHEN 'uuid'::regtype THEN CASE WHEN line.field <> 'id' THEN 'md5(' || line.field || '::text)::uuid' END
            WHEN 'int4'::regtype THEN '-7'
            WHEN 'int8'::regtype THEN '-7'
            WHEN 'numeric'::regtype THEN '-7'
            WHEN 'float8'::regtype THEN '-7'
            WHEN 'jsonb'::regtype THEN '''[{"?": -7}]'''
            WHEN 'timestamptz'::regtype THEN '''-infinity'''
        END;
        IF another IS NOT NULL THEN
            EXECUTE format('UPDATE %s SET %s = %s', line.name, line.field, another);
        END IF;
    END LOOP;
END
$$;
