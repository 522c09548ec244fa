-- The queue of background jobs: eastwest_jobs keeps it; requests may only add, in the name their context proves.
grant usage on schema jobs to eastwest_jobs;
grant select, insert, update, delete on all tables in schema jobs to eastwest_jobs;
grant usage on all sequences in schema jobs to eastwest_jobs;

-- The job's arguments name the actor from the signed context, so a job cannot be ordered in another's name.
create or replace function app.enqueue(task text, subject uuid) returns void
language plpgsql security definer set search_path = jobs, pg_catalog as $$
declare
  who text[] := app.context();
begin
  if who is null or task not in ('read_list', 'store_list', 'make_plan', 'serve_station') then
    raise exception 'no such job for this caller' using errcode = '42501';
  end if;
  perform procrastinate_defer_jobs_v1(array[row(case when task in ('make_plan', 'serve_station') then 'plans' else 'lists' end, task, 0, null, task || ':' || subject,
    jsonb_build_object('subject', subject, 'role', who[2], 'organisation', nullif(who[3], ''),
                       'division', nullif(who[4], ''), 'worker', nullif(who[5], ''), 'token', nullif(who[6], '')),
    null)::procrastinate_job_to_defer_v1]);
end $$;
revoke all on function app.enqueue(text, uuid) from public;
grant execute on function app.enqueue(text, uuid) to rt_station, rt_destination, rt_employer, rt_coordinator;

-- What is kept for a time goes when it is over: lists with their files, rows and problems; answers to repeated requests.
create or replace function app.forget_kept() returns void
language sql security definer set search_path = pg_catalog as $$
  delete from public.lists where keep_until < now();
  delete from public.idempotent_answers where until < now();
  delete from public.codes where created_at < now() - interval '2 days';
  delete from public.door_counts where slot < now() - interval '1 day';
  update public.messages set number = null, phone_sealed = null, words_sealed = null, text_sealed = null,
    state = case state when 'queued' then 'failed' else state end
    where created_at < now() - interval '7 days' and (number, phone_sealed, words_sealed, text_sealed) is distinct from
      (null::bytea, null::bytea, null::bytea, null::bytea);
  delete from public.messages
    where created_at < now() - case state when 'dropped' then interval '2 days' else interval '90 days' end;
$$;
revoke all on function app.forget_kept() from public;
grant usage on schema app to eastwest_jobs;
grant execute on function app.forget_kept() to eastwest_jobs;
