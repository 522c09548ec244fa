-- The loop after a worker's yes, whoever writes: interested -> introduced -> offered -> accepted -> … No runtime role
-- changes a placement but through these functions; each asks the context itself, and answers with a word, so that a
-- refusal is no error. Declines are not spoken of here: nobody's function reads them.
--
-- Locks are taken in one order, so that nobody waits in a circle: consents, the person, vacancies by id, placements.
-- A placement changes only under the lock of its vacancy. What comes due by itself (app.settle_placements) never waits.

create or replace function app.disclosure_days() returns interval
language sql immutable set search_path = pg_catalog as $$ select interval '30 days' $$;

-- The employer behind a vacancy who may learn a name: approved, with a licence number. The poster itself, where it posts
-- for itself or for a company for which an office let it (rules.sql), or the one whose number the posting office gave.
-- Null: nobody.
create or replace function app.verified_employer(v public.vacancies) returns uuid
language sql stable security definer set search_path = pg_catalog as $$
  select e.id from public.organisations p join public.organisations e
    on (e.id = p.id and app.speaks_for(p.id, v.employer, v.uscc)) or (p.kind <> 'employer' and e.uscc = v.uscc)
  where p.id = v.poster_id and e.kind = 'employer' and e.uscc is not null and e.approved_at is not null
$$;

-- Of these vacancies those whose employer is verified: whoever may say yes is told before it.
create or replace function app.with_verified_employer(ids uuid[]) returns setof uuid
language sql stable security definer set search_path = pg_catalog as $$
  select v.id from public.vacancies v
  where v.id = any (ids) and app.verified_employer(v) is not null and app.context() is not null
$$;
revoke all on function app.with_verified_employer(uuid[]) from public;
grant execute on function app.with_verified_employer(uuid[]) to rt_worker, rt_station;

-- The office that meets arrivals: of the county, else of the prefecture, else of the province.
create or replace function app.destination_of(code text) returns uuid
language sql stable security definer set search_path = pg_catalog as $$
  select id from public.organisations
  where kind = 'destination' and division_code in (code, left(code, 4) || '00', left(code, 2) || '0000')
  order by division_code desc, created_at limit 1
$$;

-- From when the acting session may give; null: at once.
create or replace function app.gives_from() returns timestamptz
language sql stable security definer set search_path = pg_catalog as $$
  select gives_from from public.tokens where id = app.ctx_token() and gives_from > now()
$$;

-- Holds what a yes stands on: consent to matching, and to this disclosure when one is needed. False: it does not stand.
create or replace function app.hold_consents(of_worker uuid, of_vacancy uuid, disclosed boolean) returns boolean
language plpgsql security definer set search_path = pg_catalog as $$
declare
  held text[];
begin
  select array_agg(c.purpose) into held from (
    select purpose from public.consents
    where worker_id = of_worker and withdrawn_at is null and (purpose = 'matching' or vacancy_id = of_vacancy)
    order by id for share) as c;
  return coalesce('matching' = any (held) and (not disclosed or 'disclosure' = any (held)), false);
end $$;

-- One act of a person at a time. Returns the person.
create or replace function app.hold_person(of_worker uuid) returns uuid
language plpgsql security definer set search_path = pg_catalog as $$
declare
  found_id uuid;
begin
  select p.id into found_id from public.persons p join public.person_records r on r.person_id = p.id
    where r.worker_id = of_worker for no key update of p;
  return found_id;
end $$;

create or replace function app.hold_vacancies(ids uuid[]) returns void
language plpgsql security definer set search_path = pg_catalog as $$
begin
  perform from public.vacancies where id = any (ids) order by id for no key update;
end $$;

-- Introduces who has waited longest while fewer than three times the headcount are disclosed. Under the vacancy's lock.
create or replace function app.introduce_waiting(of_vacancy uuid) returns void
language plpgsql security definer set search_path = pg_catalog as $$
declare
  v public.vacancies;
  known uuid;
  free integer;
begin
  select * into v from public.vacancies where id = of_vacancy;
  known := app.verified_employer(v);
  if known is null or v.state <> 'open' or v.valid_until < current_date or v.filled >= v.headcount then
    return;
  end if;
  -- whoever is verified by now sees the cards of those who wait, and they that it is only their turn they wait for
  update public.placements set employer_id = known, version = version + 1
    where vacancy_id = of_vacancy and state = 'waiting' and employer_id is distinct from known;
  select 3 * v.headcount - count(*) into free from public.placements
    where vacancy_id = of_vacancy and state in ('introduced', 'offered', 'accepted', 'departed', 'onboarded', 'settled')
      and disclosure_until > clock_timestamp();
  update public.placements p
    set state = 'introduced', employer_id = known, disclosed_at = clock_timestamp(),
        disclosure_until = clock_timestamp() + app.disclosure_days(), version = version + 1,
        updated_at = clock_timestamp()
    where p.id in (select id from public.placements where vacancy_id = of_vacancy and state = 'waiting'
                   order by answered_at, id limit greatest(free, 0))
      -- somebody who withdraws at this moment is left out; their trigger follows
      and exists (select from public.consents c where c.worker_id = p.worker_id and c.vacancy_id = p.vacancy_id
                    and c.purpose = 'disclosure' and c.withdrawn_at is null);
end $$;

-- Over: before acceptance `closed`, and out of everybody's sight but the worker's; after it `ended`, and the place is
-- free again. Under the vacancy's lock.
create or replace function app.finish_placement(p public.placements, whose text, why text) returns void
language plpgsql security definer set search_path = pg_catalog as $$
declare
  taken boolean := p.state in ('accepted', 'departed', 'onboarded', 'settled');
begin
  update public.placements
    set state = case when taken then 'ended' else 'closed' end, ended_at = clock_timestamp(), ended_by = whose,
        employer_code = coalesce(why, employer_code), held_until = null, held_act = null,
        disclosure_until = least(disclosure_until, clock_timestamp()), version = version + 1,
        updated_at = clock_timestamp()
    where id = p.id;
  if taken then
    delete from public.placed_persons where placement_id = p.id;
    update public.vacancies set filled = filled - 1 where id = p.vacancy_id;
  end if;
end $$;

-- Whether the code sent to the worker's own phone for this very act was spent in this transaction, by this token.
create or replace function app.code_was_spent(of_worker uuid, about text) returns boolean
language sql stable security definer set search_path = pg_catalog as $$
  select exists (select from public.codes c
                 where c.worker_id = of_worker and c.purpose = 'answer' and c.subject = about and c.ended_at = now()
                   and c.matched_at is not null and c.matched_by is not distinct from app.ctx_token())
$$;
revoke all on function app.code_was_spent(uuid, text) from public;

-- Asks a worker by the own phone whether an answer was theirs.
create or replace function app.ask_again(of_worker uuid) returns void
language plpgsql security definer set search_path = pg_catalog as $$
declare
  message uuid;
begin
  perform set_config('app.asked_worker', of_worker::text, true);
  insert into public.messages (id, kind, number, phone_sealed, sealed_of)
    select gen_random_uuid(), 'asked_again', w.phone_index, w.phone_sealed, w.id from public.workers w
    where w.id = of_worker and w.phone_sealed is not null
    returning id into message;
  perform set_config('app.asked_worker', '', true);
  if message is not null then
    perform app.order_messages(array[message]);
  end if;
end $$;
revoke all on function app.ask_again(uuid) from public;

-- A worker's yes to a suggestion. `manner`: own (the worker's session), code (the own phone's, entered by the station),
-- paper (signed, at the station, held 72 h). Returns the placement and a word: held, interested, waiting, introduced;
-- or why not: absent, no_consent, closed_vacancy, placed.
create or replace function app.say_interested(
  of_suggestion uuid, will_disclose boolean, manner text, the_card jsonb, seen_by text, signed date)
returns table (placement uuid, word text)
language plpgsql security definer set search_path = pg_catalog as $$
declare
  s public.suggestions;
  v public.vacancies;
  p public.placements;
  who uuid;
  device uuid;
  hold timestamptz;
  alike uuid[] := '{}';
begin
  select * into s from public.suggestions
    where id = of_suggestion
      and case when manner = 'own' then worker_id = app.ctx_worker()
               when manner in ('code', 'paper') then station_id = app.ctx_organisation('station')
                 -- or the yes is there, and name and phone are added to it
                 and (current or exists (select from public.placements q where q.worker_id = suggestions.worker_id
                                           and q.vacancy_id = suggestions.vacancy_id and q.state = 'interested')) end;
  if not found then
    return query select null::uuid, 'absent';
    return;
  end if;
  if manner = 'code' and not app.code_was_spent(s.worker_id, 's_' || replace(s.id::text, '-', '')
                                                || case when will_disclose then ':disclose' else '' end) then
    return query select null::uuid, 'no_word';
    return;
  end if;
  if not app.hold_consents(s.worker_id, s.vacancy_id, false) then
    return query select null::uuid, 'no_consent';
    return;
  end if;
  if will_disclose then
    insert into public.consents (id, station_id, worker_id, purpose, vacancy_id, given_by, witness, signed_on)
      values (gen_random_uuid(), s.station_id, s.worker_id, 'disclosure', s.vacancy_id,
              case when manner = 'paper' then 'paper' else 'worker' end, case when manner = 'paper' then seen_by end, signed)
      on conflict do nothing;
    if not app.hold_consents(s.worker_id, s.vacancy_id, true) then  -- an old paper revives nothing
      return query select null::uuid, 'no_consent';
      return;
    end if;
  end if;
  who := app.hold_person(s.worker_id);
  if manner = 'own' then
    hold := app.gives_from();
    select t.device_id into device from public.tokens t where t.id = app.ctx_token();
    select coalesce(array_agg(q.id), '{}') into alike from public.placements q
      where q.device_id = device and q.answered_at > now() - interval '24 hours' and q.worker_id <> s.worker_id
        and q.state in ('held', 'interested', 'waiting', 'introduced');
  elsif manner = 'paper' then
    hold := clock_timestamp() + interval '72 hours';
  end if;
  perform app.hold_vacancies(array(select q.vacancy_id from public.placements q where q.id = any (alike))
                             || s.vacancy_id);
  select * into v from public.vacancies where id = s.vacancy_id;
  select * into p from public.placements q
    where q.worker_id = s.worker_id and q.vacancy_id = s.vacancy_id order by q.answered_at desc limit 1;
  if p.id is not null and p.state not in ('closed', 'ended') and (p.state <> 'interested' or not will_disclose) then
    return query select p.id, p.state;  -- said before
    return;
  end if;
  if v.state <> 'open' or v.valid_until < current_date or v.filled >= v.headcount
     or (p.state = 'closed' and p.ended_by = 'employer') then
    return query select null::uuid, 'closed_vacancy';
    return;
  end if;
  if exists (select from public.placed_persons where person_id = who) then
    return query select null::uuid, 'placed';
    return;
  end if;
  if (select count(distinct q.worker_id) from public.placements q where q.id = any (alike)) >= 2 then
    -- one device answers for a third person: all of them are asked again (SECURITY T3)
    hold := greatest(hold, clock_timestamp() + interval '72 hours');
  else
    alike := '{}';
  end if;
  if p.state = 'interested' then
    update public.placements
      set disclose = true, state = case when hold is null then 'waiting' else 'held' end, held_until = hold,
          held_act = case when hold is not null then 'interested' end, device_id = device, version = version + 1,
          updated_at = clock_timestamp()
      where id = p.id;
  else
    insert into public.placements (id, station_id, worker_id, vacancy_id, poster_id, employer_id, state, title, employer,
        workplace_text, card, how, disclose, device_id, held_until, held_act, answered_at, updated_at)
      values (gen_random_uuid(), s.station_id, s.worker_id, v.id, v.poster_id, app.verified_employer(v),
        case when hold is not null then 'held' when will_disclose then 'waiting' else 'interested' end, v.title,
        v.employer, v.workplace_text, the_card, manner, will_disclose, device, hold,
        case when hold is not null then 'interested' end, clock_timestamp(), clock_timestamp())
      returning id into p.id;
  end if;
  if cardinality(alike) > 0 then
    update public.placements
      set state = 'held', held_act = 'interested', held_until = greatest(held_until, hold), disclosed_at = null,
          disclosure_until = null, version = version + 1, updated_at = clock_timestamp()
      where id = any (alike);
    insert into public.answer_checks (station_id, placement_id, kind)
      select q.station_id, q.id, 'device' from public.placements q where q.id = any (alike || p.id)
      on conflict do nothing;
    perform app.ask_again(q.worker_id)
      from (select distinct worker_id from public.placements where id = any (alike || p.id)) as q;
  end if;
  perform app.introduce_waiting(v.id);
  return query select q.id, q.state from public.placements q where q.id = p.id;
end $$;

-- The place is taken, or the word that says why not: accepted; no_consent, over, closed_vacancy, full, placed.
create or replace function app.take_place(of_placement uuid) returns text
language plpgsql security definer set search_path = pg_catalog as $$
declare
  p public.placements;
  o public.placements;
  who uuid;
  v public.vacancies;
begin
  select * into p from public.placements where id = of_placement;
  if not app.hold_consents(p.worker_id, p.vacancy_id, true) then
    return 'no_consent';
  end if;
  who := app.hold_person(p.worker_id);
  perform app.hold_vacancies(array(
    select q.vacancy_id from public.placements q join public.person_records r on r.worker_id = q.worker_id
    where r.person_id = who and q.state in ('held', 'interested', 'waiting', 'introduced', 'offered')) || p.vacancy_id);
  select * into p from public.placements where id = of_placement for update;
  if p.state in ('accepted', 'departed', 'onboarded', 'settled') then
    return 'accepted';
  elsif p.state <> 'offered' or p.disclosure_until < clock_timestamp() then
    return 'over';
  end if;
  insert into public.placed_persons (person_id, placement_id) values (who, p.id) on conflict do nothing;
  if not found then
    return 'placed';
  end if;
  -- An offer once made stands until it is answered, taken back or runs out, though nobody new is wanted any more.
  update public.vacancies set filled = filled + 1
    where id = p.vacancy_id and state in ('open', 'closed') and filled < headcount returning * into v;
  if not found then
    delete from public.placed_persons where placement_id = p.id;
    select * into v from public.vacancies where id = p.vacancy_id;
    return case when v.filled >= v.headcount then 'full' else 'closed_vacancy' end;
  end if;
  update public.placements
    set state = 'accepted', accepted_at = clock_timestamp(), held_until = null, held_act = null,
        disclosure_until = clock_timestamp() + 3 * app.disclosure_days(),
        destination_id = app.destination_of(v.workplace_code), version = version + 1, updated_at = clock_timestamp()
    where id = p.id;
  for o in select q.* from public.placements q join public.person_records r on r.worker_id = q.worker_id
           where r.person_id = who and q.state in ('held', 'interested', 'waiting', 'introduced', 'offered') loop
    perform app.finish_placement(o, 'other_job', null);
    perform app.introduce_waiting(o.vacancy_id);
  end loop;
  return 'accepted';
end $$;

-- The worker accepts an offer: in the own session, or at the station with a code or a paper. Words: accepted, held;
-- or why not: absent, no_consent, over, full, placed.
create or replace function app.accept_placement(of_placement uuid, manner text) returns text
language plpgsql security definer set search_path = pg_catalog as $$
declare
  p public.placements;
  hold timestamptz;
begin
  select * into p from public.placements
    where id = of_placement
      and case when manner = 'own' then worker_id = app.ctx_worker()
               when manner in ('code', 'paper') then station_id = app.ctx_organisation('station') and state <> 'closed' end;
  if not found then
    return 'absent';
  end if;
  if manner = 'code' and not app.code_was_spent(p.worker_id, 'pm_' || replace(p.id::text, '-', '')) then
    return 'no_word';
  end if;
  hold := case when manner = 'own' then app.gives_from() when manner = 'paper' then clock_timestamp() + interval '72 hours' end;
  if hold is null then
    return app.take_place(p.id);
  end if;
  if not app.hold_consents(p.worker_id, p.vacancy_id, true) then
    return 'no_consent';
  end if;
  perform app.hold_vacancies(array[p.vacancy_id]);
  update public.placements
    set held_until = hold, held_act = 'accept', disclosure_until = greatest(disclosure_until, hold + interval '1 day'),
        version = version + 1, updated_at = clock_timestamp()
    where id = p.id and state = 'offered' and held_until is null;
  if found then
    return 'held';
  end if;
  select * into p from public.placements where id = of_placement;
  return case when p.state in ('accepted', 'departed', 'onboarded', 'settled') then 'accepted'
              when p.held_act = 'accept' then 'held' else 'over' end;
end $$;

-- The employer's turn: offers the job to somebody introduced, takes the offer back while nobody has answered it, or says
-- no with a lawful code, or ends a job begun. The word is the new state; or absent, over.
create or replace function app.employer_acts(of_placement uuid, act text, why text) returns text
language plpgsql security definer set search_path = pg_catalog as $$
declare
  p public.placements;
begin
  select * into p from public.placements
    where id = of_placement and employer_id = app.ctx_organisation('employer') and state not in ('held', 'closed');
  if not found then
    return 'absent';
  end if;
  perform app.hold_vacancies(array[p.vacancy_id]);
  select * into p from public.placements where id = of_placement for update;
  if act = 'offer' and p.state = 'introduced' and p.disclosure_until > clock_timestamp() then
    update public.placements
      set state = 'offered', offered_at = clock_timestamp(),
          disclosure_until = greatest(disclosure_until, clock_timestamp() + interval '14 days'), version = version + 1,
          updated_at = clock_timestamp()
      where id = p.id;
    return 'offered';
  elsif act = 'offer' and p.state = 'offered' then
    return 'offered';
  elsif act = 'take_back' and p.state = 'offered' and p.held_act is null then
    update public.placements
      set state = 'introduced', offered_at = null, version = version + 1, updated_at = clock_timestamp()
      where id = p.id;
    return 'introduced';
  elsif (act = 'decline' and p.state in ('interested', 'waiting', 'introduced', 'offered'))
     or (act = 'end' and p.state in ('accepted', 'departed', 'onboarded', 'settled')) then
    perform app.finish_placement(p, 'employer', why);
    perform app.introduce_waiting(p.vacancy_id);
    return case when act = 'end' then 'ended' else 'closed' end;
  end if;
  return 'over';
end $$;

-- The worker takes it back or leaves, whenever, without waiting; at the station, as long as no place is taken: a
-- withdrawal waits for no code. The word is the new state; or absent, over.
create or replace function app.worker_ends(of_placement uuid) returns text
language plpgsql security definer set search_path = pg_catalog as $$
declare
  p public.placements;
begin
  select * into p from public.placements
    where id = of_placement
      and (worker_id = app.ctx_worker()
           or station_id = app.ctx_organisation('station')
              and state in ('held', 'interested', 'waiting', 'introduced', 'offered'));
  if not found then
    return 'absent';
  end if;
  -- with it goes the disclosure; the trigger below closes what stood on it
  perform from public.consents where worker_id = p.worker_id and vacancy_id = p.vacancy_id and withdrawn_at is null
    order by id for update;
  update public.consents set withdrawn_at = clock_timestamp()
    where worker_id = p.worker_id and vacancy_id = p.vacancy_id and withdrawn_at is null;
  perform app.hold_vacancies(array[p.vacancy_id]);
  select * into p from public.placements where id = of_placement for update;
  if p.state in ('closed', 'ended') then
    return case when p.ended_by = 'worker' then p.state else 'over' end;
  end if;
  if p.accepted_at is not null and p.worker_id is distinct from app.ctx_worker() then
    return 'over';  -- accepted meanwhile: the worker's alone to end
  end if;
  perform app.finish_placement(p, 'worker', null);
  perform app.introduce_waiting(p.vacancy_id);
  return case when p.accepted_at is null then 'closed' else 'ended' end;
end $$;

-- Somebody says that a step was taken: departed (worker, station, destination), onboarded and settled (worker and
-- employer both). The word is the state; or absent, over.
create or replace function app.confirm_step(of_placement uuid, step text) returns text
language plpgsql security definer set search_path = pg_catalog as $$
declare
  p public.placements;
  side text := (app.context())[1];
begin
  select * into p from public.placements
    where id = of_placement
      and case side when 'worker' then worker_id = app.ctx_worker()
                    when 'employer' then employer_id = app.ctx_organisation('employer') and state not in ('held', 'closed')
                    when 'station' then station_id = app.ctx_organisation('station') and state <> 'closed'
                    when 'destination' then destination_id = app.ctx_organisation('destination') end;
  if not found then
    return 'absent';
  end if;
  perform app.hold_vacancies(array[p.vacancy_id]);
  select * into p from public.placements where id = of_placement for update;
  if step = 'departed' and side in ('worker', 'station', 'destination') and p.state in ('accepted', 'departed') then
    update public.placements set departed_at = coalesce(departed_at, clock_timestamp()), state = 'departed',
        version = version + 1, updated_at = clock_timestamp()
      where id = p.id;
  elsif step = 'onboarded' and side in ('worker', 'employer') and p.state in ('accepted', 'departed', 'onboarded') then
    update public.placements
      set onboarded_by_worker = case when side = 'worker' then coalesce(onboarded_by_worker, clock_timestamp())
                                     else onboarded_by_worker end,
          onboarded_by_employer = case when side = 'employer' then coalesce(onboarded_by_employer, clock_timestamp())
                                       else onboarded_by_employer end,
          state = case when (side = 'worker' or p.onboarded_by_worker is not null)
                        and (side = 'employer' or p.onboarded_by_employer is not null) then 'onboarded' else p.state end,
          version = version + 1, updated_at = clock_timestamp()
      where id = p.id;
  elsif step = 'settled' and side in ('worker', 'employer') and p.state in ('onboarded', 'settled') then
    update public.placements
      set settled_by_worker = case when side = 'worker' then coalesce(settled_by_worker, clock_timestamp())
                                   else settled_by_worker end,
          settled_by_employer = case when side = 'employer' then coalesce(settled_by_employer, clock_timestamp())
                                     else settled_by_employer end,
          state = case when (side = 'worker' or p.settled_by_worker is not null)
                        and (side = 'employer' or p.settled_by_employer is not null) then 'settled' else p.state end,
          version = version + 1, updated_at = clock_timestamp()
      where id = p.id;
  else
    return 'over';
  end if;
  return (select state from public.placements where id = p.id);
end $$;

-- Name and phone, while the disclosure lives: asked of the consent itself, so that a withdrawal ends it at once.
create or replace function app.disclosed_contact(of_placement uuid)
returns table (worker_id uuid, name text, phone_sealed bytea)
language plpgsql security definer set search_path = pg_catalog as $$
declare
  whom uuid;
begin
  select p.worker_id into whom from public.placements p
  where p.id = of_placement and p.employer_id = app.ctx_organisation('employer')
    and p.state in ('introduced', 'offered', 'accepted', 'departed', 'onboarded', 'settled')
    and p.disclosure_until > clock_timestamp()
    and exists (select from public.organisations e where e.id = p.employer_id and e.uscc is not null
                  and e.approved_at is not null)
    and exists (select from public.consents c where c.worker_id = p.worker_id and c.vacancy_id = p.vacancy_id
                  and c.purpose = 'disclosure' and c.withdrawn_at is null);
  perform set_config('app.asked_worker', coalesce(whom::text, ''), true);
  return query select w.id, w.name, w.phone_sealed from public.workers w where w.id = whom;
  perform set_config('app.asked_worker', '', true);
end $$;

-- Whom a worker who accepted calls, and what was agreed: for the worker, and for the station that serves them.
create or replace function app.accepted_job(of_placement uuid)
returns table (vacancy_id uuid, contact text, phone_sealed bytea, wage_lo integer, wage_hi integer, start_date date,
               lodging boolean, board boolean)
language sql stable security definer set search_path = pg_catalog as $$
  select v.id, c.name, c.phone_sealed, v.wage_lo, v.wage_hi, v.start_date, v.lodging, v.board
  from public.placements p join public.vacancies v on v.id = p.vacancy_id
    left join public.vacancy_contacts c on c.vacancy_id = v.id
  where p.id = of_placement and p.state in ('accepted', 'departed', 'onboarded', 'settled')
    and (p.worker_id = app.ctx_worker() or p.station_id = app.ctx_organisation('station'))
$$;
revoke all on function app.accepted_job(uuid) from public;
grant execute on function app.accepted_job(uuid) to rt_worker, rt_station;

-- A withdrawal, whoever made it: what was disclosed ends with it, and what was not yet accepted is over. To everybody
-- but the worker it then looks as if it had never been.
create or replace function app.end_disclosures() returns trigger
language plpgsql security definer set search_path = pg_catalog as $$
declare
  p public.placements;
begin
  if new.withdrawn_at is null or old.withdrawn_at is not null then
    return null;
  end if;
  if new.purpose = 'matching' then
    update public.consents set withdrawn_at = new.withdrawn_at
      where worker_id = new.worker_id and purpose = 'disclosure' and withdrawn_at is null;
  end if;
  perform app.hold_vacancies(array(
    select vacancy_id from public.placements where worker_id = new.worker_id
      and (new.purpose = 'matching' or vacancy_id = new.vacancy_id) and state not in ('ended', 'closed')));
  for p in select * from public.placements where worker_id = new.worker_id
             and (new.purpose = 'matching' or vacancy_id = new.vacancy_id) and state not in ('ended', 'closed')
           order by id for update loop
    if p.accepted_at is null then
      perform app.finish_placement(p, 'worker', null);
      perform app.introduce_waiting(p.vacancy_id);
    elsif new.purpose = 'disclosure' then
      update public.placements set disclosure_until = least(disclosure_until, clock_timestamp()),
        version = version + 1, updated_at = clock_timestamp() where id = p.id;
    end if;
  end loop;
  return null;
end $$;
create or replace trigger end_disclosures after update of withdrawn_at on consents
  for each row execute function app.end_disclosures();

-- What has come due for one placement. In the order of locks, as everybody.
create or replace function app.settle_placement(of_placement uuid) returns void
language plpgsql security definer set search_path = pg_catalog as $$
declare
  p public.placements;
  stands boolean;
begin
  select * into p from public.placements where id = of_placement;
  stands := app.hold_consents(p.worker_id, p.vacancy_id, p.disclose);
  if stands and p.held_act = 'accept' and p.held_until <= clock_timestamp() and app.take_place(p.id) = 'accepted' then
    return;
  end if;
  perform app.hold_vacancies(array[p.vacancy_id]);
  select * into p from public.placements where id = of_placement for update;
  if p.held_until <= clock_timestamp() and not stands then
    perform app.finish_placement(p, 'worker', null);
  elsif p.held_until <= clock_timestamp() then
    update public.placements
      set state = case when p.state = 'held' and disclose then 'waiting' when p.state = 'held' then 'interested'
                       else p.state end,
          held_until = null, held_act = null, version = version + 1, updated_at = clock_timestamp()
      where id = p.id;
  elsif p.state in ('introduced', 'offered') and p.held_until is null and p.disclosure_until <= clock_timestamp() then
    perform app.finish_placement(p, 'time', null);
  end if;
  perform app.introduce_waiting(p.vacancy_id);
end $$;

-- What comes due by itself: held answers whose time has passed, disclosures that have run out, queues whose employer was
-- approved or whose headcount grew. It waits for nobody: what somebody holds is left for the next time.
create or replace function app.settle_placements() returns void
language plpgsql security definer set search_path = pg_catalog set lock_timeout = '20ms' as $$
declare
  due uuid;
begin
  for due in select id from public.placements where held_until <= clock_timestamp()
             union select id from public.placements where state in ('introduced', 'offered') and held_until is null
                             and disclosure_until <= clock_timestamp()
             limit 200 loop
    begin
      perform app.settle_placement(due);
    exception when lock_not_available then
      null;
    end;
  end loop;
end $$;

-- A vacancy's queue moves when its employer was approved meanwhile, or more people are wanted. Asked by its poster.
create or replace function app.settle_vacancy(of_vacancy uuid) returns void
language plpgsql security definer set search_path = pg_catalog as $$
begin
  if exists (select from public.vacancies where id = of_vacancy and poster_id = app.ctx_organisation('employer')) then
    perform app.hold_vacancies(array[of_vacancy]);
    perform app.introduce_waiting(of_vacancy);
  end if;
end $$;

-- The worker's present suggestions become `offered`; former ones stay as rows that only the worker sees. By the station
-- that serves the worker, or the worker.
create or replace function app.keep_suggestions(of_worker uuid, offered jsonb) returns void
language plpgsql security definer set search_path = pg_catalog as $$
declare
  station uuid := app.ctx_organisation('station');
  ours uuid;
begin
  if not exists (select from public.suggestions where worker_id = of_worker) and offered = '[]' then
    return;
  end if;
  perform set_config('app.asked_worker', of_worker::text, true);
  select w.station_id into ours from public.workers w
    where w.id = of_worker and (w.station_id = station or w.id = app.ctx_worker());
  perform set_config('app.asked_worker', '', true);
  if ours is null then
    raise exception 'not a worker of the caller''s' using errcode = '42501';
  end if;
  update public.suggestions set current = false
    where worker_id = of_worker and current
      and id not in (select (o ->> 'id')::uuid from jsonb_array_elements(offered) as o);
  insert into public.suggestions (id, station_id, worker_id, vacancy_id, rank, score, price, planned, parts, scoring, as_of)
    select o.id, ours, of_worker, o.vacancy_id, o.rank, o.score, o.price, o.planned, o.parts, o.scoring, o.as_of
    from jsonb_to_recordset(offered) as o (id uuid, vacancy_id uuid, rank integer, score integer, price integer,
                                           planned boolean, parts jsonb, scoring text, as_of timestamptz)
    on conflict (id) do update
      set rank = excluded.rank, score = excluded.score, price = excluded.price, planned = excluded.planned,
          parts = excluded.parts, scoring = excluded.scoring, as_of = excluded.as_of, current = true
      where suggestions.worker_id = of_worker;
end $$;

-- The vacancies, by sequence number, that the engine leaves out for a worker: declined, or answered before, be it at
-- another account that offers the same job. To the engine, and to the worker.
create or replace function app.left_out(of_worker uuid) returns setof bigint
language plpgsql stable security definer set search_path = pg_catalog as $$
begin
  if app.ctx_is('engine') or of_worker = app.ctx_worker() then
    return query select v.seq from public.placements p join public.vacancies said on said.id = p.vacancy_id
                   join public.vacancies v on v.workplace_id = said.workplace_id and v.employer = said.employer
                     and v.title = said.title and v.wage_lo = said.wage_lo and v.wage_hi = said.wage_hi
                     and (v.id = said.id or v.poster_id <> said.poster_id)
                 where p.worker_id = of_worker;
  end if;
end $$;

-- Every tenth paper of a station and one in twenty of the others is looked at by somebody else than who took it.
create or replace function app.sample_paper() returns trigger
language plpgsql security definer set search_path = pg_catalog as $$
begin
  if (select count(*) from public.papers where station_id = new.station_id) % 10 = 1 or random() < 0.05 then
    insert into public.answer_checks (station_id, placement_id, kind, paper_id)
      values (new.station_id, new.placement_id, 'paper', new.id)
      on conflict (placement_id, kind) do update
        set paper_id = excluded.paper_id, asked_at = now(), outcome = null, decided_at = null, decided_by = null;
  end if;
  return null;
end $$;
create or replace trigger sample_paper after insert on papers for each row execute function app.sample_paper();

-- A yes on paper has its paper, when all is written.
create or replace function app.ask_for_paper() returns trigger
language plpgsql security definer set search_path = pg_catalog as $$
begin
  if not exists (select from public.papers where placement_id = new.id and act = 'interested') then
    raise exception 'a yes on paper without its paper' using errcode = '23514';
  end if;
  return null;
end $$;
revoke all on function app.ask_for_paper() from public;
drop trigger if exists ask_for_paper on placements;
create constraint trigger ask_for_paper after insert on placements deferrable initially deferred
  for each row when (new.how = 'paper') execute function app.ask_for_paper();

-- The head or the auditor says whether an answer was the worker's own; if not, it never was. False: none to decide.
create or replace function app.decide_check(of_check uuid, is_genuine boolean) returns boolean
language plpgsql security definer set search_path = pg_catalog as $$
declare
  who text[] := app.context();
  k public.answer_checks;
  p public.placements;
begin
  select c.* into k from public.answer_checks c
    where c.id = of_check and c.outcome is null
      and (who[2] = 'auditor' or (who[2] = 'head' and c.station_id = app.ctx_organisation('station')))
      and not exists (select from public.papers a where a.id = c.paper_id and a.taken_by = app.ctx_token());
  if not found then
    return false;
  end if;
  select * into p from public.placements where id = k.placement_id;
  perform app.hold_vacancies(array[p.vacancy_id]);
  update public.answer_checks set outcome = case when is_genuine then 'genuine' else 'not_genuine' end,
      decided_at = clock_timestamp(), decided_by = app.ctx_token()
    where id = k.id;
  select * into p from public.placements where id = k.placement_id for update;
  if not is_genuine and p.state not in ('closed', 'ended') then
    perform app.finish_placement(p, 'check', null);
    perform app.introduce_waiting(p.vacancy_id);
  end if;
  return true;
end $$;

revoke all on function app.disclosure_days(), app.verified_employer(vacancies), app.destination_of(text), app.gives_from(),
  app.hold_consents(uuid, uuid, boolean), app.hold_person(uuid), app.hold_vacancies(uuid[]), app.introduce_waiting(uuid),
  app.finish_placement(placements, text, text), app.say_interested(uuid, boolean, text, jsonb, text, date),
  app.take_place(uuid), app.accept_placement(uuid, text), app.employer_acts(uuid, text, text), app.worker_ends(uuid),
  app.confirm_step(uuid, text), app.disclosed_contact(uuid), app.end_disclosures(), app.settle_placement(uuid),
  app.settle_placements(), app.settle_vacancy(uuid), app.keep_suggestions(uuid, jsonb), app.left_out(uuid),
  app.sample_paper(), app.decide_check(uuid, boolean) from public;
grant execute on function app.say_interested(uuid, boolean, text, jsonb, text, date), app.accept_placement(uuid, text),
  app.keep_suggestions(uuid, jsonb) to rt_worker, rt_station;
grant execute on function app.employer_acts(uuid, text, text), app.disclosed_contact(uuid), app.settle_vacancy(uuid)
  to rt_employer;
grant execute on function app.worker_ends(uuid) to rt_worker, rt_station;
grant execute on function app.confirm_step(uuid, text) to rt_worker, rt_employer, rt_station, rt_destination;
grant execute on function app.settle_placements() to rt_worker, rt_employer, rt_station, rt_destination, rt_auditor,
  eastwest_jobs;
grant execute on function app.left_out(uuid) to rt_worker, rt_engine;
grant execute on function app.decide_check(uuid, boolean) to rt_station, rt_auditor;

-- Whether at least five workers of the station who agreed to matching share ages and skills with the worker: a card may
-- then name them. Asked by the worker or the station.
create or replace function app.has_many_alike(of_worker uuid, age_from integer, age_to integer, known text[])
returns boolean
language plpgsql security definer set search_path = pg_catalog as $$
declare
  mine public.workers;
  many boolean;
begin
  perform set_config('app.asked_worker', of_worker::text, true);
  select * into mine from public.workers w where w.id = of_worker
    and (w.id = app.ctx_worker() or w.station_id = app.ctx_organisation('station'));
  perform set_config('app.asked_worker', '', true), set_config('app.asked_station', coalesce(mine.station_id::text, ''), true);
  many := 5 <= (select count(*) from (
    select from public.workers w
    where w.station_id = mine.station_id and w.skills @> known
      and w.birth_date between current_date - make_interval(years => age_to + 1) + interval '1 day'
                           and current_date - make_interval(years => age_from)
      and exists (select from public.consents c where c.worker_id = w.id and c.purpose = 'matching'
                    and c.withdrawn_at is null)
    limit 5) as alike);
  perform set_config('app.asked_station', '', true);
  return many;
end $$;
revoke all on function app.has_many_alike(uuid, integer, integer, text[]) from public;
grant execute on function app.has_many_alike(uuid, integer, integer, text[]) to rt_worker, rt_station;
