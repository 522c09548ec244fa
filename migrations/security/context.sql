-- The signed context: who is asking, proven by a key only the owner reads. Audiences are the rt_ roles without rt_.
create table if not exists app.context_key (
  -- HMAC-SHA256's padded keys, so that no extension is needed
  inner_pad bytea not null,
  outer_pad bytea not null
);

-- What a context is signed for: this transaction of this backend. A copy is worthless in any other, the next included.
create or replace function app.here() returns text
language sql stable set search_path = pg_catalog as $$
  select pg_backend_pid() || '@' || extract(epoch from transaction_timestamp())
$$;

-- audience|role|organisation|division|worker|token|here|mac -> its fields; null: no context.
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
  if cardinality(fields) is distinct from 8
     or fields[7] is distinct from app.here()
     or fields[8] is distinct from encode(sha256(secret.outer_pad || sha256(secret.inner_pad
                     || convert_to(left(token, -65), 'UTF8'))), 'hex') then
    raise exception 'the context is not signed for this transaction' using errcode = '42501';
  end if;
  return fields;
end $$;

create or replace function app.ctx_organisation(audience text) returns uuid
language sql stable set search_path = pg_catalog as $$
  select nullif(c[3], '')::uuid from app.context() as c where c[1] = audience
$$;

create or replace function app.ctx_worker() returns uuid
language sql stable set search_path = pg_catalog as $$
  select nullif(c[5], '')::uuid from app.context() as c where c[1] = 'worker'
$$;

create or replace function app.ctx_is(audience text) returns boolean
language sql stable set search_path = pg_catalog as $$
  select coalesce((app.context())[1] = audience, false)
$$;

create or replace function app.ctx_token() returns uuid
language sql stable set search_path = pg_catalog as $$
  select nullif((app.context())[6], '')::uuid
$$;

-- Whether the context speaks for the audience whose role acts: `set role` alone opens nothing.
create or replace function app.ctx_acts() returns boolean
language sql stable set search_path = pg_catalog as $$
  select coalesce('rt_' || (app.context())[1] = current_user, false)
$$;

-- role|organisation|token, as an audit entry must name them; null: no context of the acting audience.
create or replace function app.ctx_signature() returns text
language sql stable set search_path = pg_catalog as $$
  select concat_ws('|', c[2], c[3], c[6]) from app.context() as c where 'rt_' || c[1] = current_user
$$;
revoke all on function app.here(), app.context(), app.ctx_organisation(text), app.ctx_worker(), app.ctx_is(text),
  app.ctx_token(), app.ctx_acts(), app.ctx_signature() from public;
grant execute on function app.here(), app.context(), app.ctx_organisation(text), app.ctx_worker(), app.ctx_is(text),
  app.ctx_token(), app.ctx_acts(), app.ctx_signature()
  to rt_station, rt_destination, rt_employer, rt_coordinator, rt_worker, rt_operator, rt_auditor, rt_engine, rt_visitor,
  rt_door;

-- The door: a token's hash -> the actor it proves. The only way in; the table itself is closed to every runtime role.
create or replace function app.actor_of_token(token_hash bytea)
returns table (token_id uuid, role text, organisation_id uuid, division_code text, worker_id uuid)
language sql stable security definer set search_path = pg_catalog as $$
  select t.id, t.role, t.organisation_id, t.division_code, t.worker_id
  from public.tokens t
  where t.hash = token_hash and t.revoked_at is null and t.expires_at > now()
$$;
revoke all on function app.actor_of_token(bytea) from public;
grant execute on function app.actor_of_token(bytea) to eastwest_app, rt_station, rt_destination, rt_employer,
  rt_coordinator, rt_worker, rt_operator, rt_auditor, rt_engine, rt_visitor,
  rt_door;
