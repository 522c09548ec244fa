-- Rules that hold whoever writes: hidden persons, append-only audit, a withdrawal no list revives.

-- A person stands behind every worker record; stations never learn of each other's (SECURITY T27).
create or replace function app.know_persons() returns trigger
language plpgsql security definer set search_path = pg_catalog as $$
begin
  -- in one order: two stations' lists with the same people in them cannot deadlock
  insert into public.persons (id_index) select distinct id_index from added order by id_index on conflict do nothing;
  insert into public.person_records (worker_id, person_id)
    select a.id, p.id from added a join public.persons p on p.id_index = a.id_index;
  return null;
end $$;
create or replace trigger know_persons after insert on workers referencing new table as added
  for each statement execute function app.know_persons();

-- Audit entries are added, never altered.
create or replace function app.refuse_change() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
  raise exception 'audit entries are never altered' using errcode = '42501';
end $$;
create or replace trigger append_only before update or delete or truncate on audit_entries
  for each statement execute function app.refuse_change();

-- A list's consent column never revives what the worker withdrew; a later signed paper does. Silent on purpose:
-- to the station a withdrawn consent looks like one never given.
create or replace function app.keep_withdrawal() returns trigger
language plpgsql security definer set search_path = pg_catalog as $$
begin
  if new.given_by = 'paper'
     and exists (
       select from public.consents c
       where c.worker_id = new.worker_id and c.station_id = new.station_id and c.purpose = new.purpose
         and c.withdrawn_at is not null
         and (new.list_id is not null or new.signed_on is null
              or new.signed_on <= (c.withdrawn_at at time zone 'Asia/Shanghai')::date))
     -- another station's worker is row security's to refuse, in the same words whatever that worker withdrew; asked
     -- last, since the context costs more than all else and a list gives 100,000 consents
     and new.station_id = coalesce(app.ctx_organisation('station'), new.station_id) then
    return null;
  end if;
  return new;
end $$;
create or replace trigger keep_withdrawal before insert on consents
  for each row execute function app.keep_withdrawal();

-- The worker withdraws, or the station records that the worker asked for it; the row then leaves the station's sight.
-- The row is locked before the time is taken: an acceptance that holds it cannot end up after its own withdrawal (T21).
create or replace function app.withdraw_consent(of_worker uuid, for_purpose text) returns void
language plpgsql security definer set search_path = pg_catalog as $$
declare
  c public.consents;
begin
  for c in select * from public.consents
           where worker_id = of_worker and purpose = for_purpose and withdrawn_at is null
             and (station_id = app.ctx_organisation('station') or worker_id = app.ctx_worker())
           order by id for update loop
    update public.consents set withdrawn_at = clock_timestamp() where id = c.id;
  end loop;
end $$;
revoke all on function app.withdraw_consent(uuid, text) from public;
grant execute on function app.withdraw_consent(uuid, text) to rt_station, rt_worker;
revoke all on function app.know_persons(), app.refuse_change(), app.keep_withdrawal() from public;

-- The live market hears of every change when it is committed.
create or replace function app.tell_market() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
  perform pg_notify('market', '');
  return null;
end $$;
create or replace trigger tell_market after insert or update or delete on vacancies
  for each statement execute function app.tell_market();
revoke all on function app.tell_market() from public;

-- Where the database stands: what /readyz compares with the newest migration.
create or replace function app.revision() returns text
language sql stable security definer set search_path = pg_catalog as $$
  select version_num from public.alembic_version
$$;
revoke all on function app.revision() from public;
grant execute on function app.revision() to rt_visitor;
