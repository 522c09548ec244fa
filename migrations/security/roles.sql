-- The roles: who may connect, who owns, who may be acted for. Run first, as the migrating login; safe to run again.
do $$
declare name text;
begin
  -- roles belong to the whole server: two of its databases may be migrated at once, each under its own advisory lock
  if (select rolsuper from pg_roles where rolname = current_user) then
    lock table pg_catalog.pg_authid in share row exclusive mode;
  end if;
  foreach name in array array['eastwest_owner', 'rt_station', 'rt_destination', 'rt_employer', 'rt_coordinator',
                              'rt_worker', 'rt_operator', 'rt_auditor', 'rt_engine', 'rt_visitor', 'rt_door'] loop
    if not exists (select from pg_roles where rolname = name) then
      execute format('create role %I nologin nosuperuser nocreatedb nocreaterole nobypassrls', name);
    end if;
  end loop;
  if not exists (select from pg_roles where rolname = 'eastwest_app') then
    create role eastwest_app login nosuperuser nocreatedb nocreaterole nobypassrls noinherit;
  end if;
  -- keeps the queue of background jobs and nothing else: what a job does, it does in its actor's name
  if not exists (select from pg_roles where rolname = 'eastwest_jobs') then
    create role eastwest_jobs login nosuperuser nocreatedb nocreaterole nobypassrls noinherit;
  end if;
  -- a managed server's login is no superuser: it must be a member to own on the owner's behalf
  if not (select rolsuper from pg_roles where rolname = current_user) then
    execute format('grant eastwest_owner to %I', current_user);
  end if;
end $$;
grant rt_station, rt_destination, rt_employer, rt_coordinator, rt_worker, rt_operator, rt_auditor, rt_engine,
      rt_visitor, rt_door to eastwest_app;

do $$ begin execute format('revoke all on database %I from public', current_database());
            execute format('grant connect on database %I to eastwest_app, eastwest_jobs', current_database()); end $$;
create schema if not exists app authorization eastwest_owner;
create schema if not exists jobs authorization eastwest_owner;
revoke all on schema public from public;
grant usage on schema public to public;
grant usage, create on schema public to eastwest_owner;
grant usage on schema app to eastwest_app, rt_station, rt_destination, rt_employer, rt_coordinator, rt_worker,
      rt_operator, rt_auditor, rt_engine, rt_visitor, rt_door;
