-- The signed context: who is asking, proven by a key only the owner reads. Audiences are the rt_ roles without rt_.
create table if not exists app.context_key (
  -- HMAC-SHA256's padded keys, so that no extension is needed
  inner_pad bytea not null,
  outer_pad bytea not null
);

-- These functions are asked once for every table of every statement, so they are in PL/pgSQL, which plans a body once a
-- session; SQL does so at every call, and takes four times as long.

-- What a context is signed for: this transaction of this backend. A copy is worthless in any other, the next included.
create or replace function app.here() returns text
language plpgsql stable set search_path = pg_catalog as $$
begin
  return pg_backend_pid() || '@' || extract(epoch from transaction_timestamp());
end $$;

-- audience|role|organisation|division|worker|token|user|here|mac -> its fields; null: no context.
create or replace function app.context() returns text[]
language plpgsql stable security definer set search_path = pg_catalog as $$
declare
  token text := nullif(current_setting('app.context', true), '');
  fields text[] := string_to_array(token, '|');
  secret app.context_key;
begin
  if token is null then
    return null;
  end if;
  select * into strict secret from app.context_key;
  if cardinality(fields) is distinct from 9
     or fields[8] is distinct from app.here()
     or fields[9] is distinct from encode(sha256(secret.outer_pad || sha256(secret.inner_pad
                     || convert_to(left(token, -65), 'UTF8'))), 'hex') then
    raise exception 'the context is not signed for this transaction' using errcode = '42501';
  end if;
  return fields;
end $$;

create or replace function app.ctx_organisation(audience text) returns uuid
language plpgsql stable set search_path = pg_catalog as $$
declare
  c constant text[] := app.context();
begin
  return case when c[1] = audience then nullif(c[3], '')::uuid end;
end $$;

create or replace function app.ctx_worker() returns uuid
language plpgsql stable set search_path = pg_catalog as $$
declare
  c constant text[] := app.context();
begin
  return case when c[1] = 'worker' then nullif(c[5], '')::uuid end;
end $$;

create or replace function app.ctx_is(audience text) returns boolean
language plpgsql stable set search_path = pg_catalog as $$
begin
  return coalesce((app.context())[1] = audience, false);
end $$;

create or replace function app.ctx_token() returns uuid
language plpgsql stable set search_path = pg_catalog as $$
begin
  return nullif((app.context())[6], '')::uuid;
end $$;

-- The member of staff who acts; null: a worker, a system, a token of the command line.
create or replace function app.ctx_user() returns uuid
language plpgsql stable set search_path = pg_catalog as $$
declare
  c constant text[] := app.context();
begin
  return case when 'rt_' || c[1] = current_user then nullif(c[7], '')::uuid end;
end $$;

-- The person: the member of staff, else the token. Two persons decide what one may not.
create or replace function app.ctx_person() returns uuid
language plpgsql stable set search_path = pg_catalog as $$
declare
  c constant text[] := app.context();
begin
  return coalesce(nullif(c[7], ''), nullif(c[6], ''))::uuid;
end $$;

-- The organisation whose staff the context looks after; a clerk looks after nobody's.
create or replace function app.ctx_manages(audience text) returns uuid
language plpgsql stable set search_path = pg_catalog as $$
declare
  c constant text[] := app.context();
begin
  return case when c[1] = audience and c[2] <> 'station' then nullif(c[3], '')::uuid end;
end $$;

-- The same for functions, which any audience may call; never an operator's or auditor's.
create or replace function app.ctx_staff_of() returns uuid
language plpgsql stable set search_path = pg_catalog as $$
declare
  c constant text[] := app.context();
begin
  return case when c[2] in ('head', 'destination', 'employer', 'coordinator') then nullif(c[3], '')::uuid end;
end $$;

-- What the codes of the divisions in the context's region are like: its own division's and all within it.
create or replace function app.ctx_region(audience text) returns text
language plpgsql stable set search_path = pg_catalog as $$
declare
  c constant text[] := app.context();
begin
  return case when c[1] = audience then regexp_replace(nullif(c[4], ''), '(00)+$', '') || '%' end;
end $$;

-- The records, at every station, of the person behind the acting worker; null: no worker acts.
create or replace function app.ctx_records() returns uuid[]
language sql stable security definer set search_path = pg_catalog as $$
  select array_agg(all_own.worker_id)
  from public.person_records one join public.person_records all_own on all_own.person_id = one.person_id
  where one.worker_id = app.ctx_worker()
$$;
revoke all on function app.ctx_records() from public;
grant execute on function app.ctx_records() to rt_worker;

-- The stations that keep the records of the worker who acts.
create or replace function app.ctx_stations() returns uuid[]
language sql stable security definer set search_path = pg_catalog as $$
  select array_agg(w.station_id) from public.workers w where w.id = any (app.ctx_records())
$$;
revoke all on function app.ctx_stations() from public;

-- Whether the context speaks for the audience whose role acts: `set role` alone opens nothing.
create or replace function app.ctx_acts() returns boolean
language plpgsql stable set search_path = pg_catalog as $$
begin
  return coalesce('rt_' || (app.context())[1] = current_user, false);
end $$;

-- role|organisation|token, as an audit entry must name them; null: no context of the acting audience.
create or replace function app.ctx_signature() returns text
language plpgsql stable set search_path = pg_catalog as $$
declare
  c constant text[] := app.context();
begin
  return case when 'rt_' || c[1] = current_user then concat_ws('|', c[2], c[3], c[6]) end;
end $$;

-- The codes between which every division inside the acting audience's own lies (520500: 520500 to 520599).
create or replace function app.ctx_area_from(audience text) returns text
language plpgsql stable set search_path = pg_catalog as $$
declare
  c constant text[] := app.context();
begin
  return case when c[1] = audience then nullif(c[4], '') end;
end $$;

create or replace function app.ctx_area_to(audience text) returns text
language plpgsql stable set search_path = pg_catalog as $$
declare
  c constant text[] := app.context();
begin
  return case
    when c[1] is distinct from audience then null
    when c[4] like '%0000' then left(c[4], 2) || '9999'
    when c[4] like '%00' then left(c[4], 4) || '99'
    else nullif(c[4], '')
  end;
end $$;
revoke all on function app.ctx_area_from(text), app.ctx_area_to(text) from public;
grant execute on function app.ctx_area_from(text), app.ctx_area_to(text) to rt_destination, rt_coordinator;
revoke all on function app.here(), app.context(), app.ctx_organisation(text), app.ctx_worker(), app.ctx_is(text),
  app.ctx_token(), app.ctx_user(), app.ctx_person(), app.ctx_manages(text), app.ctx_staff_of(),
  app.ctx_region(text), app.ctx_acts(),
  app.ctx_signature() from public;
grant execute on function app.here(), app.context(), app.ctx_organisation(text), app.ctx_worker(), app.ctx_is(text),
  app.ctx_token(), app.ctx_user(), app.ctx_person(), app.ctx_manages(text), app.ctx_staff_of(),
  app.ctx_region(text), app.ctx_acts(),
  app.ctx_signature()
  to rt_station, rt_destination, rt_employer, rt_coordinator, rt_worker, rt_operator, rt_auditor, rt_engine, rt_visitor,
  rt_door;

-- The door: a token's hash -> the actor it proves. The only way in; the table itself is closed to every runtime role.
-- Role and state of staff count as they are now. A refresh token opens nothing.
drop function if exists app.actor_of_token(bytea);
create function app.actor_of_token(token_hash bytea)
returns table (token_id uuid, role text, organisation_id uuid, division_code text, worker_id uuid, user_id uuid,
               gives_from timestamptz, scopes text[], key_id uuid, key_is_due boolean)
language plpgsql stable security definer set search_path = pg_catalog as $$
begin
  return query select t.id, coalesce(u.role, t.role), t.organisation_id, t.division_code, t.worker_id, t.user_id,
         t.gives_from, k.scopes, k.id,
         k.id is not null and coalesce(k.last_used_at < now() - interval '1 minute', true)
  from public.tokens t
  left join public.users u on u.id = t.user_id
  left join public.api_keys k on k.id = t.key_id
  where t.hash = token_hash and t.kind <> 'refresh' and t.revoked_at is null and t.expires_at > now()
    and (t.user_id is null or u.state = 'active')
    and (t.key_id is null or k.revoked_at is null);
end $$;
revoke all on function app.actor_of_token(bytea) from public;
grant execute on function app.actor_of_token(bytea) to eastwest_app, rt_station, rt_destination, rt_employer,
  rt_coordinator, rt_worker, rt_operator, rt_auditor, rt_engine, rt_visitor,
  rt_door;

-- The number a definer function is looking for: the owner meets workers with this phone and no others (policy by_phone).
create or replace function app.asked_phone() returns bytea
language sql stable set search_path = pg_catalog as $$
  select decode(nullif(current_setting('app.asked_phone', true), ''), 'hex')
$$;
revoke all on function app.asked_phone() from public;

-- The one worker a definer function works for, in the same way.
create or replace function app.asked_worker() returns uuid
language sql stable set search_path = pg_catalog as $$
  select nullif(current_setting('app.asked_worker', true), '')::uuid
$$;
create or replace function app.asked_station() returns uuid
language sql stable set search_path = pg_catalog as $$
  select nullif(current_setting('app.asked_station', true), '')::uuid
$$;
revoke all on function app.asked_worker(), app.asked_station() from public;
