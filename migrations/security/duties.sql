-- What offices owe, by the clocks of the duties alone: the app reads its own office's rows; these add what it cannot see.

-- Workers in the acting station's care who agreed to matching and were never offered anything, and since when. Not "who
-- has none now": that would change with an answer (SECURITY T5).
create or replace function app.waiting_for_first_three() returns table (worker_id uuid, since timestamptz)
language sql stable security definer set search_path = pg_catalog as $$
  select c.worker_id, min(c.given_at) from public.consents c
  where c.station_id = app.ctx_organisation('station') and c.purpose = 'matching' and c.withdrawn_at is null
    and not exists (select from public.suggestions s where s.worker_id = c.worker_id)
  group by c.worker_id
$$;
revoke all on function app.waiting_for_first_three() from public;
grant execute on function app.waiting_for_first_three() to rt_station;

-- For a coordinator how many duties of each kind fall due when, by office of its division: numbers, no rows.
create or replace function app.duties_by_office() returns table (office uuid, kind text, due date, duties bigint)
language sql stable security definer set search_path = pg_catalog as $$
  with offices as (
    select o.id, o.kind, o.division_code,
           case when o.division_code like '%0000' then left(o.division_code, 2) || '9999'
                when o.division_code like '%00' then left(o.division_code, 4) || '99' else o.division_code end as area_to
    from public.organisations o
    where o.division_code between app.ctx_area_from('coordinator') and app.ctx_area_to('coordinator')
      and o.kind in ('station', 'destination', 'authority')
  ),
  found (office, kind, due) as (
    select o.id, 'confirm_vacancy', (v.confirmed_at + interval '30 days')::date
    from offices o join public.vacancies v on v.poster_id = o.id
    where v.state = 'open' and v.valid_until >= current_date and v.filled < v.headcount
    union all
    select o.id, 'decide_vacancy', (v.updated_at + interval '3 days')::date
    from offices o join public.vacancies v on v.state = 'pending' and v.workplace_code between o.division_code and o.area_to
    where o.kind in ('destination', 'authority')
    union all
    select o.id, 'ask_employer', (p.disclosed_at + interval '5 days')::date
    from offices o join public.placements p on p.station_id = o.id
    where p.state = 'introduced'
    union all
    select o.id, 'first_three', (min(c.given_at) + interval '7 days')::date
    from offices o join public.consents c on c.station_id = o.id
    where c.purpose = 'matching' and c.withdrawn_at is null
      and not exists (select from public.suggestions s where s.worker_id = c.worker_id)
    group by o.id, c.worker_id
  )
  select f.office, f.kind, f.due, count(*) from found f where f.due <= current_date + 5 group by f.office, f.kind, f.due
$$;
revoke all on function app.duties_by_office() from public;
grant execute on function app.duties_by_office() to rt_coordinator;
