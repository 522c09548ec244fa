-- Who may see a row: one paragraph a table, read top to bottom. Re-applied after every upgrade.
-- Rights are granted here and nowhere else; a table without a paragraph is closed to every runtime role.
do $$
declare t record;
begin
  for t in select c.oid::regclass as name from pg_class c where c.relnamespace = 'public'::regnamespace
           and c.relkind in ('r', 'p') and pg_get_userbyid(c.relowner) = 'eastwest_owner' loop
    execute format('revoke all on %s from public, eastwest_app, rt_station, rt_destination, rt_employer, '
                   'rt_coordinator, rt_worker, rt_operator, rt_auditor, rt_engine, rt_visitor, rt_door', t.name);
  end loop;
  for t in select schemaname, tablename, policyname from pg_policies where schemaname = 'public' loop
    execute format('drop policy %I on %I.%I', t.policyname, t.schemaname, t.tablename);
  end loop;
end $$;

-- Public reference data: everybody reads, nobody at run time writes. (The short list without row security.)
grant select on divisions, former_names, places, key_counties, pairings, occupations, minimum_wages, scoring_profiles
  to rt_station, rt_destination, rt_employer, rt_coordinator, rt_worker, rt_operator, rt_auditor, rt_engine, rt_visitor,
     rt_door;
-- A list or a form names new public places; an existing one is never changed.
grant insert on places to rt_station, rt_destination, rt_employer, rt_coordinator;

-- organisations: one's own.
alter table organisations enable row level security;
alter table organisations force row level security;
grant select on organisations to rt_station, rt_destination, rt_employer, rt_coordinator;
create policy own_station on organisations for select to rt_station
  using (id = (select app.ctx_organisation('station')));
create policy own_destination on organisations for select to rt_destination
  using (id = (select app.ctx_organisation('destination')));
create policy own_employer on organisations for select to rt_employer
  using (id = (select app.ctx_organisation('employer')));
create policy own_authority on organisations for select to rt_coordinator
  using (id = (select app.ctx_organisation('coordinator')));

create policy rules on organisations to eastwest_owner using (true);

-- tokens: closed; app.actor_of_token answers for one hash.
alter table tokens enable row level security;
alter table tokens force row level security;
create policy door on tokens to eastwest_owner using (true);

-- workers: a station sees and changes only the workers in its care; a worker sees their own record.
alter table workers enable row level security;
alter table workers force row level security;
grant select, insert, update on workers to rt_station;
grant select on workers to rt_worker;
create policy in_our_care on workers to rt_station
  using (station_id = (select app.ctx_organisation('station')))
  with check (station_id = (select app.ctx_organisation('station')));
create policy myself on workers for select to rt_worker
  using (id = (select app.ctx_worker()));

-- intentions: as workers; the worker may change their own.
alter table intentions enable row level security;
alter table intentions force row level security;
grant select, insert, update on intentions to rt_station;
grant select, update on intentions to rt_worker;
create policy in_our_care on intentions to rt_station
  using (station_id = (select app.ctx_organisation('station')))
  with check (station_id = (select app.ctx_organisation('station')));
create policy myself on intentions to rt_worker
  using (worker_id = (select app.ctx_worker()))
  with check (worker_id = (select app.ctx_worker()));

-- consents: a station sees only live ones (withdrawn looks like never given) and adds only signed papers. Nobody
-- updates one: app.withdraw_consent stamps it.
alter table consents enable row level security;
alter table consents force row level security;
grant select, insert on consents to rt_station;
grant select, insert on consents to rt_worker;
create policy live_in_our_care on consents for select to rt_station
  using (station_id = (select app.ctx_organisation('station')) and withdrawn_at is null);
create policy from_paper on consents for insert to rt_station
  with check (station_id = (select app.ctx_organisation('station')) and given_by = 'paper' and purpose = 'matching'
              and withdrawn_at is null and given_at = now() and coalesce(signed_on <= current_date, true));
create policy myself on consents for select to rt_worker
  using (worker_id = (select app.ctx_worker()));
create policy my_word on consents for insert to rt_worker
  with check (worker_id = (select app.ctx_worker()) and given_by = 'worker'
              and withdrawn_at is null and given_at = now());
create policy rules on consents to eastwest_owner using (true);

-- persons, person_records: hidden; only the owner's triggers touch them.
alter table persons enable row level security;
alter table persons force row level security;
create policy rules on persons to eastwest_owner using (true);
alter table person_records enable row level security;
alter table person_records force row level security;
create policy rules on person_records to eastwest_owner using (true);

-- vacancies: open ones are read by all who match or are matched; a poster sees and changes its own.
alter table vacancies enable row level security;
alter table vacancies force row level security;
grant select on vacancies to rt_station, rt_destination, rt_employer, rt_coordinator, rt_worker, rt_auditor, rt_engine;
grant insert, update on vacancies to rt_station, rt_destination, rt_employer, rt_coordinator;
create policy open_to_read on vacancies for select
  to rt_station, rt_destination, rt_coordinator, rt_worker, rt_auditor, rt_engine
  using (state = 'open' and (select app.ctx_acts()));
create policy own_station on vacancies to rt_station
  using (poster_id = (select app.ctx_organisation('station')))
  with check (poster_id = (select app.ctx_organisation('station')));
create policy own_destination on vacancies to rt_destination
  using (poster_id = (select app.ctx_organisation('destination')))
  with check (poster_id = (select app.ctx_organisation('destination')));
create policy own_employer on vacancies to rt_employer
  using (poster_id = (select app.ctx_organisation('employer')))
  with check (poster_id = (select app.ctx_organisation('employer')));
create policy own_authority on vacancies to rt_coordinator
  using (poster_id = (select app.ctx_organisation('coordinator')))
  with check (poster_id = (select app.ctx_organisation('coordinator')));

-- vacancy_contacts: the poster's alone.
alter table vacancy_contacts enable row level security;
alter table vacancy_contacts force row level security;
grant select, insert, update on vacancy_contacts to rt_station, rt_destination, rt_employer, rt_coordinator;
create policy own_station on vacancy_contacts to rt_station
  using (poster_id = (select app.ctx_organisation('station')))
  with check (poster_id = (select app.ctx_organisation('station')));
create policy own_destination on vacancy_contacts to rt_destination
  using (poster_id = (select app.ctx_organisation('destination')))
  with check (poster_id = (select app.ctx_organisation('destination')));
create policy own_employer on vacancy_contacts to rt_employer
  using (poster_id = (select app.ctx_organisation('employer')))
  with check (poster_id = (select app.ctx_organisation('employer')));
create policy own_authority on vacancy_contacts to rt_coordinator
  using (poster_id = (select app.ctx_organisation('coordinator')))
  with check (poster_id = (select app.ctx_organisation('coordinator')));

-- lists, their rows and problems: the organisation that posted them.
do $$
declare t text; a text;
begin
  foreach t in array array['lists', 'list_rows', 'list_problems'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    foreach a in array array['station', 'destination', 'employer', 'coordinator'] loop
      execute format('grant select, insert, update, delete on %I to rt_%s', t, a);
      execute format('create policy ours_%s on %I to rt_%s
                        using (organisation_id = (select app.ctx_organisation(%L)))
                        with check (organisation_id = (select app.ctx_organisation(%L)))', a, t, a, a, a);
    end loop;
  end loop;
end $$;

-- What is kept for a time goes when it is over (app.forget_kept): until then the owner does not meet it either.
create policy over on lists to eastwest_owner using (keep_until < now());

-- suggestions: the station that serves the worker, and the worker.
alter table suggestions enable row level security;
alter table suggestions force row level security;
grant select, insert, update on suggestions to rt_station;
grant select on suggestions to rt_worker;
create policy in_our_care on suggestions to rt_station
  using (station_id = (select app.ctx_organisation('station')))
  with check (station_id = (select app.ctx_organisation('station')));
create policy myself on suggestions for select to rt_worker
  using (worker_id = (select app.ctx_worker()));

-- idempotent_answers: the token's own.
alter table idempotent_answers enable row level security;
alter table idempotent_answers force row level security;
grant select, insert, update, delete on idempotent_answers
  to rt_station, rt_destination, rt_employer, rt_coordinator, rt_worker, rt_operator, rt_auditor;
create policy my_token on idempotent_answers
  to rt_station, rt_destination, rt_employer, rt_coordinator, rt_worker, rt_operator, rt_auditor
  using (token_id = (select app.ctx_token()))
  with check (token_id = (select app.ctx_token()));
create policy over on idempotent_answers to eastwest_owner using (until < now());

-- audit_entries: everybody adds in their own name, at the database's time; the auditor reads; a worker reads what
-- concerns them.
alter table audit_entries enable row level security;
alter table audit_entries force row level security;
grant insert on audit_entries
  to rt_station, rt_destination, rt_employer, rt_coordinator, rt_worker, rt_operator, rt_auditor;
grant select on audit_entries to rt_auditor, rt_worker;
create policy in_own_name on audit_entries for insert
  to rt_station, rt_destination, rt_employer, rt_coordinator, rt_worker, rt_operator, rt_auditor
  with check (concat_ws('|', role, coalesce(organisation_id::text, ''), coalesce(token_id::text, ''))
                = (select app.ctx_signature()) and at = now());
create policy auditor_reads on audit_entries for select to rt_auditor using ((select app.ctx_is('auditor')));
create policy about_me on audit_entries for select to rt_worker using (worker_id = (select app.ctx_worker()));
