-- The worker's own door: one's own records at every station, a withdrawal that binds the person, deletion, complaints.

-- One's own records: which station keeps each, and which the person chose to hold.
create or replace function app.my_records()
returns table (worker_id uuid, station text, division_code text, created_at timestamptz, holds boolean)
language sql stable security definer set search_path = pg_catalog as $$
  select w.id, o.name, w.division_code, w.created_at, r.holds
  from public.workers w
    join public.person_records r on r.worker_id = w.id
    join public.organisations o on o.id = w.station_id
  where w.id = any (app.ctx_records())
  order by w.created_at, w.id
$$;
revoke all on function app.my_records() from public;
grant execute on function app.my_records() to rt_worker;

-- The person chooses among the own records: every session of theirs acts for that one from the next request on.
-- False: it is none of theirs.
create or replace function app.choose_record(chosen uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog as $$
declare
  mine uuid[] := app.ctx_records();
begin
  if mine is null or chosen <> all (mine) then
    return false;
  end if;
  -- locked in one order, and the former choice let go of first: of two at once the later one holds
  perform from public.person_records where worker_id = any (mine) order by worker_id for update;
  update public.person_records set holds = false where worker_id = any (mine) and holds and worker_id <> chosen;
  update public.person_records set holds = true where worker_id = chosen and not holds;
  update public.tokens set worker_id = chosen where worker_id = any (mine) and worker_id <> chosen;
  return true;
end $$;
revoke all on function app.choose_record(uuid) from public;
grant execute on function app.choose_record(uuid) to rt_worker;

-- When the person behind the acting session proved who they are: refreshing a session is no proof.
create or replace function app.signed_in_at() returns timestamptz
language sql stable security definer set search_path = pg_catalog as $$
  select min(t.created_at)
  from public.tokens one join public.tokens t on t.id = one.id or t.session_id = one.session_id
  where one.id = app.ctx_token()
$$;
revoke all on function app.signed_in_at() from public;
grant execute on function app.signed_in_at() to rt_worker;

-- How the offices are called that looked at the worker.
create or replace function app.office_names(ids uuid[]) returns table (id uuid, name text)
language sql stable security definer set search_path = pg_catalog as $$
  select o.id, o.name from public.organisations o where o.id = any (ids) and app.ctx_worker() is not null
$$;
revoke all on function app.office_names(uuid[]) from public;
grant execute on function app.office_names(uuid[]) to rt_worker;

-- The worker's own station, and under which telephone it is reached.
create or replace function app.my_office() returns table (name text, phone text)
language sql stable security definer set search_path = pg_catalog as $$
  select o.name, o.phone from public.workers w join public.organisations o on o.id = w.station_id
  where w.id = app.ctx_worker()
$$;
revoke all on function app.my_office() from public;
grant execute on function app.my_office() to rt_worker;

-- The worker takes a consent back, personally: every record of the person is bound, and for matching those yet to come
-- too. `of_vacancy` null: for all of them. Rows are locked before the time is taken (SECURITY T21).
create or replace function app.withdraw_my_consent(for_purpose text, of_vacancy uuid) returns void
language plpgsql security definer set search_path = pg_catalog as $$
declare
  mine uuid[] := app.ctx_records();
  c public.consents;
begin
  if mine is null then
    raise exception 'only the worker takes back' using errcode = '42501';
  end if;
  -- all of them before any is stamped, those a trigger stamps with it too: nobody waits in a circle (placements.sql)
  perform from public.consents where worker_id = any (mine) and withdrawn_at is null order by id for update;
  perform app.hold_person(mine[1]);
  perform app.hold_vacancies(array(select vacancy_id from public.placements
                                   where worker_id = any (mine) and state not in ('ended', 'closed')));
  for c in select * from public.consents
           where worker_id = any (mine) and purpose = for_purpose and withdrawn_at is null
             and (of_vacancy is null or vacancy_id = of_vacancy)
           order by id for update loop
    update public.consents set withdrawn_at = clock_timestamp() where id = c.id;
  end loop;
  if for_purpose = 'matching' then
    update public.persons set withdrew_at = clock_timestamp()
      where id in (select person_id from public.person_records where worker_id = any (mine));
    -- as if there had never been any: what a station keeps of them would tell
    update public.suggestions set current = false where worker_id = any (mine) and current;
  end if;
end $$;
revoke all on function app.withdraw_my_consent(text, uuid) from public;
grant execute on function app.withdraw_my_consent(text, uuid) to rt_worker;

-- Another ID number is another person: the record moves behind that one, and a withdrawal goes with it, lest a number
-- changed and changed back makes one forgotten.
create or replace function app.move_person() returns trigger
language plpgsql security definer set search_path = pg_catalog as $$
declare
  before public.persons;
begin
  select p.* into before from public.persons p join public.person_records r on r.person_id = p.id
    where r.worker_id = new.id;
  insert into public.persons (id_index, withdrew_at) values (new.id_index, before.withdrew_at)
    on conflict (id_index) do update set withdrew_at = greatest(persons.withdrew_at, excluded.withdrew_at);
  update public.person_records set holds = false, person_id = p.id
    from public.persons p where p.id_index = new.id_index and worker_id = new.id;
  delete from public.persons p where p.id = before.id and p.withdrew_at is null
    and not exists (select from public.person_records r where r.person_id = p.id);
  return null;
end $$;
create or replace trigger move_person after update of id_index on workers
  for each row when (old.id_index is distinct from new.id_index) execute function app.move_person();
revoke all on function app.move_person() from public;

-- Which offices a complaint goes to: never a station of the side the worker comes from. Null: there is none.
create or replace function app.complaint_offices(of_side text, at_place text, out station uuid, out authority uuid)
language plpgsql stable set search_path = pg_catalog as $$
declare
  around text[] := array[at_place, left(at_place, 4) || '00', left(at_place, 2) || '0000'];
begin
  if of_side = 'destination' then
    select o.id into station from public.organisations o
      where o.kind = 'destination' and o.division_code = any (around)
      order by array_position(around, o.division_code), o.created_at, o.id limit 1;
  end if;
  -- of a job, the nearest authority there; of home, the farthest from those who may be meant
  select o.id into authority from public.organisations o
    where o.kind = 'authority' and o.division_code = any (around)
    order by array_position(around, o.division_code) * case of_side when 'home' then -1 else 1 end, o.created_at, o.id
    limit 1;
end $$;
revoke all on function app.complaint_offices(text, text) from public;

-- A complaint finds its office, whatever the request says.
create or replace function app.route_complaint() returns trigger
language plpgsql security definer set search_path = pg_catalog as $$
begin
  select f.station, f.authority into new.assigned_to, new.overseen_by
    from app.complaint_offices(new.side, new.division_code) f;
  return new;
end $$;
create or replace trigger route_complaint before insert on complaints
  for each row execute function app.route_complaint();
revoke all on function app.route_complaint() from public;

-- Where a job is that a worker complains of: an open one, or one of the worker's own whatever became of it since.
create or replace function app.complaint_place(of_vacancy uuid) returns text
language sql stable security definer set search_path = pg_catalog as $$
  select v.workplace_code from public.vacancies v
  where v.id = of_vacancy and app.ctx_worker() is not null
    and (v.state = 'open' or exists (
      select from public.placements p where p.vacancy_id = v.id and p.worker_id = app.ctx_worker()))
$$;
revoke all on function app.complaint_place(uuid) from public;
grant execute on function app.complaint_place(uuid) to rt_worker;

-- Who will read the words of a complaint, told to the worker before it is sent. Null: nobody, there is no such office.
create or replace function app.complaint_reader(of_side text, at_place text) returns text
language sql stable security definer set search_path = pg_catalog as $$
  select o.name from app.complaint_offices(of_side, at_place) f
    join public.organisations o on o.id = coalesce(f.station, f.authority)
  where app.ctx_worker() is not null
$$;
revoke all on function app.complaint_reader(text, text) from public;
grant execute on function app.complaint_reader(text, text) to rt_worker;

-- Whether the acting office took a complaint in hand: the station it was given to, where there is none the authority.
create or replace function app.was_taken_up(c complaints) returns boolean
language sql stable set search_path = pg_catalog as $$
  select c.state <> 'received'
    and (c.assigned_to = app.ctx_organisation('destination')
         or c.assigned_to is null and c.overseen_by = app.ctx_organisation('coordinator'))
$$;
revoke all on function app.was_taken_up(complaints) from public;

-- The words, to the office that must answer them, once it is in hand.
create or replace function app.complaint_words(of_complaint uuid) returns bytea
language sql stable security definer set search_path = pg_catalog as $$
  select c.words_sealed from public.complaints c where c.id = of_complaint and app.was_taken_up(c)
$$;
revoke all on function app.complaint_words(uuid) from public;
grant execute on function app.complaint_words(uuid) to rt_destination, rt_coordinator;

-- Who complained by name, and how to call: to the same office while it is in hand, and not when it is answered.
create or replace function app.complainant(of_complaint uuid)
returns table (worker_id uuid, name text, phone_sealed bytea)
language plpgsql security definer set search_path = pg_catalog as $$
declare
  whom uuid;
begin
  select c.worker_id into whom from public.complaints c
  where c.id = of_complaint and c.state = 'in_hand' and app.was_taken_up(c);
  perform set_config('app.asked_worker', coalesce(whom::text, ''), true);
  return query select w.id, w.name, w.phone_sealed from public.workers w where w.id = whom;
  perform set_config('app.asked_worker', '', true);
end $$;
revoke all on function app.complainant(uuid) from public;
grant execute on function app.complainant(uuid) to rt_destination, rt_coordinator;

-- The person goes: every record of theirs with all that hangs on it, the kept copies of list rows and the files that
-- hold them, messages, sessions. A record under which somebody went to work stays without a name (`blanks`: its id ->
-- the ciphertext of no number), since the placement must. What was complained of stays without a name; the audit stays
-- with ids that lead nowhere. That consent was taken back stays too, keyed: a list that still says yes must not bring
-- it back.
create or replace function app.forget_me(blanks jsonb) returns void
language plpgsql security definer set search_path = pg_catalog as $$
declare
  mine uuid[] := app.ctx_records();
  worked uuid[];
  shown text[];
  numbers bytea[];
begin
  if mine is null then
    raise exception 'only the worker deletes' using errcode = '42501';
  end if;
  perform app.withdraw_my_consent('matching', null);
  perform app.withdraw_my_consent('disclosure', null);
  select array_agg('w_' || replace(w::text, '-', '')) into shown from unnest(mine) w;
  update public.lists set file_sealed = null
    where id in (select list_id from public.list_rows where records && shown);
  delete from public.list_rows where records && shown;
  update public.complaints set worker_id = null where worker_id = any (mine);
  delete from public.tokens where worker_id = any (mine);
  delete from public.device_uses
    where person_id in (select person_id from public.person_records where worker_id = any (mine));
  delete from public.papers
    where placement_id in (select p.id from public.placements p where p.worker_id = any (mine));
  select array_agg(distinct w.phone_index) into numbers from public.workers w where w.id = any (mine);
  select coalesce(array_agg(distinct p.worker_id), '{}') into worked from public.placements p
    where p.worker_id = any (mine) and p.accepted_at is not null;
  delete from public.workers where id = any (mine) and id <> all (worked);
  delete from public.suggestions where worker_id = any (worked);
  update public.workers
    set name = '（已注销）', id_sealed = decode(blanks ->> id::text, 'hex'),
        id_index = decode(replace(gen_random_uuid()::text, '-', ''), 'hex'), birth_date = '1900-01-01',
        phone_sealed = null, phone_index = null, home_text = '', groups = '{}', education = null, labour_ability = null,
        employment_status = null, skills_text = null, skills = '{}', certificates_text = null, certificates = '{}',
        household = null, remarks = '{}', own_word = '{}', version = version + 1, updated_at = now()
    where id = any (worked);
  delete from public.phones where worker_id = any (worked);
  delete from public.codes where number = any (numbers);
  update public.messages set number = null, phone_sealed = null, words_sealed = null, text_sealed = null
    where number = any (numbers) or sealed_of = any (mine);
end $$;
revoke all on function app.forget_me(jsonb) from public;
grant execute on function app.forget_me(jsonb) to rt_worker;
