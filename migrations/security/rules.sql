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
     and (exists (
       select from public.consents c
       where c.worker_id = new.worker_id and c.station_id = new.station_id and c.purpose = new.purpose
         and c.vacancy_id is not distinct from new.vacancy_id and c.withdrawn_at is not null
         and (new.list_id is not null or new.signed_on is null
              or new.signed_on <= (c.withdrawn_at at time zone 'Asia/Shanghai')::date))
       -- taken back personally, in whatever station's care: it binds here too
       or new.purpose = 'matching' and exists (
       select from public.person_records r join public.persons p on p.id = r.person_id
       where r.worker_id = new.worker_id and p.withdrew_at is not null
         and (new.list_id is not null or new.signed_on is null
              or new.signed_on <= (p.withdrew_at at time zone 'Asia/Shanghai')::date)))
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
  -- all of them before any is stamped, those a trigger stamps with it too: nobody waits in a circle (placements.sql)
  perform from public.consents
    where worker_id = of_worker and withdrawn_at is null
      and (station_id = app.ctx_organisation('station') or worker_id = app.ctx_worker())
    order by id for update;
  for c in select * from public.consents
           where worker_id = of_worker and purpose = for_purpose and withdrawn_at is null
             and (station_id = app.ctx_organisation('station') or worker_id = app.ctx_worker())
           order by id for update loop
    update public.consents set withdrawn_at = clock_timestamp() where id = c.id;
    delete from public.match_results where worker_id = c.worker_id and for_purpose = 'matching';
  end loop;
end $$;
revoke all on function app.withdraw_consent(uuid, text) from public;
grant execute on function app.withdraw_consent(uuid, text) to rt_station, rt_worker;
revoke all on function app.know_persons(), app.refuse_change(), app.keep_withdrawal() from public;

-- The live market hears of every change when it is committed, and reads which vacancies it was from market_changes:
-- rows name their transaction, so that a process which knows what it has seen misses none. Kept for an hour, the last
-- of those for ever: it shows to whom something was lost.
create or replace function app.tell_market() returns trigger
language plpgsql security definer set search_path = pg_catalog as $$
begin
  if tg_relid = 'public.vacancies'::regclass then
    insert into public.market_changes (xact, seq) select pg_current_xact_id()::text::bigint, seq from changed;
  else
    insert into public.market_changes (xact) values (pg_current_xact_id()::text::bigint);
  end if;
  if random() < 0.02 then
    delete from public.market_changes where id in (select id from public.market_changes
      where at < now() - interval '1 hour'
        and id < (select max(id) from public.market_changes where at < now() - interval '1 hour')
      order by id limit 10000 for update skip locked);
  end if;
  perform pg_notify('market', '');
  return null;
end $$;
create or replace trigger tell_market_new after insert on vacancies
  referencing new table as changed for each statement execute function app.tell_market();
create or replace trigger tell_market after update on vacancies
  referencing new table as changed for each statement execute function app.tell_market();
create or replace trigger tell_market after insert or update or delete on pairings
  for each statement execute function app.tell_market();
create or replace trigger tell_market after insert or update or delete on shocks
  for each statement execute function app.tell_market();
revoke all on function app.tell_market() from public;

-- Where `eastwest match` puts a part's results by COPY, which does not go with row security; closed to all but the owner.
create unlogged table if not exists app.match_staged (
  worker_id uuid not null, station_id uuid not null, run_id uuid not null, vacancies uuid[] not null, scores int[] not null);

-- A company's name as two of them are compared: without blanks and signs, whatever their width.
create or replace function app.plain_name(written text) returns text
language sql immutable set search_path = pg_catalog as $$
  select lower(regexp_replace(normalize(written, nfkc), '[[:space:][:punct:]]', '', 'g'))
$$;

-- Whether an employer's account may offer a company's jobs: its own, by name and by the licence number where one is given;
-- another's, of which an office of the place of work has let one onto the market before.
create or replace function app.speaks_for(of_poster uuid, named text, code text) returns boolean
language sql stable security definer set search_path = pg_catalog as $$
  select exists (select from public.organisations o where o.id = of_poster and o.kind = 'employer'
                   and app.plain_name(o.name) = app.plain_name(named) and coalesce(code = o.uscc, true))
      or exists (select from public.vacancies v where v.poster_id = of_poster and v.employer = named
                   and v.uscc is not distinct from code and v.decided_at is not null and v.rejected_code is null)
$$;

-- The same, asked by the employer itself.
create or replace function app.may_post_for(named text, code text) returns boolean
language sql stable security definer set search_path = pg_catalog as $$
  select app.speaks_for(app.ctx_organisation('employer'), named, code)
$$;

-- The company whose account offers another company's job, as its readers are told; null: the company's own, or an
-- office's.
create or replace function app.recruiter_of(poster uuid, named text) returns text
language sql stable security definer set search_path = pg_catalog as $$
  select o.name from public.organisations o
  where o.id = poster and o.kind = 'employer' and app.plain_name(o.name) <> app.plain_name(named)
    and app.context() is not null
$$;
revoke all on function app.plain_name(text), app.speaks_for(uuid, text, text), app.may_post_for(text, text),
  app.recruiter_of(uuid, text) from public;
grant execute on function app.may_post_for(text, text) to rt_employer;
grant execute on function app.recruiter_of(uuid, text)
  to rt_station, rt_destination, rt_employer, rt_coordinator, rt_worker, rt_auditor;

-- An offer stands on the market at once when its poster is trusted there: an approved employer that speaks for the
-- company it names, or an office inside its own province. Any other waits. Asked once a statement, since a list adds ten
-- thousand at a time. Nobody writes down a decision that an office did not make, nor carries one to another company.
create or replace function app.keep_waiting() returns trigger
language plpgsql set search_path = pg_catalog as $$
declare
  untrusted boolean;
  foreign_to_it boolean;
  decided boolean;
begin
  if current_user not like 'rt\_%' then
    return null;  -- the decision itself
  end if;
  if tg_op = 'INSERT' then
    select bool_or(not coalesce(case when o.kind = 'employer' then o.approved_at is not null
                                     else left(o.division_code, 2) = left(a.workplace_code, 2) end, false))
      into untrusted
      from added a left join public.organisations o on o.id = a.poster_id where a.state = 'open';
    select bool_or(true) into decided from added where decided_at is not null;
    if current_user = 'rt_employer' then
      select bool_or(not app.may_post_for(a.employer, a.uscc)) into foreign_to_it
        from (select distinct employer, uscc from added where state = 'open') as a;
    end if;
  else
    select bool_or(not coalesce(case when o.kind = 'employer' then o.approved_at is not null
                                     else left(o.division_code, 2) = left(a.workplace_code, 2) end, false))
      into untrusted
      from added a join before b on b.id = a.id left join public.organisations o on o.id = a.poster_id
      where a.state = 'open' and (b.state <> 'open' or b.workplace_code <> a.workplace_code);
    select bool_or(true) into decided
      from added a join before b on b.id = a.id
      where a.decided_at is not null and a.decided_at is distinct from b.decided_at;
    if current_user = 'rt_employer' then
      select bool_or(not app.may_post_for(c.employer, c.uscc)) into foreign_to_it
        from (select distinct a.employer, a.uscc from added a join before b on b.id = a.id
              where a.state = 'open' and (b.state <> 'open' or b.employer <> a.employer
                                          or b.uscc is distinct from a.uscc)) as c;
    end if;
  end if;
  if untrusted or foreign_to_it then
    raise exception 'an offer of somebody not yet trusted waits for approval' using errcode = '42501';
  elsif decided then
    raise exception 'a decision is an office''s to make' using errcode = '42501';
  end if;
  return null;
end $$;
create or replace trigger keep_waiting_new after insert on vacancies referencing new table as added
  for each statement execute function app.keep_waiting();
create or replace trigger keep_waiting_changed after update on vacancies
  referencing old table as before new table as added
  for each statement execute function app.keep_waiting();
revoke all on function app.keep_waiting() from public;

-- What an office let onto the market it let for the company named there: another one's asks anew.
create or replace function app.forget_decision() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
  new.decided_at := null;
  new.decided_by := null;
  return new;
end $$;
create or replace trigger forget_decision before update on vacancies for each row
  when (new.employer is distinct from old.employer or new.uscc is distinct from old.uscc)
  execute function app.forget_decision();
revoke all on function app.forget_decision() from public;

-- The receiving side decides on an offer that waits; `rejected` says why not, null lets it onto the market. With the first
-- one an employer offers in its own name it is approved, when its licence number is known. False: none that waits there.
create or replace function app.decide_vacancy(of_vacancy uuid, rejected text) returns boolean
language plpgsql security definer set search_path = pg_catalog as $$
declare
  who text[] := app.context();
  v public.vacancies;
begin
  if who is null or who[1] not in ('destination', 'coordinator') then
    raise exception 'only the receiving side decides on an offer' using errcode = '42501';
  end if;
  select * into v from public.vacancies
    where id = of_vacancy and state = 'pending'
      and workplace_code between app.ctx_area_from(who[1]) and app.ctx_area_to(who[1]) for update;
  if not found then
    return false;
  end if;
  update public.vacancies
    set state = case when rejected is null then 'open' else 'refused' end, rejected_code = rejected,
        decided_at = now(), decided_by = who[3]::uuid, confirmed_at = now(), version = version + 1, updated_at = now()
    where id = v.id;
  if rejected is null then
    update public.organisations o set uscc = v.uscc
      where o.id = v.poster_id and o.kind = 'employer' and o.uscc is null and v.uscc is not null
        and app.plain_name(o.name) = app.plain_name(v.employer)
        and not exists (select from public.organisations other where other.uscc = v.uscc);
    update public.organisations set approved_at = now(), approved_by = who[3]::uuid
      where id = v.poster_id and kind = 'employer' and approved_at is null and uscc is not null;
  end if;
  return true;
end $$;
revoke all on function app.decide_vacancy(uuid, text) from public;
grant execute on function app.decide_vacancy(uuid, text) to rt_destination, rt_coordinator;

-- Where the database stands: what /readyz compares with the newest migration.
create or replace function app.revision() returns text
language sql stable security definer set search_path = pg_catalog as $$
  select version_num from public.alembic_version
$$;
revoke all on function app.revision() from public;
grant execute on function app.revision() to rt_visitor;

-- Seals are added, never altered, as what they seal.
create or replace trigger seals_stay before update or delete or truncate on audit_seals
  for each statement execute function app.refuse_change();

-- More than 60 people looked at in detail, or more than 2,000 lines of lists paged through, by one person on one day
-- (Beijing's, the connection's): an alarm, whose figure goes on growing. Safe to call at any time; counts everybody's.
create or replace function app.raise_alarms() returns integer
language plpgsql security definer set search_path = pg_catalog as $$
declare
  raised integer;
begin
  insert into public.alarms as a (kind, organisation_id, reader, day, people)
    select kind, organisation_id, reader, current_date, people
    from (
      select 'bulk_reading' as kind, e.organisation_id, coalesce(e.user_id, e.token_id) as reader,
             count(distinct e.worker_id) as people, 60 as most
      from public.audit_entries e
      where e.at >= current_date and e.role in ('station', 'head', 'destination', 'employer', 'coordinator')
        and e.action in ('worker.read', 'placement.contact', 'complaint.contact', 'paper.read')
      group by 2, 3
      union all
      select 'list_crawl', e.organisation_id, coalesce(e.user_id, e.token_id), sum(e.purpose::integer), 2000
      from public.audit_entries e
      where e.at >= current_date and e.action = 'worker.list'
      group by 2, 3
    ) seen
    where reader is not null and people > most
    on conflict (kind, reader, day) do update set people = excluded.people where a.people < excluded.people;
  get diagnostics raised = row_count;
  return raised;
end $$;
revoke all on function app.raise_alarms() from public;
grant execute on function app.raise_alarms() to rt_station, rt_auditor;

-- No more than 400 people a day leave a station in files, whoever asks: what cannot be counted is refused.
create or replace function app.cap_exports() returns trigger
language plpgsql security definer set search_path = pg_catalog as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('exports:' || new.organisation_id, 0));
  if (select coalesce(sum(cardinality(worker_ids)), 0) + cardinality(new.worker_ids) from public.exports
      where organisation_id = new.organisation_id and asked_at >= current_date) <= 400 then
    return new;
  end if;
  raise exception 'no more exports today' using errcode = '53400';
end $$;
create or replace trigger cap_exports before insert on exports for each row execute function app.cap_exports();
revoke all on function app.cap_exports() from public;

-- The head decides on an export somebody else asked for: once, and never on an own one. False: none that waits.
create or replace function app.decide_export(of_export uuid, allowed boolean) returns boolean
language plpgsql security definer set search_path = pg_catalog as $$
begin
  update public.exports
    set state = case when allowed then 'approved' else 'rejected' end, decided_by = app.ctx_person(),
        decided_at = now(), expires_at = case when allowed then now() + interval '24 hours' end
    where id = of_export and organisation_id = app.ctx_manages('station') and state = 'asked'
      and asked_by <> app.ctx_person() and asked_token <> app.ctx_token();
  return found;
end $$;
revoke all on function app.decide_export(uuid, boolean) from public;
grant execute on function app.decide_export(uuid, boolean) to rt_station;

-- Who asked fetches the file: once, within 24 hours of the approval. False: nothing to be fetched.
create or replace function app.fetch_export(of_export uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog as $$
begin
  update public.exports set state = 'fetched', fetched_at = now()
    where id = of_export and organisation_id = app.ctx_organisation('station') and state = 'approved'
      and expires_at > now() and asked_by = app.ctx_person();
  return found;
end $$;
revoke all on function app.fetch_export(uuid) from public;
grant execute on function app.fetch_export(uuid) to rt_station;

-- Staff, keys, invitations, approvals: what no single right can say. Each asks the context itself; refused is 42501, and
-- what is not the caller's answers as what is absent.

-- The session of the token ends, or every session of its person.
create or replace function app.sign_out(everywhere boolean) returns void
language sql security definer set search_path = pg_catalog as $$
  update public.tokens t set revoked_at = now()
  from public.tokens mine
  where mine.id = app.ctx_token() and t.revoked_at is null
    and (t.id = mine.id or t.session_id = mine.session_id
         or everywhere and t.kind <> 'key' and (t.user_id = mine.user_id or t.worker_id = mine.worker_id))
$$;

-- Somebody leaves: sessions end with it, and so does the password. By who looks after the staff, or by an operator.
create or replace function app.end_user(of_user uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog as $$
begin
  update public.users set state = 'left', left_at = now()
  where id = of_user and state = 'active' and (organisation_id = app.ctx_staff_of() or app.ctx_is('operator'));
  if not found then
    return false;
  end if;
  delete from public.passwords where user_id = of_user;
  update public.tokens set revoked_at = now() where user_id = of_user and revoked_at is null;
  return true;
end $$;

-- A head becomes a clerk again; to become head two persons are needed (app.grant_place).
create or replace function app.make_clerk(of_user uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog as $$
begin
  update public.users set role = 'station'
  where id = of_user and state = 'active' and role = 'head' and organisation_id = app.ctx_staff_of();
  return found;
end $$;

-- The telephone under which people reach an office, as whoever looks after it says.
create or replace function app.set_phone(of_organisation uuid, called text) returns boolean
language plpgsql security definer set search_path = pg_catalog as $$
begin
  update public.organisations set phone = called where id = of_organisation and id = app.ctx_staff_of();
  return found;
end $$;

-- A key's first or next secret; the ones before it stay good for the time that is given.
create or replace function app.add_secret(of_key uuid, token_hash bytea, keep_old interval) returns boolean
language plpgsql security definer set search_path = pg_catalog as $$
declare
  k public.api_keys;
begin
  select * into k from public.api_keys
  where id = of_key and organisation_id = app.ctx_staff_of() and revoked_at is null and expires_at > now() for update;
  if not found then
    return false;
  end if;
  update public.tokens set expires_at = least(expires_at, now() + keep_old) where key_id = of_key;
  insert into public.tokens (id, hash, role, organisation_id, division_code, expires_at, kind, key_id)
    select gen_random_uuid(), token_hash, k.role, k.organisation_id, o.division_code, k.expires_at, 'key', k.id
    from public.organisations o where o.id = k.organisation_id;
  return true;
end $$;

create or replace function app.revoke_key(of_key uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog as $$
begin
  update public.api_keys set revoked_at = now()
  where id = of_key and revoked_at is null and (organisation_id = app.ctx_staff_of() or app.ctx_is('operator'));
  return found;
end $$;

-- The door saw a key; to the minute, so that a busy system does not write at every request.
create or replace function app.key_seen(of_key uuid) returns void
language sql security definer set search_path = pg_catalog as $$
  update public.api_keys set last_used_at = now()
  where id = of_key and app.ctx_is('door') and coalesce(last_used_at < now() - interval '1 minute', true)
$$;

create or replace function app.withdraw_invitation(of_invitation uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog as $$
begin
  update public.invitations set withdrawn_at = now()
  where id = of_invitation and accepted_at is null and withdrawn_at is null and organisation_id = app.ctx_staff_of();
  return found;
end $$;

-- Which kind of organisation a role acts for.
create or replace function app.kind_of(role text) returns text
language sql immutable set search_path = pg_catalog as $$
  select case role when 'head' then 'station' when 'coordinator' then 'authority' when 'auditor' then 'audit' else role end
$$;

-- One person asks: for a place on a staff, a new organisation. The division is that of what is asked about.
create or replace function app.ask_approval(of_kind text, of_organisation uuid, in_division text, what jsonb, why text)
  returns uuid
language plpgsql security definer set search_path = pg_catalog as $$
declare
  c text[] := app.context();
  own uuid := nullif(c[3], '')::uuid;
  subject public.organisations;
  made uuid := gen_random_uuid();
  may boolean;
begin
  if of_kind = 'role_grant' then
    select * into subject from public.organisations where id = of_organisation;
    in_division := subject.division_code;
    may := app.kind_of(what->>'role') = subject.kind
      and (subject.id = app.ctx_staff_of() or subject.division_code like app.ctx_region('coordinator')
           or app.ctx_is('operator'))
      and (what->>'user' is null or exists (
        select from public.users u where u.id::text = what->>'user' and u.organisation_id = subject.id));
  else
    of_organisation := null;
    may := of_kind = 'organisation' and in_division like app.ctx_region('coordinator')
      and what->>'kind' in ('station', 'destination', 'employer', 'authority');
  end if;
  if not coalesce(may, false) then
    raise exception 'not to be asked for by this caller' using errcode = '42501';
  end if;
  insert into public.approvals (id, organisation_id, subject_id, division_code, kind, payload, reason, asked_by, expires_at)
    values (made, own, of_organisation, in_division, of_kind, what, why, app.ctx_person(), now() + interval '14 days');
  return made;
end $$;

-- Another person decides: a coordinator of the region or the auditor. False: it was decided before, or its time is over.
create or replace function app.decide_approval(of_approval uuid, agrees boolean, said text) returns boolean
language plpgsql security definer set search_path = pg_catalog as $$
declare
  a public.approvals;
begin
  select * into a from public.approvals where id = of_approval for update;
  if not coalesce(a.asked_by <> app.ctx_person()
       and (app.ctx_is('auditor') or a.division_code like app.ctx_region('coordinator')), false) then
    raise exception 'not to be decided by this caller' using errcode = '42501';
  end if;
  if a.state <> 'asked' or a.expires_at <= now() then
    return false;
  end if;
  update public.approvals
    set state = case when agrees then 'approved' else 'refused' end, decided_by = app.ctx_person(), decided_at = now(),
        words = said
    where id = of_approval;
  return true;
end $$;

-- Who asked makes use of it, once, within a week: what was agreed to; null: nothing to use.
create or replace function app.use_approval(of_approval uuid, of_kind text) returns jsonb
language sql security definer set search_path = pg_catalog as $$
  update public.approvals set state = 'used', used_at = now()
  where id = of_approval and kind = of_kind and state = 'approved' and asked_by = app.ctx_person()
    and decided_at > now() - interval '7 days'
  returning payload
$$;

-- A place two persons agreed on: an invitation, or another role for somebody who is there. Null: nothing to use.
create or replace function app.grant_place(of_approval uuid, token_hash bytea) returns uuid
language plpgsql security definer set search_path = pg_catalog as $$
declare
  subject uuid := (select subject_id from public.approvals where id = of_approval);
  what jsonb := app.use_approval(of_approval, 'role_grant');
  made uuid := gen_random_uuid();
begin
  if what is null then
    return null;
  end if;
  if what->>'user' is not null then
    update public.users set role = what->>'role'
      where id = (what->>'user')::uuid and organisation_id = subject and state = 'active';
    return (what->>'user')::uuid;
  end if;
  insert into public.invitations (id, organisation_id, role, name, code_hash, invited_by, expires_at)
    values (made, subject, what->>'role', what->>'name', token_hash, app.ctx_person(), now() + interval '7 days');
  return made;
end $$;

-- A new organisation: an operator's, or one that two persons agreed on (which then counts as approved).
create or replace function app.add_organisation(of_approval uuid, of_kind text, called text, in_division text, code text)
  returns uuid
language plpgsql security definer set search_path = pg_catalog as $$
declare
  what jsonb := jsonb_build_object('kind', of_kind, 'name', called, 'division', in_division, 'uscc', code);
  made uuid := gen_random_uuid();
begin
  if of_approval is not null then
    what := app.use_approval(of_approval, 'organisation');
    if what is null then
      return null;
    end if;
  elsif not app.ctx_is('operator') then
    raise exception 'only an operator makes an organisation alone' using errcode = '42501';
  end if;
  insert into public.organisations (id, kind, name, division_code, uscc, approved_at, approved_by)
    values (made, what->>'kind', what->>'name', what->>'division', what->>'uscc',
            case when of_approval is not null then now() end,
            case when of_approval is not null then app.ctx_organisation('coordinator') end);
  return made;
end $$;

revoke all on function app.sign_out(boolean), app.end_user(uuid), app.make_clerk(uuid),
  app.set_phone(uuid, text), app.add_secret(uuid, bytea, interval), app.revoke_key(uuid), app.key_seen(uuid), app.withdraw_invitation(uuid),
  app.kind_of(text), app.ask_approval(text, uuid, text, jsonb, text), app.decide_approval(uuid, boolean, text),
  app.use_approval(uuid, text), app.grant_place(uuid, bytea), app.add_organisation(uuid, text, text, text, text)
  from public;
grant execute on function app.sign_out(boolean)
  to rt_station, rt_destination, rt_employer, rt_coordinator, rt_worker, rt_operator, rt_auditor;
grant execute on function app.end_user(uuid), app.revoke_key(uuid)
  to rt_station, rt_destination, rt_employer, rt_coordinator, rt_operator;
grant execute on function app.set_phone(uuid, text), app.add_secret(uuid, bytea, interval), app.withdraw_invitation(uuid)
  to rt_station, rt_destination, rt_employer, rt_coordinator;
grant execute on function app.make_clerk(uuid) to rt_station;
grant execute on function app.key_seen(uuid) to rt_door;
grant execute on function app.ask_approval(text, uuid, text, jsonb, text), app.grant_place(uuid, bytea)
  to rt_station, rt_coordinator, rt_operator;
grant execute on function app.decide_approval(uuid, boolean, text) to rt_coordinator, rt_auditor;
grant execute on function app.add_organisation(uuid, text, text, text, text) to rt_coordinator, rt_operator;

-- A station takes a stored list back: the workers it brought (`brought`) go, the consents it stated too, unless one of
-- those it touched has signed in or said yes since. Then they are answered and nothing is done: which of the two, and
-- whether a yes was taken back, is not told. What somebody withdrew meanwhile binds the person still.
create or replace function app.take_back_workers(of_list uuid, brought uuid[], touched uuid[]) returns setof uuid
language plpgsql security definer set search_path = pg_catalog as $$
declare
  station uuid := app.ctx_organisation('station');
  stored timestamptz;
  acted uuid[];
begin
  perform set_config('app.asked_station', station::text, true);  -- of lists and workers the owner now meets its own
  select l.updated_at into stored from public.lists l
    where l.id = of_list and l.kind = 'worker' and l.state = 'stored';
  if not found then
    raise exception 'no stored list of this station' using errcode = '42501';
  end if;
  select array_agg(w.id) into acted from public.workers w
    where w.id = any (touched) and w.station_id = station
      and (exists (select from public.tokens t where t.worker_id = w.id and t.created_at >= stored)
           or exists (select from public.placements p where p.worker_id = w.id and p.answered_at >= stored));
  if acted is not null then
    return query select unnest(acted);
    return;
  end if;
  update public.persons p set withdrew_at = greatest(p.withdrew_at, c.withdrawn_at)
    from public.person_records r join public.consents c on c.worker_id = r.worker_id
    where r.person_id = p.id and r.worker_id = any (brought) and c.list_id = of_list and c.withdrawn_at is not null;
  update public.suggestions s set current = false
    where s.current and s.worker_id in (select c.worker_id from public.consents c
                                        where c.list_id = of_list and c.station_id = station and c.withdrawn_at is null);
  delete from public.consents c where c.list_id = of_list and c.station_id = station and c.withdrawn_at is null;
  delete from public.workers w where w.id = any (brought) and w.created_at = stored;
end $$;
revoke all on function app.take_back_workers(uuid, uuid[], uuid[]) from public;
grant execute on function app.take_back_workers(uuid, uuid[], uuid[]) to rt_station;

-- Of a poster's own vacancies those to which somebody said yes since a moment, as far as an employer would see it.
create or replace function app.answered_vacancies(ids uuid[], since timestamptz) returns setof uuid
language sql stable security definer set search_path = pg_catalog as $$
  select distinct p.vacancy_id from public.placements p
  where p.vacancy_id = any (ids) and p.answered_at >= since and p.state not in ('held', 'closed')
    and p.poster_id = (select nullif(c[3], '')::uuid from app.context() c)
$$;
revoke all on function app.answered_vacancies(uuid[], timestamptz) from public;
grant execute on function app.answered_vacancies(uuid[], timestamptz) to rt_station, rt_destination, rt_employer, rt_coordinator;

-- Of a poster's own vacancies those that another account has on the market at this moment: the same employer, title,
-- workplace and pay. Joined by hash: while a table is filled its statistics say that it is empty.
create or replace function app.offered_elsewhere(ids uuid[]) returns setof uuid
language sql stable security definer set search_path = pg_catalog set enable_nestloop = off set enable_seqscan = on as $$
  select distinct v.id from public.vacancies v join public.vacancies o
    on o.employer = v.employer and o.title = v.title and o.workplace_id = v.workplace_id and o.wage_lo = v.wage_lo
       and o.wage_hi = v.wage_hi
  where v.id = any (ids) and v.poster_id = (select nullif(c[3], '')::uuid from app.context() c)
    and o.poster_id <> v.poster_id and o.state = 'open' and o.valid_until >= current_date and o.filled < o.headcount
$$;
revoke all on function app.offered_elsewhere(uuid[]) from public;
grant execute on function app.offered_elsewhere(uuid[]) to rt_station, rt_destination, rt_employer, rt_coordinator;
