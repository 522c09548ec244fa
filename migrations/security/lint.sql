-- The catalogue linter: what must never be so, asked of the catalogue itself. Each finding is (rule, what); none is right.
-- Run by tests and daily by whoever may read the catalogue (everybody may).
with
-- the roles requests act as, and the logins behind them
runtime as (
  select * from pg_roles where rolname like 'rt\_%' or rolname in ('eastwest_app', 'eastwest_jobs')
),
ours as (
  select n.oid, n.nspname from pg_namespace n where n.nspname in ('public', 'app', 'jobs')
),
relations as (
  select c.oid, c.relname, n.nspname, c.relkind, c.relowner, c.relrowsecurity, c.relforcerowsecurity, c.reloptions, c.relacl
  from pg_class c join ours n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
    and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
),
tables as (select * from relations where relkind in ('r', 'p')),
-- the short list that everybody reads; written by nobody at run time, but for new places
public_tables as (
  select oid from tables where nspname = 'public' and relname in
    ('divisions', 'former_names', 'places', 'key_counties', 'occupations', 'minimum_wages', 'scoring_profiles')
),
functions as (
  select p.oid, p.proname, n.nspname, p.prosecdef, p.proconfig, p.proowner, p.proacl
  from pg_proc p join ours n on n.oid = p.pronamespace
  where not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
),
policies as (
  select p.oid, p.polname, p.polrelid, p.polcmd, p.polroles, p.polpermissive,
         pg_get_expr(p.polqual, p.polrelid) as using_, pg_get_expr(p.polwithcheck, p.polrelid) as check_
  from pg_policy p join tables t on t.oid = p.polrelid
),
-- policies of the roles that serve requests; the owner's own let its triggers and definer functions work
serving as (
  select p.*, r.rolname from policies p join pg_roles r on r.oid = any (p.polroles) where r.rolname <> 'eastwest_owner'
),
-- what each policy compares with the context: the tenant columns
tenant_columns as (
  select distinct s.polrelid, m[1] as attname
  from serving s cross join regexp_matches(concat_ws(' ', s.using_, s.check_), '\(?(\w+) = \( SELECT', 'g') as m
),
verbs as (
  select t.oid as relid, r.oid as roleid, r.rolname, v.verb, v.cmd
  from tables t cross join runtime r
  cross join (values ('select', 'r'), ('insert', 'a'), ('update', 'w'), ('delete', 'd')) as v (verb, cmd)
  where case when v.verb = 'delete' then has_table_privilege(r.oid, t.oid, v.verb)
             else has_any_column_privilege(r.oid, t.oid, v.verb) end
),
findings (rule, what) as (
  select 'table in reach without forced row security', t.oid::regclass::text
  from tables t where t.nspname <> 'jobs' and not (t.relrowsecurity and t.relforcerowsecurity)
    and exists (select from verbs v where v.relid = t.oid) and t.oid not in (select oid from public_tables)
  union all
  select 'personal table without forced row security', t.oid::regclass::text
  from tables t where t.nspname = 'public' and not (t.relrowsecurity and t.relforcerowsecurity)
    and t.oid not in (select oid from public_tables) and t.relname <> 'alembic_version'
  union all
  select 'row security without a policy', t.oid::regclass::text
  from tables t where t.relrowsecurity and not exists (select from policies p where p.polrelid = t.oid)
  union all
  select 'public table written at run time', v.relid::regclass || ' ' || v.verb || ' ' || v.rolname
  from verbs v where v.relid in (select oid from public_tables) and v.verb <> 'select'
    and not (v.relid = 'public.places'::regclass and v.verb = 'insert')
  union all
  select 'view that is not security_invoker', v.oid::regclass::text
  from relations v where v.relkind = 'v' and not coalesce('security_invoker=true' = any (v.reloptions), false)
  union all
  select 'materialised view or foreign table', v.oid::regclass::text from relations v where v.relkind in ('m', 'f')
  union all
  select 'runtime role too strong', r.rolname
  from runtime r where r.rolsuper or r.rolbypassrls or r.rolcreaterole or r.rolcreatedb or r.rolreplication
  union all
  select 'runtime role owns something', r.rolname from runtime r
  where exists (select from pg_shdepend d where d.refobjid = r.oid and d.deptype = 'o'
                  and d.dbid in (0, (select oid from pg_database where datname = current_database())))
  union all
  select 'audience that can sign in', r.rolname from runtime r where r.rolname like 'rt\_%' and r.rolcanlogin
  union all
  select 'login that inherits', r.rolname from runtime r where r.rolname like 'eastwest%' and r.rolinherit
  union all
  select 'membership out of order', m.member::regrole || ' in ' || m.roleid::regrole
  from pg_auth_members m join runtime r on r.oid = m.member
  where m.member::regrole::text <> 'eastwest_app' or m.roleid::regrole::text !~ '^rt_' or m.admin_option
  union all
  select 'somebody else may act for an audience', m.member::regrole || ' in ' || m.roleid::regrole
  from pg_auth_members m where m.roleid::regrole::text ~ '^rt_' and m.member::regrole::text <> 'eastwest_app'
  union all
  select 'definer function with a loose search_path', f.oid::regprocedure::text
  from functions f where f.prosecdef
    and not coalesce(f.proconfig && array['search_path=pg_catalog', 'search_path=jobs, pg_catalog'], false)
  union all
  select 'definer function not owned by the tables'' owner', f.oid::regprocedure::text
  from functions f where f.prosecdef and f.proowner::regrole::text <> 'eastwest_owner'
  union all
  select 'function open to everybody', f.oid::regprocedure::text
  from functions f where f.nspname <> 'jobs'
    and (f.proacl is null or exists (select from aclexplode(f.proacl) a where a.grantee = 0))
  union all
  select 'object not owned by the tables'' owner', t.oid::regclass::text
  from relations t where t.relowner::regrole::text <> 'eastwest_owner'
  union all
  select 'relation open to everybody', t.oid::regclass::text
  from relations t where exists (select from aclexplode(t.relacl) a where a.grantee = 0)
  union all
  select 'right that can be passed on', t.oid::regclass::text
  from relations t where exists (select from aclexplode(t.relacl) a where a.is_grantable and a.grantee <> t.relowner)
  union all
  select 'policy open to everybody', p.polrelid::regclass || ' ' || p.polname from policies p where p.polroles = '{0}'
  union all
  select 'policy that is always true', p.polrelid::regclass || ' ' || p.polname
  from serving p where 'true' in (p.using_, p.check_)
  union all
  select 'policy that does not ask who is asking', p.polrelid::regclass || ' ' || p.polname
  from serving p where (p.using_ is not null and p.using_ !~ 'SELECT app\.ctx_')
    or (p.check_ is not null and p.check_ !~ 'SELECT app\.ctx_')
  union all
  select 'policy that asks another audience''s context', p.polrelid::regclass || ' ' || p.polname || ' ' || p.rolname
  from serving p cross join regexp_matches(concat_ws(' ', p.using_, p.check_), 'app\.ctx_(?:organisation|is)\(''(\w+)', 'g') m
  where 'rt_' || m[1] <> p.rolname
  union all
  select 'policy that calls a function for each row', p.polrelid::regclass || ' ' || p.polname
  from policies p where concat_ws(' ', p.using_, p.check_) ~ '(?<!SELECT )app\.\w+\('
  union all
  select 'policy with a sub-query over rows', p.polrelid::regclass || ' ' || p.polname
  from policies p where concat_ws(' ', p.using_, p.check_) ~ '(EXISTS|IN) ?\(|(?<!DISTINCT )\mFROM\M'
  union all
  select 'restrictive policy', p.polrelid::regclass || ' ' || p.polname from policies p where not p.polpermissive
  union all
  select 'policy for the owner beyond its own rules', p.polrelid::regclass || ' ' || p.polname
  from policies p where (select oid from pg_roles where rolname = 'eastwest_owner') = any (p.polroles)
    and p.polrelid::regclass::text not in ('organisations', 'tokens', 'consents', 'persons', 'person_records', 'pairings',
                                           'vacancies',
      'audit_entries', 'alarms', 'exports', 'users', 'passwords', 'api_keys', 'invitations', 'approvals',
      'suggestions', 'market_changes', 'match_runs', 'match_results', 'placements', 'placed_persons', 'papers', 'answer_checks',
      'users', 'passwords', 'api_keys', 'invitations', 'approvals',
      'messages', 'codes', 'door_counts', 'phones', 'device_uses')
    -- the worker's own door meets the records of the person who acts, and of no other
    and not (p.polname = 'own_door' and p.using_ ~ 'SELECT app\.ctx_(records|stations)\(\)'
             and p.polrelid::regclass::text in ('workers', 'lists', 'list_rows', 'complaints', 'papers'))
    -- definer functions that were given a phone meet those who have it
    and not (p.polname in ('by_phone', 'by_id', 'by_station') and p.polrelid::regclass::text = 'workers')
    -- whom to call, told to who accepted by a definer function that writes nothing
    and not (p.polname = 'accepted' and p.polcmd = 'r' and p.polrelid::regclass::text = 'vacancy_contacts')
    -- a list that is taken back, and the workers it brought: the station's that a definer function works for
    and not (p.polname in ('by_station', 'taken_back') and p.using_ ~ 'SELECT app\.asked_station\(\)'
             and p.polrelid::regclass::text in ('lists', 'workers'))
    -- complaints the acting office is to answer, for the definer functions that tell it words and whom to call
    and not (p.polname in ('to_answer', 'given_to_answer') and p.polcmd = 'r' and p.using_ ~ 'SELECT app\.ctx_organisation\('
             and p.polrelid::regclass::text = 'complaints')
    -- what is kept for a time: the owner meets only what is over (app.forget_kept)
    and not (p.polname = 'over' and p.polrelid::regclass::text in ('lists', 'idempotent_answers'))
  union all
  select 'right without a policy', v.relid::regclass || ' ' || v.verb || ' ' || v.rolname
  from verbs v join tables t on t.oid = v.relid and t.relrowsecurity
  where not exists (select from policies p where p.polrelid = v.relid and v.roleid = any (p.polroles)
                      and p.polcmd in ('*', v.cmd))
  union all
  select 'policy without a right', p.polrelid::regclass || ' ' || p.polname || ' ' || p.rolname
  from serving p where p.polroles <> '{0}'
    and not exists (select from verbs v where v.relid = p.polrelid and v.rolname = p.rolname and p.polcmd in ('*', v.cmd))
  union all
  select 'login with rights of its own', v.relid::regclass || ' ' || v.rolname
  from verbs v join tables t on t.oid = v.relid
  where v.rolname = 'eastwest_app' or (v.rolname = 'eastwest_jobs' and t.nspname <> 'jobs')
     or (v.rolname <> 'eastwest_jobs' and t.nspname = 'jobs')
  union all
  select 'truncate, references or trigger granted', t.oid::regclass || ' ' || r.rolname
  from tables t cross join runtime r where has_table_privilege(r.oid, t.oid, 'truncate, references, trigger')
     or has_any_column_privilege(r.oid, t.oid, 'references')
  union all
  select 'sequence in reach', s.oid::regclass || ' ' || r.rolname
  from relations s cross join runtime r where s.relkind = 'S' and s.nspname <> 'jobs'
    and has_sequence_privilege(r.oid, s.oid, 'usage, select, update')
  union all
  select 'runtime role may create', r.rolname || ' ' || n.nspname
  from runtime r cross join pg_namespace n where n.nspname !~ '^pg_(temp|toast)' and has_schema_privilege(r.oid, n.oid, 'create')
  union all
  select 'runtime role may create in the database', r.rolname
  from runtime r where has_database_privilege(r.oid, current_database(), 'create, temp')
  union all
  select 'foreign key into row security without its tenant', k.conrelid::regclass || ' ' || k.conname
  from pg_constraint k join tables t on t.oid = k.confrelid and t.relrowsecurity
  where k.contype = 'f' and cardinality(k.conkey) = 1
    -- the tenant itself; written by the owner's trigger only; another's vacancy is what one suggests
    and k.confrelid::regclass::text <> 'organisations' and k.conrelid::regclass::text not in ('person_records', 'device_uses', 'placed_persons')
    and k.conname not in ('fk_suggestions_vacancy_id', 'fk_opening_prices_vacancy_id', 'fk_assignments_plan_id',
                          'fk_assignments_vacancy_id', 'fk_assignments_runner_up_id', 'fk_assignments_planned_id') -- the engine's to write
  union all
  select 'no index leads with the tenant', c.polrelid::regclass || ' ' || c.attname
  from tenant_columns c join pg_attribute a on a.attrelid = c.polrelid and a.attname = c.attname
  where not exists (select from pg_index i where i.indrelid = a.attrelid and i.indkey[0] = a.attnum and i.indisvalid)
    -- who made it, and when, is said when it is added; nothing is read by it
    and a.attname not in ('state', 'at', 'given_at', 'made_by', 'invited_by', 'asked_by', 'asked_token', 'taken_by')
  union all
  select 'trigger switched off', g.tgrelid::regclass || ' ' || g.tgname
  from pg_trigger g join tables t on t.oid = g.tgrelid where g.tgenabled <> 'O'
  union all
  select 'rule on a table', w.ev_class::regclass || ' ' || w.rulename
  from pg_rewrite w join tables t on t.oid = w.ev_class
  union all
  select 'point beside a person', t.oid::regclass || ' ' || a.attname
  from tables t join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
  where t.relrowsecurity and format_type(a.atttypid, null) in ('geometry', 'geography', 'point', 'raster')
  union all
  select 'what is not stored at all', t.oid::regclass || ' ' || a.attname
  from tables t join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
  where a.attname ~* '(sex|gender|ethnic|nationality|religio|faith|political|party_member|refus|decline|hukou|marital)'
  union all
  select 'ID number or phone in the clear', t.oid::regclass || ' ' || a.attname
  from tables t join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
  where a.attname ~* '(^|_)(id_?number|id_?card|phones?|mobile)($|_)' and format_type(a.atttypid, null) <> 'bytea'
    -- an office's, which it hands out itself
    and (t.oid::regclass::text, a.attname) <> ('organisations', 'phone')
  union all
  select 'extension that reaches out of the database', extname
  from pg_extension where extname not in ('plpgsql', 'postgis')
  union all
  select 'language that reaches out of the database', lanname
  from pg_language where not lanpltrusted and lanname not in ('internal', 'c')
)
select rule, what from findings order by rule, what
