-- One-time codes and phones: what a station or a worker may ask of them without ever reading them. The door (rt_door)
-- reads the tables themselves; codes are made by the worker process, so no request knows one it did not receive.

-- Everybody with this phone. For the door alone: whose phone it is tells who is known.
create or replace function app.workers_of_phone(asked bytea)
returns table (worker_id uuid, station_id uuid, person_id uuid, id_sealed bytea, consented_at timestamptz,
               created_at timestamptz, holding_id uuid)
language plpgsql security definer set search_path = pg_catalog as $$
begin
  if app.ctx_is('door') is not true then
    raise exception 'for the door alone' using errcode = '42501';
  end if;
  perform set_config('app.asked_phone', encode(asked, 'hex'), true);
  return query
    select w.id, w.station_id, r.person_id, w.id_sealed,
           (select max(c.given_at) from public.consents c
            where c.worker_id = w.id and c.purpose = 'matching' and c.withdrawn_at is null), w.created_at,
           (select h.worker_id from public.person_records h where h.person_id = r.person_id and h.holds)
    from public.workers w join public.person_records r on r.worker_id = w.id
    where w.phone_index = asked;
  perform set_config('app.asked_phone', '', true);
end $$;
revoke all on function app.workers_of_phone(bytea) from public;
grant execute on function app.workers_of_phone(bytea) to rt_door;

-- Whether it is the stored phone of a worker in the asking station's care, or of the asking worker.
create or replace function app.is_phone_of(of_worker uuid, asked bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog as $$
declare
  found_one boolean;
begin
  perform set_config('app.asked_phone', encode(asked, 'hex'), true);
  found_one := exists (select from public.workers w where w.phone_index = asked and w.id = of_worker
                       and (w.station_id = app.ctx_organisation('station') or w.id = app.ctx_worker()));
  perform set_config('app.asked_phone', '', true);
  return found_one;
end $$;
revoke all on function app.is_phone_of(uuid, bytea) from public;

-- Who may have a code for what: the door for sign-in, a worker for a phone of theirs, a station for an answer of a
-- worker in its care, sent to that worker's stored phone.
create or replace function app.may_have_code(for_purpose text, of_worker uuid, to_number bytea) returns boolean
language sql security definer set search_path = pg_catalog as $$
  select coalesce(case for_purpose
    when 'sign_in' then app.ctx_is('door') and of_worker is null
    when 'phone' then of_worker = app.ctx_worker()
    when 'answer' then app.ctx_organisation('station') is not null and app.is_phone_of(of_worker, to_number)
  end, false)
$$;
revoke all on function app.may_have_code(text, uuid, bytea) from public;

-- Messages are carried out by the worker process, before lists and whatever their length.
create or replace function app.order_messages(ids uuid[]) returns void
language plpgsql security definer set search_path = jobs, pg_catalog as $$
declare
  who text[] := app.context();
begin
  perform procrastinate_defer_jobs_v1((
    select array_agg(row('messages', 'send_message', 0, null, 'send_message:' || id,
      jsonb_build_object('subject', id, 'role', coalesce(who[2], 'door'), 'organisation', nullif(who[3], ''),
                         'division', nullif(who[4], ''), 'worker', nullif(who[5], ''), 'token', nullif(who[6], '')),
      null)::procrastinate_job_to_defer_v1) from unnest(ids) as id));
end $$;
revoke all on function app.order_messages(uuid[]) from public;

-- A message without a code. Its words are the application's; a kind that carries a code cannot be claimed.
create or replace function app.queue_message(new_message uuid, of_kind text, to_number bytea, to_phone_sealed bytea,
                                             its_text_sealed bytea) returns void
language plpgsql security definer set search_path = pg_catalog as $$
begin
  if app.context() is null or of_kind not in ('new_device', 'phone_changed', 'notice') then
    raise exception 'no such message for this caller' using errcode = '42501';
  end if;
  insert into public.messages (id, kind, number, phone_sealed, text_sealed)
    values (new_message, of_kind, to_number, to_phone_sealed, its_text_sealed);
  perform app.order_messages(array[new_message]);
end $$;
revoke all on function app.queue_message(uuid, text, bytea, bytea, bytea) from public;
grant execute on function app.queue_message(uuid, text, bytea, bytea, bytea) to rt_door, rt_station, rt_worker;

-- Order a code and the message that carries it; the one before it ends. False: this phone has had its codes for today.
-- The same for phones nobody has: who asks learns nothing, and neither does a clock. One that opened the door gave nobody
-- a guess, and is not counted among those of signing in; ten messages a day are the most in any case.
create or replace function app.order_code(new_code uuid, new_message uuid, for_purpose text, of_worker uuid, about text,
                                          to_number bytea, to_phone_sealed bytea, its_words_sealed bytea)
returns boolean
language plpgsql security definer set search_path = pg_catalog as $$
declare
  a_day constant int := case for_purpose when 'answer' then 10 else 3 end;
begin
  if not app.may_have_code(for_purpose, of_worker, to_number) then
    raise exception 'no such code for this caller' using errcode = '42501';
  end if;
  perform pg_advisory_xact_lock(hashtextextended('code:' || encode(to_number, 'hex'), 0));
  if (select count(*) filter (where c.matched_at is null or for_purpose <> 'sign_in') >= a_day or count(*) >= 10
      from public.codes c where c.number = to_number and c.purpose = for_purpose
        and c.created_at > now() - interval '24 hours') then
    return false;
  end if;
  update public.codes c set ended_at = now()
    where c.number = to_number and c.purpose = for_purpose and c.worker_id is not distinct from of_worker
      and c.subject = about and c.ended_at is null;
  insert into public.codes (id, purpose, number, worker_id, subject, expires_at)
    values (new_code, for_purpose, to_number, of_worker, about, now() + interval '5 minutes');
  insert into public.messages (id, kind, number, phone_sealed, words_sealed, code_id, wanted_until)
    values (new_message, for_purpose, to_number, to_phone_sealed, its_words_sealed, new_code, now() + interval '5 minutes');
  perform app.order_messages(array[new_message]);
  return true;
end $$;
revoke all on function app.order_code(uuid, uuid, text, uuid, text, bytea, bytea, bytea) from public;
grant execute on function app.order_code(uuid, uuid, text, uuid, text, bytea, bytea, bytea)
  to rt_door, rt_station, rt_worker;

-- Try a code: every try is counted, in a transaction of its own, before anything depends on it. The code's id when it is
-- right; null when it is wrong, over, or tried five times.
create or replace function app.try_code(for_purpose text, of_worker uuid, about text, at_number bytea, guess bytea)
returns uuid
language plpgsql security definer set search_path = pg_catalog as $$
declare
  tried public.codes;
begin
  if not app.may_have_code(for_purpose, of_worker, at_number) then
    raise exception 'no such code for this caller' using errcode = '42501';
  end if;
  update public.codes c set tries = c.tries + 1
    where c.number = at_number and c.purpose = for_purpose and c.worker_id is not distinct from of_worker
      and c.subject = about and c.ended_at is null and c.expires_at > now() and c.tries < 5
    returning * into tried;
  if tried.hash = guess then
    update public.codes c set matched_at = now(), matched_by = app.ctx_token() where c.id = tried.id;
    return tried.id;
  end if;
  return null;
end $$;
revoke all on function app.try_code(text, uuid, text, bytea, bytea) from public;
grant execute on function app.try_code(text, uuid, text, bytea, bytea) to rt_door, rt_station, rt_worker;

-- Spend a code that was given rightly under this token: once, however many try at the same time.
create or replace function app.spend_code(code uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog as $$
declare
  spent public.codes;
begin
  update public.codes c set ended_at = now()
    where c.id = code and c.ended_at is null and c.matched_at > now() - interval '1 minute'
      and c.matched_by is not distinct from app.ctx_token() and (c.purpose = 'sign_in') = app.ctx_is('door')
    returning * into spent;
  if spent.purpose = 'answer' then
    perform app.verify_phone(spent.worker_id, app.ctx_organisation('station'), spent.number);
  end if;
  return spent.id is not null;
end $$;
revoke all on function app.spend_code(uuid) from public;
grant execute on function app.spend_code(uuid) to rt_door, rt_station, rt_worker;

-- A code sent to this phone came back.
create or replace function app.verify_phone(of_worker uuid, at_station uuid, its_number bytea) returns void
language sql security definer set search_path = pg_catalog as $$
  insert into public.phones as p (worker_id, station_id, number, verified_at)
    values (of_worker, at_station, its_number, now())
  on conflict (worker_id) do update set number = excluded.number,
    verified_at = case when p.number = excluded.number then coalesce(p.verified_at, now()) else now() end
$$;
revoke all on function app.verify_phone(uuid, uuid, bytea) from public;
grant execute on function app.verify_phone(uuid, uuid, bytea) to rt_door;

-- How far a worker's stored phone is trusted: how many of the station's workers it stands with, since when a code came
-- back, until when it is held, whether the head has looked into it. No row: it is not the asker's to know.
create or replace function app.phone_standing(of_worker uuid, its_number bytea)
returns table (shared bigint, verified_at timestamptz, held_until timestamptz, checked_at timestamptz)
language plpgsql security definer set search_path = pg_catalog as $$
begin
  if not app.is_phone_of(of_worker, its_number) then
    return;
  end if;
  perform set_config('app.asked_phone', encode(its_number, 'hex'), true);
  return query
    select (select count(*) from public.workers s where s.phone_index = its_number and s.station_id = w.station_id),
           p.verified_at, p.held_until, p.checked_at
    from public.workers w left join public.phones p on p.worker_id = w.id and p.number = its_number
    where w.phone_index = its_number and w.id = of_worker;
  perform set_config('app.asked_phone', '', true);
end $$;
revoke all on function app.phone_standing(uuid, bytea) from public;
grant execute on function app.phone_standing(uuid, bytea) to rt_station, rt_worker;

-- The station's head has looked into a phone that several workers share. False: no such worker with this phone.
create or replace function app.check_phone(of_worker uuid, its_number bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog as $$
begin
  if (app.context())[2] is distinct from 'head' then
    raise exception 'the head''s to check' using errcode = '42501';
  end if;
  if not app.is_phone_of(of_worker, its_number) then
    return false;
  end if;
  insert into public.phones as p (worker_id, station_id, number, checked_at, checked_by)
    values (of_worker, app.ctx_organisation('station'), its_number, now(), app.ctx_person())
  on conflict (worker_id) do update set number = excluded.number, checked_at = now(), checked_by = excluded.checked_by,
    verified_at = case when p.number = excluded.number then p.verified_at end;
  return true;
end $$;
revoke all on function app.check_phone(uuid, bytea) from public;
grant execute on function app.check_phone(uuid, bytea) to rt_station;

-- A worker's phone changed: the old number is told, in the same transaction; when the station changed it, answers wait
-- 72 hours, also when it was taken out first and put in later. A first phone is no change.
create or replace function app.know_phone_changes() returns trigger
language plpgsql security definer set search_path = pg_catalog as $$
declare
  who text[];
  told uuid[];
begin
  if not exists (select from before b join after a on a.id = b.id where a.phone_index is distinct from b.phone_index) then
    return null;
  end if;
  who := app.context();
  if who is null then
    return null;  -- set-up tools change nobody's phone
  end if;
  insert into public.phones (worker_id, station_id, number, verified_at, held_until)
    select a.id, a.station_id, a.phone_index, case who[1] when 'worker' then now() end,
           case when who[1] <> 'worker' and (b.phone_index is not null or p.worker_id is not null)
                then now() + interval '72 hours' end
    from before b join after a on a.id = b.id left join public.phones p on p.worker_id = a.id
    where a.phone_index is distinct from b.phone_index
  on conflict (worker_id) do update set number = excluded.number, verified_at = excluded.verified_at,
    held_until = excluded.held_until, checked_at = null, checked_by = null;
  with notices as (
    insert into public.messages (id, kind, number, phone_sealed, sealed_of)
      select gen_random_uuid(), 'phone_changed', b.phone_index, b.phone_sealed, b.id
      from before b join after a on a.id = b.id
      where a.phone_index is distinct from b.phone_index and b.phone_index is not null
      returning id
  )
  select array_agg(id) into told from notices;
  if told is not null then
    perform app.order_messages(told);
  end if;
  return null;
end $$;
revoke all on function app.know_phone_changes() from public;
create or replace trigger know_phone_changes after update on workers
  referencing old table as before new table as after
  for each statement execute function app.know_phone_changes();

-- The device the asking worker is signed in on; null: none was named.
create or replace function app.my_device() returns uuid
language sql stable security definer set search_path = pg_catalog as $$
  select t.device_id from public.tokens t where t.id = app.ctx_token() and t.worker_id = app.ctx_worker()
$$;
revoke all on function app.my_device() from public;
grant execute on function app.my_device() to rt_worker;

-- The devices of the person who asks: how the old one learns of a new one.
create or replace function app.my_devices()
returns table (device_id uuid, first_at timestamptz, last_at timestamptz, gives_from timestamptz, is_this boolean)
language sql stable security definer set search_path = pg_catalog as $$
  select u.device_id, u.first_at, u.last_at, u.gives_from, coalesce(u.device_id = app.my_device(), false)
  from public.person_records r join public.device_uses u on u.person_id = r.person_id
  where r.worker_id = app.ctx_worker() and u.removed_at is null
$$;
revoke all on function app.my_devices() from public;
grant execute on function app.my_devices() to rt_worker;

-- Take a device out: its sessions of this person end with it. False: no such device of theirs.
create or replace function app.remove_device(device uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog as $$
declare
  me uuid := (select r.person_id from public.person_records r where r.worker_id = app.ctx_worker());
begin
  update public.device_uses u set removed_at = now()
    where u.person_id = me and u.device_id = device and u.removed_at is null;
  if not found then
    return false;
  end if;
  update public.tokens t set revoked_at = now()
    where t.device_id = device and t.revoked_at is null
      and t.worker_id in (select r.worker_id from public.person_records r where r.person_id = me);
  return true;
end $$;
revoke all on function app.remove_device(uuid) from public;
grant execute on function app.remove_device(uuid) to rt_worker;

-- How messages fare, for the probes: counts of the last day, nothing of anybody.
create or replace function app.message_counts() returns table (state text, n bigint)
language sql stable security definer set search_path = pg_catalog as $$
  select m.state, count(*) from public.messages m where m.created_at > now() - interval '24 hours' group by m.state
$$;
revoke all on function app.message_counts() from public;
grant execute on function app.message_counts() to rt_visitor;
