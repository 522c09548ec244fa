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
end $$;

-- Public reference data: everybody reads, nobody at run time writes. (The short list without row security.)
grant select on divisions, former_names, places, key_counties, occupations, minimum_wages, scoring_profiles
  to rt_station, rt_destination, rt_employer, rt_coordinator, rt_worker, rt_operator, rt_auditor, rt_engine, rt_visitor,
     rt_door;
-- pairings: everybody's reference; a coordinator keeps those of which a party lies in its division, in its own name.
alter table pairings enable row level security;
alter table pairings force row level security;
grant select on pairings to rt_station, rt_destination, rt_employer, rt_coordinator, rt_worker, rt_operator, rt_auditor,
  rt_engine, rt_visitor, rt_door;
grant insert, update on pairings to rt_coordinator;
create policy anybody on pairings for select
  to rt_station, rt_destination, rt_employer, rt_coordinator, rt_worker, rt_operator, rt_auditor, rt_engine, rt_visitor,
     rt_door
  using ((select app.ctx_acts()));
create policy own_side_new on pairings for insert to rt_coordinator
  with check (recorded_by = (select app.ctx_organisation('coordinator'))
    and ((west_code >= (select app.ctx_area_from('coordinator')) and west_code <= (select app.ctx_area_to('coordinator')))
      or (east_code >= (select app.ctx_area_from('coordinator')) and east_code <= (select app.ctx_area_to('coordinator')))));
create policy own_side_changed on pairings for update to rt_coordinator
  using ((west_code >= (select app.ctx_area_from('coordinator')) and west_code <= (select app.ctx_area_to('coordinator')))
      or (east_code >= (select app.ctx_area_from('coordinator')) and east_code <= (select app.ctx_area_to('coordinator'))))
  with check (recorded_by = (select app.ctx_organisation('coordinator'))
    and ((west_code >= (select app.ctx_area_from('coordinator')) and west_code <= (select app.ctx_area_to('coordinator')))
      or (east_code >= (select app.ctx_area_from('coordinator')) and east_code <= (select app.ctx_area_to('coordinator')))));
create policy rules on pairings to eastwest_owner using (true);

-- shocks: offices and the engine read; a coordinator keeps those of its division, in its own name.
alter table shocks enable row level security;
alter table shocks force row level security;
grant select on shocks to rt_station, rt_destination, rt_coordinator, rt_auditor, rt_engine;
grant insert, update on shocks to rt_coordinator;
create policy offices on shocks for select to rt_station, rt_destination, rt_coordinator, rt_auditor, rt_engine
  using ((select app.ctx_acts()));
create policy own_side_new on shocks for insert to rt_coordinator
  with check (recorded_by = (select app.ctx_organisation('coordinator'))
    and division_code >= (select app.ctx_area_from('coordinator'))
    and division_code <= (select app.ctx_area_to('coordinator')));
create policy own_side_changed on shocks for update to rt_coordinator
  using (division_code >= (select app.ctx_area_from('coordinator'))
    and division_code <= (select app.ctx_area_to('coordinator')))
  with check (recorded_by = (select app.ctx_organisation('coordinator'))
    and division_code >= (select app.ctx_area_from('coordinator'))
    and division_code <= (select app.ctx_area_to('coordinator')));

-- A list or a form names new public places; an existing one is never changed.
grant insert on places to rt_station, rt_destination, rt_employer, rt_coordinator;

-- organisations: one's own; for a coordinator those of the region; all of them for operator and auditor (no person stands in them).
-- The door takes in an employer that nobody has approved; all else goes through functions.
alter table organisations enable row level security;
alter table organisations force row level security;
grant select on organisations to rt_station, rt_destination, rt_employer, rt_coordinator, rt_operator, rt_auditor, rt_door;
grant insert on organisations to rt_door;
create policy own_station on organisations for select to rt_station
  using (id = (select app.ctx_organisation('station')));
create policy own_destination on organisations for select to rt_destination
  using (id = (select app.ctx_organisation('destination')));
create policy own_employer on organisations for select to rt_employer
  using (id = (select app.ctx_organisation('employer')));
create policy in_our_region on organisations for select to rt_coordinator
  using (division_code like (select app.ctx_region('coordinator')));
create policy operator_reads on organisations for select to rt_operator using ((select app.ctx_is('operator')));
create policy auditor_reads on organisations for select to rt_auditor using ((select app.ctx_is('auditor')));
create policy door_reads on organisations for select to rt_door using ((select app.ctx_is('door')));
create policy door_registers on organisations for insert to rt_door
  with check (kind = 'employer' and approved_at is null and (select app.ctx_is('door')));
create policy rules on organisations to eastwest_owner using (true);

-- users: whoever looks after the organisation's staff, the auditor, oneself; the door. Role and leaving go through functions.
alter table users enable row level security;
alter table users force row level security;
grant select on users to rt_station, rt_destination, rt_employer, rt_coordinator, rt_operator, rt_auditor, rt_door;
grant insert on users to rt_door;
create policy myself on users for select to rt_station, rt_operator using (id = (select app.ctx_user()));
create policy staff_station on users for select to rt_station
  using (organisation_id = (select app.ctx_manages('station')));
create policy staff_destination on users for select to rt_destination
  using (organisation_id = (select app.ctx_manages('destination')));
create policy staff_employer on users for select to rt_employer
  using (organisation_id = (select app.ctx_manages('employer')));
create policy staff_authority on users for select to rt_coordinator
  using (organisation_id = (select app.ctx_manages('coordinator')));
create policy auditor_reads on users for select to rt_auditor using ((select app.ctx_is('auditor')));
create policy door_reads on users for select to rt_door using ((select app.ctx_is('door')));
create policy door_adds on users for insert to rt_door with check ((select app.ctx_is('door')) and state = 'active');
create policy rules on users to eastwest_owner using (true);

-- passwords, attempts to sign in: the door alone.
alter table passwords enable row level security;
alter table passwords force row level security;
grant select, insert, update on passwords to rt_door;
create policy door on passwords to rt_door using ((select app.ctx_is('door'))) with check ((select app.ctx_is('door')));
create policy rules on passwords to eastwest_owner using (true);
alter table sign_in_attempts enable row level security;
alter table sign_in_attempts force row level security;
grant select, insert, update, delete on sign_in_attempts to rt_door;
create policy door on sign_in_attempts to rt_door
  using ((select app.ctx_is('door'))) with check ((select app.ctx_is('door')));

-- tokens: the door makes and ends sessions; app.actor_of_token answers for one hash; closed to everybody else.
alter table tokens enable row level security;
alter table tokens force row level security;
grant select, insert, update on tokens to rt_door;
create policy sessions on tokens to rt_door using ((select app.ctx_is('door'))) with check ((select app.ctx_is('door')));
create policy door on tokens to eastwest_owner using (true);

-- api_keys, invitations: whoever looks after the organisation's staff. A head's place is granted by two persons, and so
-- is a coordinator's (app.grant_place). Operator and auditor read; the door finds an invitation by its code.
alter table api_keys enable row level security;
alter table api_keys force row level security;
alter table invitations enable row level security;
alter table invitations force row level security;
do $$
declare a text;
begin
  foreach a in array array['station', 'destination', 'employer', 'coordinator'] loop
    execute format('grant select, insert on api_keys to rt_%s', a);
    execute format('create policy ours_%s on api_keys for select to rt_%s
                      using (organisation_id = (select app.ctx_manages(%L)))', a, a, a);
    execute format('create policy new_%s on api_keys for insert to rt_%s
                      with check (organisation_id = (select app.ctx_manages(%L)) and role = %L
                                  and made_by = (select app.ctx_person()))', a, a, a, a);
    execute format('grant select on invitations to rt_%s', a);
    execute format('create policy ours_%s on invitations for select to rt_%s
                      using (organisation_id = (select app.ctx_manages(%L)))', a, a, a);
  end loop;
  foreach a in array array['station', 'destination', 'employer'] loop
    execute format('grant insert on invitations to rt_%s', a);
    execute format('create policy new_%s on invitations for insert to rt_%s
                      with check (organisation_id = (select app.ctx_manages(%L)) and role = %L
                                  and invited_by = (select app.ctx_person()))', a, a, a, a);
  end loop;
end $$;
grant select on api_keys to rt_operator, rt_auditor;
create policy operator_reads on api_keys for select to rt_operator using ((select app.ctx_is('operator')));
create policy auditor_reads on api_keys for select to rt_auditor using ((select app.ctx_is('auditor')));
create policy rules on api_keys to eastwest_owner using (true);
grant select on invitations to rt_auditor, rt_door;
grant update on invitations to rt_door;
create policy auditor_reads on invitations for select to rt_auditor using ((select app.ctx_is('auditor')));
create policy door_reads on invitations for select to rt_door using ((select app.ctx_is('door')));
create policy door_takes_up on invitations for update to rt_door using ((select app.ctx_is('door')));
create policy rules on invitations to eastwest_owner using (true);

-- approvals: the head of the station that asked, the operator who asked, the region's coordinators, the auditor. Changed
-- by functions only.
alter table approvals enable row level security;
alter table approvals force row level security;
grant select on approvals to rt_station, rt_coordinator, rt_operator, rt_auditor;
create policy mine on approvals for select to rt_operator
  using (asked_by = (select app.ctx_person()) and (select app.ctx_is('operator')));
create policy ours_station on approvals for select to rt_station
  using (organisation_id = (select app.ctx_manages('station')));
create policy in_our_region on approvals for select to rt_coordinator
  using (division_code like (select app.ctx_region('coordinator')));
create policy auditor_reads on approvals for select to rt_auditor using ((select app.ctx_is('auditor')));
create policy rules on approvals to eastwest_owner using (true);

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
-- what the worker corrects personally, and that it is the worker's own word
grant update (name, skills_text, skills, phone_sealed, phone_index, own_word, version, updated_at) on workers
  to rt_worker;
create policy my_own_word on workers for update to rt_worker
  using (id = (select app.ctx_worker()))
  with check (id = (select app.ctx_worker()));
-- the worker's own door meets all records of the person who acts (own_door.sql)
create policy own_door on workers to eastwest_owner using (id = any ((select app.ctx_records())::uuid[]));

-- A definer function that was given a phone meets the workers who have it (codes.sql), and no others.
create policy by_phone on workers for select to eastwest_owner
  using (phone_index = (select app.asked_phone()));
-- One that works for a single worker meets that one (placements.sql).
create policy by_id on workers for select to eastwest_owner using (id = (select app.asked_worker()));
-- One that counts within a station meets that station's.
create policy by_station on workers for select to eastwest_owner using (station_id = (select app.asked_station()));

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

-- those that wait are read by the offices of the place of work, which decide by app.decide_vacancy.
create policy waiting_at_destination on vacancies for select to rt_destination
  using (state = 'pending' and workplace_code >= (select app.ctx_area_from('destination'))
         and workplace_code <= (select app.ctx_area_to('destination')));
create policy waiting_at_authority on vacancies for select to rt_coordinator
  using (state = 'pending' and workplace_code >= (select app.ctx_area_from('coordinator'))
         and workplace_code <= (select app.ctx_area_to('coordinator')));
create policy decision on vacancies for update to eastwest_owner using (state = 'pending') with check (true);
-- An acceptance takes a place, an end gives it back (placements.sql).
create policy places_taken on vacancies for select to eastwest_owner using (true);
create policy place_taken on vacancies for update to eastwest_owner using (state <> 'pending');

-- vacancy_contacts: the poster's alone,
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

-- and who accepted learns whom to call (app.accepted_job).
create policy accepted on vacancy_contacts for select to eastwest_owner using (true);

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
-- A person who goes takes along the kept copies of their rows and the files that hold them (app.forget_me).
create policy own_door on lists to eastwest_owner using (organisation_id = any ((select app.ctx_stations())::uuid[]));
create policy own_door on list_rows to eastwest_owner
  using (organisation_id = any ((select app.ctx_stations())::uuid[]));

-- A list that is taken back takes the workers along which it brought (app.take_back_workers).
create policy by_station on lists for select to eastwest_owner
  using (organisation_id = (select app.asked_station()));
create policy taken_back on workers for delete to eastwest_owner
  using (station_id = (select app.asked_station()));

-- suggestions: the station that serves the worker reads the current ones, the worker all; app.keep_suggestions writes.
alter table suggestions enable row level security;
alter table suggestions force row level security;
grant select on suggestions to rt_station, rt_worker;
create policy current_in_our_care on suggestions for select to rt_station
  using (station_id = (select app.ctx_organisation('station')) and current);
create policy myself on suggestions for select to rt_worker
  using (worker_id = (select app.ctx_worker()));
create policy rules on suggestions to eastwest_owner using (true);

-- market_changes: which vacancies changed, no more; app.tell_market writes, the engine reads.
alter table market_changes enable row level security;
alter table market_changes force row level security;
grant select on market_changes to rt_engine;
create policy follows on market_changes for select to rt_engine using ((select app.ctx_is('engine')));
create policy rules on market_changes to eastwest_owner using (true);

-- match_runs, match_results: `eastwest match` writes, as the owner; a station reads its workers', a worker their own.
alter table match_runs enable row level security;
alter table match_runs force row level security;
create policy rules on match_runs to eastwest_owner using (true);
alter table match_results enable row level security;
alter table match_results force row level security;
grant select on match_results to rt_station, rt_worker;
create policy in_our_care on match_results for select to rt_station
  using (station_id = (select app.ctx_organisation('station')));
create policy myself on match_results for select to rt_worker
  using (worker_id = (select app.ctx_worker()));
create policy rules on match_results to eastwest_owner using (true);

-- declines: the worker's own; the engine leaves the pair out. Nobody else, and no function either (SECURITY T4).
alter table declines enable row level security;
alter table declines force row level security;
grant select, insert, delete on declines to rt_worker;
grant select on declines to rt_engine;
create policy myself on declines to rt_worker
  using (worker_id = (select app.ctx_worker()))
  with check (worker_id = (select app.ctx_worker()));
create policy left_out on declines for select to rt_engine using ((select app.ctx_is('engine')));

-- placements: written by the functions of placements.sql alone. What was over before acceptance, for whatever reason, is
-- the worker's to see and nobody else's; what is held no employer meets.
alter table placements enable row level security;
alter table placements force row level security;
grant select on placements to rt_worker, rt_station, rt_employer, rt_destination, rt_auditor;
create policy myself on placements for select to rt_worker using (worker_id = (select app.ctx_worker()));
create policy in_our_care on placements for select to rt_station
  using (station_id = (select app.ctx_organisation('station')) and state <> 'closed');
create policy said_yes_to_us on placements for select to rt_employer
  using (employer_id = (select app.ctx_organisation('employer')) and state <> 'closed' and state <> 'held');
create policy arrivals on placements for select to rt_destination
  using (destination_id = (select app.ctx_organisation('destination')));
create policy auditor_reads on placements for select to rt_auditor
  using (state <> 'closed' and (select app.ctx_is('auditor')));
create policy rules on placements to eastwest_owner using (true);

-- placement_ends: why the worker ended it, in the worker's own word, for the worker alone.
alter table placement_ends enable row level security;
alter table placement_ends force row level security;
grant select, insert on placement_ends to rt_worker;
create policy myself on placement_ends to rt_worker
  using (worker_id = (select app.ctx_worker()))
  with check (worker_id = (select app.ctx_worker()));

-- placed_persons: hidden, as persons are.
alter table placed_persons enable row level security;
alter table placed_persons force row level security;
create policy rules on placed_persons to eastwest_owner using (true);

-- papers: the station that took them, for the sample; the auditor.
alter table papers enable row level security;
alter table papers force row level security;
grant select, insert on papers to rt_station;
grant select on papers to rt_auditor;
create policy ours on papers for select to rt_station using (station_id = (select app.ctx_organisation('station')));
create policy taken_now on papers for insert to rt_station
  with check (station_id = (select app.ctx_organisation('station')) and taken_at = now()
              and taken_by = (select app.ctx_token()));
create policy auditor_reads on papers for select to rt_auditor using ((select app.ctx_is('auditor')));
create policy rules on papers for select to eastwest_owner using (true);
create policy own_door on papers for delete to eastwest_owner
  using (station_id = any ((select app.ctx_stations())::uuid[]));

-- answer_checks: the station that is asked, and the auditor; app.decide_check answers.
alter table answer_checks enable row level security;
alter table answer_checks force row level security;
grant select on answer_checks to rt_station, rt_auditor;
create policy ours on answer_checks for select to rt_station
  using (station_id = (select app.ctx_organisation('station')));
create policy auditor_reads on answer_checks for select to rt_auditor using ((select app.ctx_is('auditor')));
create policy rules on answer_checks to eastwest_owner using (true);

-- complaints: the worker's own ones; the destination station sees the cases it was given, the authority those of its
-- place; which of the two must answer reads the words once it is in hand, by app.complaint_words, and whom to call, by
-- app.complainant; the auditor reads all. The worker's own station sees none.
alter table complaints enable row level security;
alter table complaints force row level security;
grant insert (id, kind, worker_id, words_sealed, vacancy_id, division_code, side, repeat_key) on complaints
  to rt_worker;
grant select (id, kind, worker_id, words_sealed, vacancy_id, division_code, side, state, answer_sealed, received_on,
              changed_at, version) on complaints to rt_worker;
grant select (id, kind, vacancy_id, division_code, side, assigned_to, state, answer_sealed, received_on,
              changed_at, version) on complaints to rt_destination;
grant select (id, kind, vacancy_id, division_code, side, assigned_to, overseen_by, state, answer_sealed, received_on,
              changed_at, version) on complaints to rt_coordinator;
grant select on complaints to rt_auditor;
grant update (state, answer_sealed, changed_at, version) on complaints to rt_destination, rt_coordinator;
create policy mine on complaints for select to rt_worker
  using (worker_id = (select app.ctx_worker()));
create policy my_word on complaints for insert to rt_worker
  with check (coalesce(worker_id, (select app.ctx_worker())) = (select app.ctx_worker()));
create policy given_to_us on complaints for select to rt_destination
  using (assigned_to = (select app.ctx_organisation('destination')));
create policy answered_by_us on complaints for update to rt_destination
  using (assigned_to = (select app.ctx_organisation('destination')))
  with check (assigned_to = (select app.ctx_organisation('destination')));
create policy of_our_place on complaints for select to rt_coordinator
  using (overseen_by = (select app.ctx_organisation('coordinator')));
create policy answered_for_our_place on complaints for update to rt_coordinator
  using (overseen_by = (select app.ctx_organisation('coordinator')) and assigned_to is null)
  with check (overseen_by = (select app.ctx_organisation('coordinator')));
create policy auditor_reads on complaints for select to rt_auditor using ((select app.ctx_is('auditor')));
-- (a row must stay in sight of who changes it: the nameless ones it makes are)
create policy own_door on complaints to eastwest_owner
  using (worker_id is null or worker_id = any ((select app.ctx_records())::uuid[]))
  with check (worker_id is null);
create policy to_answer on complaints for select to eastwest_owner
  using (overseen_by = (select app.ctx_organisation('coordinator')));
create policy given_to_answer on complaints for select to eastwest_owner
  using (assigned_to = (select app.ctx_organisation('destination')));

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

-- audit_entries: everybody adds in their own name, at the database's time, and so does sign-in; the auditor reads; a
-- worker reads what concerns them.
alter table audit_entries enable row level security;
alter table audit_entries force row level security;
grant insert on audit_entries
  to rt_station, rt_destination, rt_employer, rt_coordinator, rt_worker, rt_operator, rt_auditor, rt_door;
grant select on audit_entries to rt_auditor, rt_worker;
create policy in_own_name on audit_entries for insert
  to rt_station, rt_destination, rt_employer, rt_coordinator, rt_worker, rt_operator, rt_auditor, rt_door
  with check (concat_ws('|', role, coalesce(organisation_id::text, ''), coalesce(token_id::text, ''))
                = (select app.ctx_signature()) and at = now() and user_id is not distinct from (select app.ctx_user()));
create policy auditor_reads on audit_entries for select to rt_auditor using ((select app.ctx_is('auditor')));
create policy about_me on audit_entries for select to rt_worker
  using (worker_id = any ((select app.ctx_records())::uuid[]));
-- the chore that raises alarms counts looks in the owner's name (app.raise_alarms)
create policy counted on audit_entries for select to eastwest_owner using (true);

-- audit_seals: added by the chore, in the auditor's audience; never altered; read by the auditor.
alter table audit_seals enable row level security;
alter table audit_seals force row level security;
grant select, insert on audit_seals to rt_auditor;
create policy auditor_reads on audit_seals for select to rt_auditor using ((select app.ctx_is('auditor')));
create policy sealed on audit_seals for insert to rt_auditor
  with check ((select app.ctx_is('auditor')) and sealed_at = now());

-- alarms: the station's head and the auditor read; app.raise_alarms adds.
alter table alarms enable row level security;
alter table alarms force row level security;
grant select on alarms to rt_station, rt_auditor;
create policy heads on alarms for select to rt_station using (organisation_id = (select app.ctx_manages('station')));
create policy auditor_reads on alarms for select to rt_auditor using ((select app.ctx_is('auditor')));
create policy raised on alarms to eastwest_owner using (true);

-- exports: asked for in one's own name, seen by the station and the auditor; app.decide_export and app.fetch_export
-- move them on.
alter table exports enable row level security;
alter table exports force row level security;
grant select on exports to rt_station, rt_auditor;
grant insert on exports to rt_station;
create policy ours on exports for select to rt_station
  using (organisation_id = (select app.ctx_organisation('station')));
create policy asked on exports for insert to rt_station
  with check (organisation_id = (select app.ctx_organisation('station')) and asked_by = (select app.ctx_person())
              and asked_token = (select app.ctx_token()) and asked_at = now()
              and decided_by is null and expires_at is null);  -- undecided: asked, as a check says
create policy auditor_reads on exports for select to rt_auditor using ((select app.ctx_is('auditor')));
create policy moved_on on exports to eastwest_owner using (true);

-- messages, codes, the door's counts, phones, devices: the door's, who signs people in and sends what was ordered.
-- Everybody else asks the functions of codes.sql.
do $$
declare t text;
begin
  foreach t in array array['messages', 'codes', 'door_counts', 'phones', 'devices', 'device_uses'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('grant select, insert, update on %I to rt_door', t);
    execute format('create policy door on %I to rt_door using ((select app.ctx_is(%L)))
                      with check ((select app.ctx_is(%L)))', t, 'door', 'door');
    if t <> 'devices' then  -- no function of codes.sql needs it
      execute format('create policy rules on %I to eastwest_owner using (true)', t);
    end if;
  end loop;
end $$;

-- figures: a station counts itself; coordinators and the auditor add up.
alter table figures enable row level security;
alter table figures force row level security;
grant select, insert, delete on figures to rt_station;
grant select on figures to rt_coordinator, rt_auditor;
create policy ours on figures to rt_station
  using (station_id = (select app.ctx_organisation('station')))
  with check (station_id = (select app.ctx_organisation('station')));
create policy added_up on figures for select to rt_coordinator using ((select app.ctx_is('coordinator')));
create policy auditor_reads on figures for select to rt_auditor using ((select app.ctx_is('auditor')));

-- counted_twice: the engine counts over all stations, which never learn of each other's; who adds up reads.
alter table counted_twice enable row level security;
alter table counted_twice force row level security;
grant select, insert, delete on counted_twice to rt_engine;
grant select on counted_twice to rt_coordinator, rt_auditor;
create policy kept on counted_twice to rt_engine
  using ((select app.ctx_is('engine'))) with check ((select app.ctx_is('engine')));
create policy taken_off on counted_twice for select to rt_coordinator using ((select app.ctx_is('coordinator')));
create policy auditor_reads on counted_twice for select to rt_auditor using ((select app.ctx_is('auditor')));
grant select (id, worker_id, vacancy_id, rank, current) on suggestions to rt_engine;
create policy counted on suggestions for select to rt_engine using (current and (select app.ctx_is('engine')));

-- What planning reads of people, as the engine and for no answer of its own: who consents, wants what and can do what.
-- No name, no number, no phone, no address.
grant select (id, station_id, birth_date, home_id, home_code, groups, skills, certificates, labour_ability,
              employment_status) on workers to rt_engine;
create policy planned on workers for select to rt_engine using ((select app.ctx_is('engine')));
grant select (worker_id, station_id, willing_to_go_out, occupations, destinations, not_destinations, scope, min_wage,
              reach_km, reach_is_limit, available_from, in_work_asks) on intentions to rt_engine;
create policy planned on intentions for select to rt_engine using ((select app.ctx_is('engine')));
grant select (id, worker_id, station_id, purpose, withdrawn_at) on consents to rt_engine;
create policy planned on consents for select to rt_engine using ((select app.ctx_is('engine')));
grant select (id, worker_id, station_id, vacancy_id, state, updated_at) on placements to rt_engine;
create policy planned on placements for select to rt_engine using ((select app.ctx_is('engine')));
grant select (worker_id, person_id, holds) on person_records to rt_engine;
create policy planned on person_records for select to rt_engine using ((select app.ctx_is('engine')));

-- plans: the office that ordered them; counts only.
alter table plans enable row level security;
alter table plans force row level security;
grant select, insert, update on plans to rt_station, rt_coordinator;
create policy ours_station on plans to rt_station
  using (organisation_id = (select app.ctx_organisation('station')))
  with check (organisation_id = (select app.ctx_organisation('station')));
create policy ours_coordinator on plans to rt_coordinator
  using (organisation_id = (select app.ctx_organisation('coordinator')))
  with check (organisation_id = (select app.ctx_organisation('coordinator')));

-- assignments: the engine adds them; the station that cares for the worker decides; a worker reads what was published.
alter table assignments enable row level security;
alter table assignments force row level security;
grant select, insert, delete on assignments to rt_engine;
grant select on assignments to rt_station, rt_worker;
grant update (vacancy_id, score, price, overridden, override_reason, published) on assignments to rt_station;
create policy planned on assignments to rt_engine
  using ((select app.ctx_is('engine'))) with check ((select app.ctx_is('engine')));
create policy in_our_care on assignments to rt_station
  using (station_id = (select app.ctx_organisation('station')))
  with check (station_id = (select app.ctx_organisation('station')));
create policy myself on assignments for select to rt_worker
  using (worker_id = (select app.ctx_worker()) and published);

-- opening_prices: the engine keeps them; whoever is shown jobs in their order reads them.
alter table opening_prices enable row level security;
alter table opening_prices force row level security;
grant select, insert, update, delete on opening_prices to rt_engine;
grant select on opening_prices to rt_station, rt_worker, rt_coordinator;
create policy kept on opening_prices to rt_engine
  using ((select app.ctx_is('engine'))) with check ((select app.ctx_is('engine')));
create policy weighed on opening_prices for select to rt_station, rt_worker, rt_coordinator
  using ((select app.ctx_acts()));

-- gone_before: the engine counts, from placements at vacancies that may be closed by now; whoever is shown jobs reads.
alter table gone_before enable row level security;
alter table gone_before force row level security;
grant select, insert, delete on gone_before to rt_engine;
grant select on gone_before to rt_station, rt_worker;
create policy kept on gone_before to rt_engine
  using ((select app.ctx_is('engine'))) with check ((select app.ctx_is('engine')));
create policy told on gone_before for select to rt_station, rt_worker using ((select app.ctx_acts()));
create policy closed_since on vacancies for select to rt_engine
  using (state = 'closed' and (select app.ctx_is('engine')));

-- crowding: shares of the whole market, a metric; the engine keeps them, offices read.
alter table crowding enable row level security;
alter table crowding force row level security;
grant select, insert, delete on crowding to rt_engine;
grant select on crowding to rt_station, rt_coordinator;
create policy kept on crowding to rt_engine
  using ((select app.ctx_is('engine'))) with check ((select app.ctx_is('engine')));
create policy told on crowding for select to rt_station, rt_coordinator using ((select app.ctx_acts()));

-- vacancy_fills: the engine keeps them; the vacancy's poster reads.
alter table vacancy_fills enable row level security;
alter table vacancy_fills force row level security;
grant select, insert, update, delete on vacancy_fills to rt_engine;
grant select on vacancy_fills to rt_station, rt_destination, rt_employer, rt_coordinator;
create policy kept on vacancy_fills to rt_engine
  using ((select app.ctx_is('engine'))) with check ((select app.ctx_is('engine')));
create policy own_station on vacancy_fills for select to rt_station
  using (poster_id = (select app.ctx_organisation('station')));
create policy own_destination on vacancy_fills for select to rt_destination
  using (poster_id = (select app.ctx_organisation('destination')));
create policy own_employer on vacancy_fills for select to rt_employer
  using (poster_id = (select app.ctx_organisation('employer')));
create policy own_authority on vacancy_fills for select to rt_coordinator
  using (poster_id = (select app.ctx_organisation('coordinator')));

-- companions: the station takes down who asks to go together; the worker reads the own wish; planning keeps to it.
alter table companions enable row level security;
alter table companions force row level security;
grant select, insert, delete on companions to rt_station;
grant select on companions to rt_worker, rt_engine;
create policy in_our_care on companions to rt_station
  using (station_id = (select app.ctx_organisation('station')))
  with check (station_id = (select app.ctx_organisation('station')));
create policy myself on companions for select to rt_worker using (worker_id = (select app.ctx_worker()));
create policy planned on companions for select to rt_engine using ((select app.ctx_is('engine')));
